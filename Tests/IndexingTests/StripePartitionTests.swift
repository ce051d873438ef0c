import Foundation
import Testing
import XMDBTestSupport

@testable import Indexing

/// Chunks of Qserv. The numbers are what `lsst.sphgeom.Chunker(stripes, subStripes)` of lsst-sphgeom 30.2026.4000 says of these positions.
@Suite struct StripePartitionTests {
  struct Vector: Sendable {
    let stripes: Int
    let subStripes: Int
    let ra: Double
    let dec: Double
    let place: StripePartition.Place

    init(_ stripes: Int, _ subStripes: Int, _ ra: Double, _ dec: Double, chunk: Int32, subChunk: Int32) {
      (self.stripes, self.subStripes, self.ra, self.dec) = (stripes, subStripes, ra, dec)
      place = .init(chunk: chunk, subChunk: subChunk)
    }
  }

  private static let vectors = [
    Vector(340, 3, 0.001, 89.9999, chunk: 230520, subChunk: 24),
    Vector(340, 3, 200, -89.9999, chunk: 0, subChunk: 0),
    Vector(340, 3, 359.9999, 0.01, chunk: 116278, subChunk: 2),
    Vector(340, 3, 0.0001, -0.01, chunk: 114920, subChunk: 24),
    Vector(340, 3, 56.3, -31.42, chunk: 74890, subChunk: 13),
    Vector(340, 3, 266.4168, -29.0078, chunk: 78639, subChunk: 1),
    Vector(340, 3, 83.633, 22.0145, chunk: 143626, subChunk: 12),
    Vector(340, 3, 201.365, -43.0191, chunk: 60115, subChunk: 26),
    Vector(340, 3, 10.6847, 41.2688, chunk: 167975, subChunk: 24),
    Vector(340, 3, 127.3, 88.51, chunk: 229164, subChunk: 0),
    Vector(340, 3, 300.1, -75.31, chunk: 18499, subChunk: 24),
    Vector(85, 14, 0.001, 89.9999, chunk: 14280, subChunk: 1053),
    Vector(85, 14, 200, -89.9999, chunk: 0, subChunk: 0),
    Vector(85, 14, 359.9999, 0.01, chunk: 7308, subChunk: 580),
    Vector(85, 14, 0.0001, -0.01, chunk: 7140, subChunk: 486),
    Vector(85, 14, 56.3, -31.42, chunk: 4612, subChunk: 731),
    Vector(85, 14, 266.4168, -29.0078, chunk: 4868, subChunk: 891),
    Vector(85, 14, 83.633, 22.0145, chunk: 8876, subChunk: 978),
    Vector(85, 14, 201.365, -43.0191, chunk: 3808, subChunk: 173),
    Vector(85, 14, 10.6847, 41.2688, chunk: 10373, subChunk: 1063),
    Vector(85, 14, 127.3, 88.51, chunk: 14280, subChunk: 343),
    Vector(85, 14, 300.1, -75.31, chunk: 1050, subChunk: 1066),
    Vector(18, 100, 0.001, 89.9999, chunk: 612, subChunk: 61182),
    Vector(18, 100, 200, -89.9999, chunk: 0, subChunk: 0),
    Vector(18, 100, 359.9999, 0.01, chunk: 358, subChunk: 101),
    Vector(18, 100, 0.0001, -0.01, chunk: 288, subChunk: 61182),
    Vector(18, 100, 56.3, -31.42, chunk: 184, subChunk: 52555),
    Vector(18, 100, 266.4168, -29.0078, chunk: 238, subChunk: 5657),
    Vector(18, 100, 83.633, 22.0145, chunk: 403, subChunk: 12381),
    Vector(18, 100, 201.365, -43.0191, chunk: 156, subChunk: 42740),
    Vector(18, 100, 10.6847, 41.2688, chunk: 468, subChunk: 7495),
    Vector(18, 100, 127.3, 88.51, chunk: 612, subChunk: 52560),
    Vector(18, 100, 300.1, -75.31, chunk: 40, subChunk: 28458),
    Vector(1, 1, 0.001, 89.9999, chunk: 0, subChunk: 0),
    Vector(1, 1, 200, -89.9999, chunk: 0, subChunk: 0),
    Vector(7, 5, 0.001, 89.9999, chunk: 84, subChunk: 96),
    Vector(7, 5, 200, -89.9999, chunk: 0, subChunk: 0),
    Vector(7, 5, 359.9999, 0.01, chunk: 54, subChunk: 52),
    Vector(7, 5, 0.0001, -0.01, chunk: 42, subChunk: 48),
    Vector(7, 5, 56.3, -31.42, chunk: 29, subChunk: 26),
    Vector(7, 5, 266.4168, -29.0078, chunk: 35, subChunk: 26),
    Vector(7, 5, 83.633, 22.0145, chunk: 58, subChunk: 25),
    Vector(7, 5, 201.365, -43.0191, chunk: 16, subChunk: 103),
    Vector(7, 5, 10.6847, 41.2688, chunk: 70, subChunk: 1),
    Vector(7, 5, 127.3, 88.51, chunk: 84, subChunk: 96),
    Vector(7, 5, 300.1, -75.31, chunk: 0, subChunk: 58),
  ]

  private func partition(_ stripes: Int, _ subStripes: Int, _ overlap: Double = 0) throws -> StripePartition {
    try #require(StripePartition(stripes: stripes, subStripes: subStripes, overlapDegrees: overlap))
  }

