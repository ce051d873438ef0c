import Testing
import XMDBTestSupport

@testable import Indexing

/// Densities of points in pixels.
@Suite struct PixelDensityTests {
  private static func densities(_ healpix29: [Int64]) -> [Double] {
    PixelDensity.perDegree2(of: healpix29.indices, among: healpix29, total: healpix29.count)
  }

  /// The definition, point by point.
  private static func expected(_ healpix29: [Int64]) -> [Double] {
    healpix29.indices.map { point in
      for order in stride(from: 29, through: 0, by: -1) {
        let shift = Int64(2 * (29 - order))
        func isBeside(_ other: Int) -> Bool { healpix29[other] >> shift == healpix29[point] >> shift }
        if healpix29.indices.count(where: isBeside) <= 32 { continue }
        let near = max(0, point - 512)..<min(healpix29.count, point + 513)
        return Double(near.count(where: isBeside) - 1) / HealpixPixel.area(order: order)
      }
      return Double(healpix29.count) / skyAreaDegrees2
    }
  }

  @Test func densitiesAreThoseOfTheDefinition() {
    forEverySeed { rng in
      let top = Int64(12) << 58
      let all = (0..<300).map { _ in Int64(rng.below(Int(top))) }
      let field = (0..<900).map { _ in Int64(1) << 58 + Int64(rng.below(1 << 40)) }
      let heap = (0..<700).map { _ in Int64(1) << 59 + Int64(rng.below(3)) }
      let keys = (all + field + heap).sorted()
      #expect(Self.densities(keys) == Self.expected(keys), "seed \(rng.seed)")
    }
  }

  @Test func evenlySpreadPointsHaveTheirDensity() {
    forEverySeed { rng in
      let keys = (0..<100_000).map { _ in Int64(rng.uniform() * 12 * 0x1p58) }.sorted()
      let found = Self.densities(keys).map { $0 / (100_000 / skyAreaDegrees2) }
      let mean = found.reduce(0, +) / Double(found.count)
      // Pixels are chosen for holding enough, which favours those that hold a few more.
      #expect(mean > 0.95 && mean < 1.15, "seed \(rng.seed)")
    }
  }

  @Test func aPieceWithItsSurroundingsGivesWhatTheWholeGives() {
    forEverySeed { rng in
      let keys = (0..<3000).map { _ in Int64(rng.below(40_000)) }.sorted()
      let all = Self.densities(keys)
      for _ in 0..<50 {
        let first = rng.below(3000)
        let end = first + rng.below(3000 - first + 1)
        let low = max(0, first - PixelDensity.reach)
        let piece = Array(keys[low..<min(3000, end + PixelDensity.reach)])
        #expect(
          PixelDensity.perDegree2(of: first - low..<end - low, among: piece, total: 3000) == Array(all[first..<end]),
          "seed \(rng.seed)")
      }
    }
  }

  @Test func anyPointsHaveFiniteAndPositiveDensities() {
    let last = 12 * (Int64(1) << 58) - 1
    for keys in [[], [0], [0, last], [0, 0, last], Array(repeating: last, count: 2000)] as [[Int64]] {
      #expect(Self.densities(keys).allSatisfy { $0 > 0 && $0.isFinite }, "\(keys.count)")
    }
    #expect(Self.densities([7]) == [1 / skyAreaDegrees2])
  }
}
