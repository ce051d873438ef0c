import CatalogStore
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@Suite struct CommonCoverageTests {
  private static let sky: Range<Int64> = 0..<(12 << 58)

  /// Discs of 1° whose centres lie `distance` degrees apart: the area of the lens, in the plane.
  private func lens(_ d: Double) -> Double { d >= 2 ? 0 : 2 * acos(d / 2) - d / 2 * (4 - d * d).squareRoot() }

  /// Largest relative error of the area seen: 0.06, where the borders coincide (there the smaller of two noisy fractions
  /// is taken each time); a sliver's error is a small part of the discs.
  @Test(arguments: [0.0, 0.3, 1, 1.5, 1.9, 2.2], [20_000, 2000])
  func twoDiscsShareTheirLens(distance: Double, sourcesB: Int) {
    forEverySeed(Array(Seeds.quick.prefix(2))) { rng in
      let (countA, countB) = (20_000, sourcesB)
      let a = CoverageMap(keys: Footprint.disc(45, 0, radius: 1).keys(countA, using: &rng))
      let b = CoverageMap(keys: Footprint.disc(45 + distance, 0, radius: 1).keys(countB, using: &rng))
      let common = CommonCoverage(a, b, in: Self.sky)
      let area = lens(distance)
      #expect(
        abs(common.areaDegrees2 - area) < 0.08 * area + 0.02, "seed \(rng.seed): \(common.areaDegrees2) of \(area)")
      let share = area / .pi
      #expect(abs(common.countA / Double(countA) - share) < 0.08 * share + 0.01, "seed \(rng.seed)")
      #expect(abs(common.countB / Double(countB) - share) < 0.08 * share + 0.01, "seed \(rng.seed)")
    }
  }

  @Test func theTwoSidesAreAlike() {
    forEverySeed { rng in
      for kind in [SkyKind.wholeSphere, .clustered, .densityContrast, .northPole, .rightAscensionWrap] {
        let (a, b) = (map(kind, 3000, &rng), map(kind, 700, &rng))
        let (ab, ba) = (CommonCoverage(a, b, in: Self.sky), CommonCoverage(b, a, in: Self.sky))
        #expect(ab.areaDegrees2 == ba.areaDegrees2, "seed \(rng.seed) \(kind)")
        #expect(ab.countA == ba.countB && ab.countB == ba.countA, "seed \(rng.seed) \(kind)")
        #expect(ab.areaDegrees2 <= min(a.areaDegrees2, b.areaDegrees2) * (1 + 1e-12), "seed \(rng.seed) \(kind)")
        #expect(ab.countA <= 3000 * (1 + 1e-12) && ab.countB <= 700 * (1 + 1e-12), "seed \(rng.seed) \(kind)")
      }
    }
  }

  @Test func aMapHasAllOfItselfInCommonWithItself() {
    forEverySeed { rng in
      let a = map(.densityContrast, 3000, &rng)
      let common = CommonCoverage(a, a, in: Self.sky)
      #expect(abs(common.areaDegrees2 / a.areaDegrees2 - 1) < 1e-12, "seed \(rng.seed)")
      #expect(abs(common.countA - 3000) < 1e-6 && common.countA == common.countB, "seed \(rng.seed)")
    }
  }

  @Test func partsOfTheSkyAddUp() {
    forEverySeed { rng in
      let (a, b) = (map(.wholeSphere, 3000, &rng), map(.clustered, 2000, &rng))
      let whole = CommonCoverage(a, b, in: Self.sky)
      var cuts = (0..<40).map { _ in Int64(rng.next() % UInt64(Self.sky.upperBound)) } + [0, Self.sky.upperBound]
      cuts += a.nodes.prefix(10).map(\.pixel.range29.upperBound)
      cuts.sort()
      var sum = CommonCoverage()
      for (low, high) in zip(cuts, cuts.dropFirst()) {
        let part = CommonCoverage(a, b, in: low..<high)
        sum.areaDegrees2 += part.areaDegrees2
        sum.countA += part.countA
        sum.countB += part.countB
      }
      #expect(abs(sum.areaDegrees2 - whole.areaDegrees2) < 1e-9 * (1 + whole.areaDegrees2), "seed \(rng.seed)")
      #expect(abs(sum.countA - whole.countA) < 1e-6 && abs(sum.countB - whole.countB) < 1e-6, "seed \(rng.seed)")
    }
  }

  @Test func nothingIsInCommonWithNothing() {
    var rng = SplitMix64(seed: 6)
    let a = map(.cap, 500, &rng)
    #expect(CommonCoverage(a, CoverageMap(nodes: []), in: Self.sky) == CommonCoverage())
    #expect(CommonCoverage(a, a, in: 5..<5) == CommonCoverage())
  }

  private func map(_ kind: SkyKind, _ count: Int, _ rng: inout SplitMix64) -> CoverageMap {
    let sky = kind.sample(count, scaleArcsec: 60, using: &rng)
    return CoverageMap(
      keys: Array(Healpix29.indices(raDegrees: sky.raDegrees, decDegrees: sky.decDegrees).prefix(count).sorted()))
  }
}
