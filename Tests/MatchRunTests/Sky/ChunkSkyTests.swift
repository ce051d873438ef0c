import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// The sky that a chunk reads.
@Suite struct ChunkSkyTests {
  private static let pixels = [
    HealpixPixel(order: 0, index: 0), HealpixPixel(order: 0, index: 7), HealpixPixel(order: 3, index: 63),
    HealpixPixel(order: 9, index: (12 << 18) - 1), HealpixPixel(order: 14, index: 0),
  ]

  /// A base pixel's border is 4·2²² pixels long at the order of a reach of 0.03″.
  @Test(arguments: [0.001, 0.03, 1, 60, 3600])
  func haloIsSmallHoweverShortTheReach(reachArcsec: Double) {
    for pixel in Self.pixels {
      let sky = ChunkSky(pixel, reach: .arcseconds(reachArcsec))
      #expect(sky.loaded.ranges.count < 10_000, "\(sky.loaded.ranges.count) ranges around \(pixel)")
      let width = max(reachArcsec / 3600 * 8, HealpixPixel.area(order: pixel.order).squareRoot() / 16)
      let side = HealpixPixel.area(order: pixel.order).squareRoot() + 4 * width
      #expect(sky.loaded.areaDegrees2 < 2 * side * side, "around \(pixel)")
    }
  }

  /// Whatever lies within reach of the complete part has been read.
  @Test(arguments: [0.5, 30, 1000])
  func everySourceOfTheCompletePartSeesItsWholeReach(reachArcsec: Double) {
    forEverySeed { rng in
      for pixel in Self.pixels {
        let sky = ChunkSky(pixel, reach: .arcseconds(reachArcsec))
        for range in sky.complete.ranges {
          for index in [range.lowerBound, range.upperBound - 1] {
            let place = Healpix29.position(of: index)
            let away = Sky.vector(
              aroundRA: place.raDegrees, dec: place.decDegrees, distanceRadians: reachArcsec / 206_265.1,
              direction: rng.uniform(0, 2 * .pi))
            var point = Sky()
            point.append(vector: away)
            let key = Healpix29.index(raDegrees: point.raDegrees[0], decDegrees: point.decDegrees[0])
            if !sky.loaded.contains(key) { Issue.record("\(pixel): \(index) looks beyond the halo, seed \(rng.seed)") }
          }
        }
      }
    }
  }

  @Test func haloGrowsUntilItIsTheWholeSky() {
    var area = 0.0
    for enlargement in 0..<20 {
      let sky = ChunkSky(HealpixPixel(order: 6, index: 4095), reach: .arcseconds(1), enlargement: enlargement)
      #expect(sky.loaded.areaDegrees2 >= area)
      area = sky.loaded.areaDegrees2
    }
    #expect(ChunkSky(HealpixPixel(order: 6, index: 4095), reach: .arcseconds(1), enlargement: 20).isWholeSky)
  }
}
