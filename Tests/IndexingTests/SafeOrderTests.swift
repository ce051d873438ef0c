import Foundation
import Indexing
import Testing
import XMDBTestSupport

@Suite struct SafeOrderTests {
  @Test func theOrderFallsAsTheReachGrows() {
    #expect(HealpixGeometry.safeOrder(reach: .zero) == 29)
    #expect(HealpixGeometry.safeOrder(reach: .arcseconds(10)) == 13)
    #expect(HealpixGeometry.safeOrder(reach: .degrees(37)) == 0)
    #expect(HealpixGeometry.safeOrder(reach: .degrees(38)) == nil)
    for order in 0...29 {
      let reach = HealpixGeometry.safeReach(order: order) * (1 - 1e-4)
      #expect(HealpixGeometry.safeOrder(reach: reach) == order)
    }
  }

  /// Whatever lies within the safe reach of a point lies in the point's pixel or a neighbour of it. Points are taken
  /// everywhere, and where pixels are narrowest or meet in threes: near poles, base pixel edges and pixel corners.
  @Test(arguments: 0...29)
  func everythingWithinReachLiesInThePixelOrItsNeighbours(_ order: Int) throws {
    let reach = HealpixGeometry.safeReach(order: order).radians - 1e-14
    try forEverySeed { rng in
      for _ in 0..<1500 {
        let start = try #require(point(near: order, &rng))
        let pixel = HealpixPixel(containing: start, order: order)
        let distance = rng.below(3) == 0 ? reach * rng.uniform() : reach
        var end = Sky()
        end.append(
          vector: Sky.vector(
            aroundRA: start.raDegrees, dec: start.decDegrees, distanceRadians: distance,
            direction: rng.uniform(0, 2 * .pi)))
        let place = try #require(SkyPosition(raDegrees: end.raDegrees[0], decDegrees: end.decDegrees[0]))
        let found = HealpixPixel(containing: place, order: order)
        #expect(
          found == pixel || pixel.neighbours.contains(found),
          "\(start) in \(pixel), \(place) in \(found), seed \(rng.seed)")
      }
    }
  }

  /// A point anywhere, or on the border of a pixel beside a base pixel's edge or corner.
  private func point(near order: Int, _ rng: inout SplitMix64) -> SkyPosition? {
    if rng.below(4) == 0 {
      return SkyPosition(raDegrees: rng.uniform(0, 360), decDegrees: asin(rng.uniform(-1, 1)) * 180 / .pi)
    }
    let side: Int64 = 1 << Int64(order)
    func edge() -> Int64 {
      switch rng.below(4) {
      case 0: min(side - 1, Int64(rng.below(3)))
      case 1: max(0, side - 1 - Int64(rng.below(3)))
      default: Int64(rng.next() % UInt64(side))
      }
    }
    let index = (Int64(rng.below(12)) << (2 * Int64(order))) | interleaved(edge(), edge())
    let border = HealpixPixel(order: order, index: index).border(pointsPerSide: 4)
    return border[rng.below(border.count)]
  }

  private func interleaved(_ x: Int64, _ y: Int64) -> Int64 {
    (0..<29).reduce(Int64(0)) { $0 | ((x >> $1 & 1) << (2 * $1)) | ((y >> $1 & 1) << (2 * $1 + 1)) }
  }
}
