import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Match

/// Stars that a file gives in place of the model of the Galaxy.
@Suite struct GivenStarsTests {
  private let grid = MagnitudeGrid.ofCounts

  /// Stars between 8 and 26 mag whose number grows by a factor of two a magnitude, in front of and behind dust of A_V = 2.
  private func list(seed: UInt64, stars: Int = 40_000, extinctionAV: Double = 2) throws -> StarList {
    var rng = SplitMix64(seed: seed)
    let slope = log(2.0)
    let (low, high) = (exp(slope * 8), exp(slope * 26))
    let magnitudes = (0..<stars).map { _ in Float(log(low + (high - low) * rng.uniform()) / slope) }
    return try StarList(
      areaDeg2: 0.5, extinctionAV: extinctionAV, bands: ["G"], magnitudes: [magnitudes],
      starAV: (0..<stars).map { _ in Float(extinctionAV * rng.uniform()) })
  }

  private func flat(_ density: Double) -> DifferentialCounts {
    DifferentialCounts(grid: grid, density: [Double](repeating: density, count: grid.count))
  }

  @Test func countsOfAListAreItsHistogram() throws {
    let list = try list(seed: 1)
    let stars = try GivenStars(list, band: "G", on: grid)
    let direct = try list.counts(band: "G", on: grid, extinctionRatio: 0.8).counts
    let given = stars.counts(extinction: nil, ratio: 0.8, beyond: flat(0))
    for step in 0..<grid.count where grid[step] < stars.faintEnd - 0.05 {
      #expect(abs(given.density[step] - direct.density[step]) <= 1e-6 * direct.density[step] + 1e-3)
    }
    // The list ends at 26 mag everywhere.
    #expect(abs(stars.faintEnd - 26) < 0.15, "\(stars.faintEnd)")
  }

  @Test(arguments: [0.5, 2, 5, 12])
  func anotherExtinctionMovesEveryStarByItsOwnShare(mean: Double) throws {
    let list = try list(seed: 2)
    let stars = try GivenStars(list, band: "G", on: grid)
    let dust = try ExtinctionDistribution(lognormalMean: mean, scatter: 0.4)
    let direct = try list.counts(band: "G", on: grid, extinction: dust, extinctionRatio: 0.8)
    let given = stars.counts(extinction: dust, ratio: 0.8, beyond: flat(0))
    for (low, high) in [(16.0, 18.0), (18.0, 20.0), (20.0, 21.0), (14.0, 22.0)] {
      let ratio = given.sourcesPerDeg2(from: low, to: high) / direct.counts.sourcesPerDeg2(from: low, to: high)
      #expect(abs(ratio - 1) < (mean > 10 ? 0.06 : 0.03), "A_V \(mean), \(low) to \(high) mag: \(ratio)")
    }
  }

  @Test func theModelGoesOnWhereAListEnds() throws {
    let stars = try GivenStars(list(seed: 3), band: "G", on: grid)
    let model = DifferentialCounts(grid: grid, density: (0..<grid.count).map { exp2(grid[$0]) })
    let counts = stars.counts(extinction: nil, ratio: 0.8, beyond: model)
    let expected = counts.sourcesPerDeg2(from: 24, to: 25) * 16
    #expect(abs(counts.sourcesPerDeg2(from: 28, to: 29) / expected - 1) < 0.05)
    // Where the model has nothing, nothing follows.
    #expect(stars.counts(extinction: nil, ratio: 0.8, beyond: flat(0)).density(at: 28) == 0)
  }

  @Test func aListWithoutExtinctionKeepsItsOwn() throws {
    let stars = try GivenStars(list(seed: 4, extinctionAV: 0.05), band: "G", on: grid)
    #expect(stars.extinctionAV == nil && stars.layers.count == 1)
    let dust = try ExtinctionDistribution(uniform: 10)
    #expect(
      stars.counts(extinction: dust, ratio: 0.8, beyond: flat(1))
        == stars.counts(
          extinction: nil, ratio: 0.8, beyond: flat(1)))
  }

  @Test func tooFewStarsAndUnknownBandsAreRefused() throws {
    #expect(throws: CountsError.self) { try GivenStars(list(seed: 5, stars: 20), band: "G", on: grid) }
    #expect(throws: CountsError.self) { try GivenStars(list(seed: 5), band: "W1", on: grid) }
  }

  // MARK: Sightlines

  private func stars(_ density: Float, end: Double = 24) -> GivenStars {
    GivenStars(grid: grid, density: [Float](repeating: density, count: grid.count), faintEnd: end)
  }

  private func counts(_ places: [(GivenCounts.Place, Float)]) throws -> GivenCounts {
    try GivenCounts(band: "G", sightlines: places.map { .init(place: $0.0, stars: stars($0.1)) })
  }

  @Test func aSightlineHasTheNearestDirectionWithinTenDegrees() throws {
    let positions = [(10.0, 0.0), (14.0, 0.0)].compactMap { SkyPosition(raDegrees: $0.0, decDegrees: $0.1) }
    let counts = try counts([(.around(positions[0]), 1), (.around(positions[1]), 2)])
    for (ra, expected) in [(9.0, 1), (15.0, 2), (5.0, 1), (40.0, nil)] as [(Double, Float?)] {
      let place = try #require(SkyPosition(raDegrees: ra, decDegrees: 0))
      let found = counts.stars(in: HealpixPixel(containing: place, order: 8))
      #expect(found?.layers[0].density[0] == expected)
    }
  }

  @Test func pixelsAreTakenByTheirSky() throws {
    let parent = HealpixPixel(order: 3, index: 17)
    let places = parent.children.prefix(2).enumerated().map { number, pixel in
      (GivenCounts.Place.pixel(pixel, areaDeg2: number == 0 ? 3 : 1), Float(number * 4 + 1))
    }
    let counts = try counts(places)
    #expect(counts.stars(in: parent.children[0].children[3])?.layers[0].density[7] == 1)
    #expect(counts.stars(in: parent)?.layers[0].density[7] == 2)
    #expect(counts.stars(in: parent.children[2]) == nil)
  }

  @Test func countsAreTheSameReadBack() throws {
    let position = try #require(SkyPosition(raDegrees: 63.5, decDegrees: -87))
    let whole = try GivenCounts(
      band: "W1",
      sightlines: [
        .init(place: .around(position), stars: GivenStars(list(seed: 6), band: "G", on: grid)),
        .init(place: .pixel(HealpixPixel(order: 4, index: 3071), areaDeg2: 2.5), stars: stars(7)),
      ])
    #expect(try GivenCounts(payload: whole.payload) == whole)
    #expect(throws: CountsError.self) { try GivenCounts(band: "G", sightlines: []) }
    #expect(throws: CountsError.self) { try counts([(.everywhere, 1), (.everywhere, 2)]) }
  }

  @Test func changedBytesAreRefusedOrRead() throws {
    let payload = try counts([(.pixel(HealpixPixel(order: 1, index: 3), areaDeg2: 2), 3)]).payload
    var rng = SplitMix64(seed: 9)
    for _ in 0..<4000 {
      var bytes = payload
      let place = Int(rng.uniform() * Double(min(bytes.count, 80)))
      bytes[place] = UInt8(rng.uniform() * 256)
      if rng.uniform() < 0.2 { bytes.removeLast(Int(rng.uniform() * 40)) }
      guard let read = try? GivenCounts(payload: bytes) else { continue }
      _ = read.stars(in: HealpixPixel(order: 4, index: 200))?.counts(extinction: nil, ratio: 1, beyond: flat(1))
    }
  }
}
