import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Objects listed twice, from made-up levels of neighbours.
@Suite struct DuplicateFitTests {
  private func levels(duplicates: Int, scale: Double, chance: Int, resolution: Double = 0, seed: UInt64) -> [Double] {
    var rng = SplitMix64(seed: seed)
    let chance = (0..<chance).map { _ in DuplicateFit.limit * rng.uniform() }.filter { $0 >= resolution }
    return chance + (0..<duplicates).map { _ in -scale * log(1 - rng.uniform()) }
  }

  @Test(arguments: [0.3, 0.5, 1.0])
  func findsHowManyObjectsAreListedTwice(scale: Double) {
    for seed in 1...4 {
      let fit = DuplicateFit(levels: levels(duplicates: 2000, scale: scale, chance: 4500, seed: UInt64(seed)))
      #expect(abs(fit.duplicates - 2000) < 300 && abs(fit.chance - 500) < 25, "seed \(seed): \(fit)")
      let even = scale * log(2000 / scale / 500)
      #expect(abs(fit.level - even) < 0.6, "seed \(seed): \(fit.level), \(even)")
    }
  }

  @Test func neighboursByChanceAreNotDuplicates() {
    for seed in 1...10 {
      let even = DuplicateFit(levels: levels(duplicates: 0, scale: 1, chance: 5000, seed: UInt64(seed)))
      #expect(even.duplicates == 0 && even.level == 0, "seed \(seed): \(even)")
      let resolved = DuplicateFit(
        levels: levels(duplicates: 0, scale: 1, chance: 5000, resolution: 3, seed: UInt64(seed)))
      #expect(resolved.level == 0, "seed \(seed): \(resolved)")
    }
  }

  @Test func aCatalogueWhereEveryObjectIsListedTwiceHasDuplicatesOnly() {
    let fit = DuplicateFit(levels: levels(duplicates: 3000, scale: 1, chance: 0, seed: 11))
    #expect(fit.duplicates > 2900 && fit.level > 5)
  }

  @Test func absurdLevelsAreIgnored() {
    #expect(DuplicateFit(levels: []).level == 0)
    #expect(DuplicateFit(levels: [.nan, -1, .infinity, 1e300]).level == 0)
    #expect(DuplicateFit(levels: Array(repeating: 0, count: 1000)).level.isFinite)
  }
}