  @Test func placesAreThoseOfRubin() throws {
    for vector in Self.vectors {
      let parts = try partition(vector.stripes, vector.subStripes)
      for turn in [0.0, 360, -360] {
        let place = parts.place(raDegrees: vector.ra + turn, decDegrees: vector.dec)
        #expect(place == vector.place, "\(vector), turned by \(turn)")
      }
    }
  }

  /// All chunks of a division, its last chunk, and all sub-chunks, as `getAllChunks` and `getAllSubChunks` list them.
  @Test(arguments: [
    (340, 3, 146_332, 230_520, 1_317_080), (85, 14, 8983, 14_280, 1_771_342), (7, 5, 45, 84, 1405), (1, 1, 1, 0, 1),
  ])
  func theSkyHasAsManyParts(_ stripes: Int, _ subStripes: Int, _ chunks: Int, _ last: Int32, _ subChunks: Int) throws {
    let parts = try partition(stripes, subStripes)
    let places = parts.allPlaces
    #expect(places.count == subChunks && Set(places).count == subChunks)
    #expect(Set(places.map(\.chunk)).count == chunks && places.map(\.chunk).max() == last)
  }

  @Test func polesAndBordersAreInOnePart() throws {
    let parts = try partition(340, 3, 0.01667)
    for ra in [0.0, 90, 359.999, 360] {
      #expect(parts.place(raDegrees: ra, decDegrees: 90) == .init(chunk: 230_520, subChunk: 24))
      #expect(parts.place(raDegrees: ra, decDegrees: -90) == .init(chunk: 0, subChunk: 0))
    }
    #expect(parts.place(raDegrees: 360, decDegrees: 10) == parts.place(raDegrees: 0, decDegrees: 10))
    #expect(parts.surroundings(raDegrees: 20, decDegrees: -90).isEmpty)
  }

  /// The sub-chunks that have a point within 0.01667°, by `getSubChunksIntersecting` of a circle.
  @Test func surroundingsAreThoseOfRubin() throws {
    let parts = try partition(340, 3, 0.01667)
    let near = Set(parts.surroundings(raDegrees: 359.995, decDegrees: 0.17))
    #expect(
      near
        == [(115_600, 0), (115_600, 12), (116_278, 14)].reduce(into: []) {
          $0.insert(.init(chunk: $1.0, subChunk: $1.1))
        })
    let pole = Set(parts.surroundings(raDegrees: 0.001, decDegrees: 89.83))
    #expect(pole == [.init(chunk: 230_520, subChunk: 12), .init(chunk: 230_520, subChunk: 16)])
  }

  /// Brute force: whatever lies within the overlap of a position, and not in its sub-chunk, has it in its surroundings.
  @Test(arguments: [(340, 3, 0.01667), (85, 14, 0.001), (18, 10, 0.5), (7, 5, 2.0), (3, 1, 10.0)])
  func surroundingsHoldAllNeighbours(_ stripes: Int, _ subStripes: Int, _ overlap: Double) throws {
    let parts = try partition(stripes, subStripes, overlap)
    var rng = SplitMix64(seed: 14)
    func unit() -> Double { Double.random(in: 0..<1, using: &rng) }
    for number in 0..<20_000 {
      let dec =
        number % 3 == 0
        ? (number % 2 == 0 ? 1 : -1) * (90 - 5 * unit() * unit()) : 180 * unit() - 90
      let ra = number % 4 == 0 ? 0.01 * unit() : 360 * unit()
      let home = parts.place(raDegrees: ra, decDegrees: dec)
      let near = parts.surroundings(raDegrees: ra, decDegrees: dec)
      #expect(Set(near).count == near.count && !near.contains(home))
      // A neighbour at an angle, on the sphere.
      let (radius, angle) = (overlap * unit() * .pi / 180, 2 * Double.pi * unit())
      let sine = sin(dec * .pi / 180) * cos(radius) + cos(dec * .pi / 180) * sin(radius) * cos(angle)
      let east = atan2(
        sin(angle) * sin(radius) * cos(dec * .pi / 180), cos(radius) - sin(dec * .pi / 180) * sine)
      let other = parts.place(
        raDegrees: ra + east * 180 / .pi, decDegrees: asin(min(1, max(-1, sine))) * 180 / .pi)
      #expect(other == home || near.contains(other), "ra \(ra), dec \(dec), \(other), not among \(near)")
    }
  }

  @Test(arguments: [
    (0, 3, 0.0), (-1, 3, 0), (340, 0, 0), (340, 3, -1), (340, 3, 0.2), (340, 3, .nan), (340, 3, .infinity),
    (Int.max, Int.max, 0), (1, 648_001, 0), (32_768, 1, 0), (18, 36_000, 0), (340, 3, 0.1764),
  ])
  func otherDivisionsAreRefused(_ stripes: Int, _ subStripes: Int, _ overlap: Double) {
    #expect(StripePartition(stripes: stripes, subStripes: subStripes, overlapDegrees: overlap) == nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
  func absurdPositionsAreSomewhere(_ value: Double) throws {
    let parts = try partition(340, 3, 0.01667)
    #expect(parts.place(raDegrees: value, decDegrees: value).chunk >= 0)
    #expect(parts.surroundings(raDegrees: value, decDegrees: 0).allSatisfy { $0.chunk >= 0 && $0.subChunk >= 0 })
    #expect(parts.surroundings(raDegrees: 0, decDegrees: value).allSatisfy { $0.chunk >= 0 && $0.subChunk >= 0 })
  }
}
