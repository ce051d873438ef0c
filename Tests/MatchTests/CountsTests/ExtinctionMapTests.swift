import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Match

/// Extinction over the sky, as a map gives it.
@Suite struct ExtinctionMapTests {
  @Test func slicesKeepTheMeanAndTheShape() {
    var rng = SplitMix64(seed: 5)
    for number in [1, 2, 7, 8, 9, 500] {
      let values = (0..<number).map { _ in (value: exp(rng.normal()), weight: rng.uniform(0.1, 3)) }
      let total = values.reduce(0) { $0 + $1.weight }
      let mean = values.reduce(0) { $0 + $1.value * $1.weight } / total
      let slices = ExtinctionMap.slices(values, most: 8)
      #expect(slices.count == (number == 1 ? 1 : 8))
      #expect(abs(slices.reduce(0, +) / Double(slices.count) / mean - 1) < 1e-12)
      #expect(zip(slices, slices.dropFirst()).allSatisfy { $0 <= $1 * (1 + 1e-12) })
    }
    #expect(ExtinctionMap.slices([(3, 1), (3, 2)], most: 8) == [3])
    #expect(ExtinctionMap.slices([], most: 8).isEmpty && ExtinctionMap.slices([(1, 0)], most: 8).isEmpty)
  }

  @Test func aPixelHasTheValuesInIt() throws {
    // Right ascension in thousandths: known everywhere, also below the pixels of the map.
    let map = try ExtinctionMap { $0.decDegrees > 60 ? .nan : $0.raDegrees / 100 }
    let pixel = HealpixPixel(order: 4, index: 900)
    let children = (Int64(0)..<256).map { HealpixPixel(order: 8, index: pixel.index * 256 + $0).center }
    let expected = children.reduce(0) { $0 + $1.raDegrees / 100 } / 256
    let all = try #require(try map.distribution(in: pixel) { _ in 1 })
    #expect(abs(all.meanAV - expected) < 1e-5 && all.values.count == 64)
    // Only a sixteenth of it is covered.
    let part = HealpixPixel(order: 6, index: pixel.index * 16 + 5)
    let some = try #require(try map.distribution(in: pixel) { $0 == part ? 0.3 : 0 })
    let own = (Int64(0)..<16).reduce(0.0) {
      $0 + HealpixPixel(order: 8, index: part.index * 16 + $1).center.raDegrees / 1600
    }
    #expect(abs(some.meanAV - own) < 1e-5)
    // Finer than the map, coarser than it, and where it has nothing.
    #expect(try map.distribution(in: HealpixPixel(order: 9, index: part.index * 64)) { _ in 0 }?.meanAV == some.meanAV)
    #expect(try map.distribution(in: HealpixPixel(order: 0, index: 5)) { _ in 1 } != nil)
    let pole = try #require(SkyPosition(raDegrees: 10, decDegrees: 89))
    #expect(try map.distribution(in: HealpixPixel(containing: pole, order: 4)) { _ in 1 } == nil)
    #expect(try ExtinctionMap(payload: map.payload) == map)
  }

  @Test(arguments: [-0.1, 1001, .infinity])
  func whatIsNoExtinctionIsRefused(value: Double) {
    #expect(throws: CountsError.self) { try ExtinctionMap { _ in value } }
    #expect(throws: CountsError.self) { try ExtinctionMap { _ in .nan } }
  }

  @Test func changedBytesAreRefusedOrRead() throws {
    let payload = try ExtinctionMap { $0.decDegrees > 88 ? 1 : .nan }.payload
    var rng = SplitMix64(seed: 3)
    for _ in 0..<200 {
      var bytes = payload
      bytes[rng.below(bytes.count)] = UInt8(rng.below(256))
      if rng.uniform() < 0.2 { bytes.removeLast(1 + rng.below(20)) }
      guard let map = try? ExtinctionMap(payload: bytes) else { continue }
      _ = try map.distribution(in: HealpixPixel(order: 2, index: 3)) { _ in 1 }
    }
  }

  /// The report's failure at the Galactic centre: one mean extinction makes the counts too faint, the distribution does not.
  @Test func patchyDustAtTheGalacticCentreIsNotItsMean() throws {
    // Clouds: ln A_V varies by 0.67 from place to place.
    let centre = try #require(SkyPosition(raDegrees: 266.4, decDegrees: -28.9))
    let map = try ExtinctionMap { position in
      var rng = SplitMix64(seed: UInt64(HealpixPixel(containing: position, order: 8).index))
      return 20 * exp(0.67 * rng.normal() - 0.67 * 0.67 / 2)
    }
    let pixel = HealpixPixel(containing: centre, order: 4)
    let dust = try #require(try map.distribution(in: pixel) { _ in 1 })
    let (stars, direction) = (try StarCounts(band: Bands.band("gaia", "G")), GalacticDirection(pixel.center))
    func brighter(_ extinction: ExtinctionDistribution, than limit: Double) throws -> Double {
      try stars.counts(in: direction, extinction: extinction, on: .ofCounts).sourcesPerDeg2(from: 4, to: limit)
    }
    // The truth: the stars behind each of the 256 clouds.
    let clouds = try (Int64(0)..<256).map { number -> ExtinctionDistribution in
      let cloud = HealpixPixel(order: 8, index: pixel.index * 256 + number)
      var rng = SplitMix64(seed: UInt64(cloud.index))
      return try ExtinctionDistribution(uniform: 20 * exp(0.67 * rng.normal() - 0.67 * 0.67 / 2))
    }
    let truth = try ExtinctionDistribution(values: clouds.map(\.meanAV))
    #expect(abs(dust.meanAV / truth.meanAV - 1) < 1e-5)
    for limit in [17.0, 19, 21] {
      let right = try brighter(truth, than: limit)
      let (found, mean) = (
        try brighter(dust, than: limit) / right,
        try brighter(ExtinctionDistribution(uniform: truth.meanAV), than: limit) / right
      )
      print("Galactic centre, G < \(limit): map \(found), one mean extinction \(mean)")
      #expect(abs(found - 1) < 0.02 && mean < 0.6, "G < \(limit): \(found), \(mean)")
    }
  }
}
