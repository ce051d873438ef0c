import Glibc
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct MagnitudeEvidenceTests {
  @Test(arguments: Seeds.quick)
  func `a ridge is found, and the weights are positive and sum to 1`(seed: UInt64) {
    let kinds = MadePairs().kinds(seed: seed)
    let fit = MagnitudeEvidence(kinds, evidence: kinds.noEvidence)
    #expect(fit.weights.allSatisfy { $0 > 0 })
    #expect(abs(fit.weights.reduce(0, +) - 1) < 1e-12)
    #expect(fit.weights[0] < 0.1)
    #expect(fit.meanFactor(classA: 10, classB: 12) > 3)
    #expect(fit.meanFactor(classA: 10, classB: 2) < 0.3)
    let mean = (0..<5).map { fit.factor(fold: $0, classA: 10, classB: 12) }.reduce(0, +) / 5
    #expect(abs(mean - fit.meanFactor(classA: 10, classB: 12)) < 1e-12 * mean)
  }

  @Test(arguments: Seeds.quick)
  func `magnitudes that say nothing are left aside`(seed: UInt64) {
    let kinds = MadePairs(ridge: false).kinds(seed: seed)
    let fit = MagnitudeEvidence(kinds, evidence: kinds.noEvidence)
    // Counterparts lie in all classes of a but none is alike to another: the factors stay near 1.
    #expect(fit.weights[0] + fit.weights[1] > 0.8)
    #expect(fit.mean.allSatisfy { $0 > 0.5 && $0 < 2 })
  }

  @Test(arguments: Seeds.quick)
  func `a class without counterparts has a factor well below 1`(seed: UInt64) {
    let kinds = MadePairs(ridge: false, lastClassA: 9).kinds(seed: seed)
    let fit = MagnitudeEvidence(kinds, evidence: kinds.noEvidence)
    for classB in 0..<24 { #expect(fit.meanFactor(classA: 16, classB: classB) < 0.3) }
  }

  @Test(arguments: Seeds.quick)
  func `exchanging a and b transposes the factors`(seed: UInt64) {
    let kinds = MadePairs(counterparts: 1500, chance: 6000).kinds(seed: seed)
    let fit = MagnitudeEvidence(kinds, evidence: kinds.noEvidence)
    let other = MagnitudeEvidence(kinds.exchanged, evidence: kinds.noEvidence)
    #expect(agree(fit.factors(of: kinds), other.factors(of: kinds.exchanged)))
    #expect(zip(fit.weights, other.weights).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func `catalogues without magnitudes have weight 1 for nothing and factors of 1`() {
    let kinds = MadePairs(classesA: 1, classesB: 1, ridge: false, lastClassA: 0).kinds(seed: 1)
    let fit = MagnitudeEvidence(kinds, evidence: kinds.noEvidence)
    #expect(fit.weights == [1] && fit.mean == [1] && fit.factors == [1, 1, 1, 1, 1])
  }

  @Test func `no pairs at all leave factors of 1 near enough`() {
    let kinds = MadePairs(counterparts: 0, chance: 0).kinds(seed: 1)
    let fit = MagnitudeEvidence(kinds, evidence: [])
    #expect(fit.mean.allSatisfy { abs($0 - 1) < 1e-9 })
  }

  @Test func `a warm start ends near the cold one`() {
    let kinds = MadePairs().kinds(seed: 5)
    let cold = MagnitudeEvidence(kinds, evidence: kinds.noEvidence)
    let warm = MagnitudeEvidence(kinds, evidence: kinds.noEvidence, warm: cold)
    let pairs = zip(cold.factors(of: kinds), warm.factors(of: kinds))
    #expect(pairs.allSatisfy { abs(log($0 / $1)) < 0.3 })
    let otherClasses = MadePairs(classesA: 7, lastClassA: 5).kinds(seed: 5)
    let fresh = MagnitudeEvidence(otherClasses, evidence: otherClasses.noEvidence)
    let unfit = MagnitudeEvidence(otherClasses, evidence: otherClasses.noEvidence, warm: cold)
    #expect(fresh.mean == unfit.mean)
  }

  /// Also where chance pairs are so many that each pair says little.
  @Test(arguments: Seeds.quick, [12_000, 60_000])
  func `the factor of one cell is that which a search finds`(seed: UInt64, chance: Int) {
    // Two classes of a, one of b: level 1 has two cells, and pairs of fold 0 are judged by those of the others.
    let kinds = MadePairs(
      classesA: 2, classesB: 1, counterparts: 500, chance: chance, ridge: false, lastClassA: 0
    ).kinds(seed: seed)
    let levels = ClassLevels(NestedClasses(classes: 2, hasUnknown: true), NestedClasses(classes: 1, hasUnknown: false))
    #expect(levels.count == 2)
    let fit = MagnitudeEvidence(kinds, evidence: kinds.noEvidence)
    let long = (0..<40).reduce(fit) { last, _ in MagnitudeEvidence(kinds, evidence: kinds.noEvidence, warm: last) }
    for cell in 0..<2 {
      let rows = (0..<kinds.rows).filter { kinds.classA[$0] == cell && kinds.fold[$0] != 0 }
      let value = { (x: Double) in
        rows.reduce(0.5 * log(x) - 0.5 * x) {
          $0 + log((1 + x * kinds.after[$1]) / (1 + x * kinds.before[$1]))
        }
      }
      let grid = stride(from: -8.0, through: 2.0, by: 0.02).map { exp($0) }
      let best = grid.max { value($0) < value($1) } ?? 0
      #expect(abs(log(long.tables[1][cell * 5] / best)) < 0.03)
    }
  }

  @Test(arguments: [1e-300, 1e15, 1e300, Double.infinity, Double.nan, -1])
  func `absurd numbers leave everything finite`(number: Double) {
    let made = MadePairs(counterparts: 300, chance: 900).kinds(seed: 3)
    let absurd = (0..<made.rows).map { $0 % 3 == 0 ? number : 1 }
    for kinds in [
      made.with(counts: absurd, after: made.after, before: made.before, shares: made.shares),
      made.with(counts: made.counts, after: absurd, before: made.before, shares: absurd),
      made.with(counts: absurd, after: absurd, before: absurd, shares: absurd),
    ] {
      let errors = ErrorEvidence(kinds)
      let fit = MagnitudeEvidence(kinds, evidence: absurd)
      let shares = ClassShares(kinds, errors: errors, magnitudes: fit)
      #expect((fit.factors + fit.weights + errors.a.factors + errors.b.factors).allSatisfy { $0.isFinite && $0 >= 0 })
      #expect((shares.a.shares + shares.b.withoutMagnitudes).allSatisfy { $0 >= 0 && $0 <= 0.98 })
    }
  }
}
