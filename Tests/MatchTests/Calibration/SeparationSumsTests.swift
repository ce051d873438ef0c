import Foundation
import Match
import Testing
import XMDBTestSupport

/// Far pairs tell how many near ones are false.
@Suite struct SeparationSumsTests {
  /// Right errors, chance pairs without a slope, out to T.
  private static let limit = 36.0
  private static let grid = SeparationGrid(limit: limit, slope: 0) { -$0 }

  @Test(arguments: [-0.6, 0, 0.3, 0.6])
  func theLawOfChancePairsIsADistribution(slope: Double) {
    #expect(ChanceLaw.share(below: 0, slope: slope) == 0)
    #expect(abs(ChanceLaw.share(below: 1, slope: slope) - 1) < 1e-15)
    let shares = stride(from: 0, through: 1, by: 0.01).map { ChanceLaw.share(below: $0, slope: slope) }
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(arguments: [-3.0, 0, 2, 5, 12])
  func aPairPutToAllSeparationsHasItsSharesInClosedForm(logOdds: Double) {
    var spread = ChanceSpread()
    spread.take(Self.grid, logOdds: logOdds)
    #expect(abs(spread.shares.reduce(0, +) - 1) < 1e-12)
    // P* = 1/(1 + e^(t − v)) is at least p below t = v − ln[p/(1 − p)].
    for (cell, edge) in ProbabilityHistogram.edges.enumerated().dropFirst() {
      let level = min(max(0, logOdds - log(edge / (1 - edge))), Self.limit)
      let share = spread.shares[cell...].reduce(0, +)
      #expect(abs(share - level / Self.limit) < 0.25 / Self.limit, "\(edge) of \(logOdds)")
    }
    // ∫ P* dt = ln[(1 + e^v)/(1 + e^(v − T))].
    let real = log((1 + exp(logOdds)) / (1 + exp(logOdds - Self.limit)))
    #expect(abs(spread.falseShares.reduce(0, +) - (1 - real / Self.limit)) < 0.005)
  }

  /// Pairs of several kinds, of which a part is real; each kind has its odds at t = 0.
  private func sums(seed: UInt64, wrong factor: Double) -> SeparationSums {
    var rng = SplitMix64(seed: seed)
    var sums = SeparationSums()
    var spread = ChanceSpread()
    for _ in 0..<40_000 {
      let logOdds = rng.uniform(-2, 6)
      let prior = exp(logOdds) / Self.limit
      let isReal = rng.uniform() < prior / (1 + prior)
      let level = isReal ? -log(1 - rng.uniform()) : rng.uniform(0, Self.limit)
      let given = logOdds + log(factor)
      let p = PairQuantities.matchProbability(logRatio: given - level)
      sums.add(given: p, direct: p)
      if level > Self.limit / 2 {
        spread.take(Self.grid, logOdds: given)
        sums.add(spread, scale: 2, given: p, direct: p)
      }
    }
    return sums
  }

  private func reliability(_ sums: SeparationSums, _ cells: Range<Int>) -> Reliability {
    Reliability(sums.histogram.sums(cells), sums.falsePairs(cells))
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func rightProbabilitiesAgreeWithSeparations(seed: UInt64) {
    let sums = sums(seed: seed, wrong: 1)
    for cells in ProbabilityHistogram.deciles + [ProbabilityHistogram.aboveHalf] {
      let judged = reliability(sums, cells)
      #expect(abs(judged.deviation) < 4, "seed \(seed), \(cells): \(judged)")
    }
  }

  @Test(arguments: [0.4, 2.5]) func wrongOddsAreFoundOut(factor: Double) {
    let judged = ProbabilityHistogram.deciles.map { reliability(sums(seed: 6, wrong: factor), $0) }
    #expect(Reliability.mostSignificant(judged) == (factor > 1 ? .tooHigh : .tooLow), "\(judged)")
  }

  @Test func partsAddUp() {
    var (sum, part) = (sums(seed: 7, wrong: 1), sums(seed: 8, wrong: 1))
    let (one, other) = (sum.falsePairs(9..<12).number, part.falsePairs(9..<12).number)
    let far = sum.farPairs + part.farPairs
    sum += part
    #expect(abs(sum.falsePairs(9..<12).number - one - other) < 1e-9 && sum.farPairs == far)
    part += SeparationSums()
    #expect(part == sums(seed: 8, wrong: 1))
  }

  @Test func aFractionAndItsIntervalLieBetweenNoneAndAll() {
    var histogram = ProbabilityHistogram()
    for _ in 0..<10 { histogram.add(0.99, isReal: false) }
    for found in [
      FalsePairs(number: 109, variance: 40), FalsePairs(number: 0, variance: 0), FalsePairs(counting: histogram.total),
    ] {
      let judged = Reliability(histogram.total, found)
      #expect((0...1).contains(judged.fractionReal) && judged.interval.contains(judged.fractionReal))
      #expect(judged.interval.lowerBound >= 0 && judged.interval.upperBound <= 1)
    }
    // Wilson's interval of none in ten.
    #expect(
      abs(Reliability(histogram.total, FalsePairs(counting: histogram.total)).interval.upperBound - 0.2775) < 1e-3)
  }

  @Test func groupsAreJudgedTogether() {
    func group(_ expected: Double, _ found: Double) -> Reliability {
      var histogram = ProbabilityHistogram()
      for _ in 0..<1000 { histogram.add(1 - expected / 1000, isReal: false) }
      return Reliability(histogram.total, FalsePairs(number: found, variance: 100))
    }
    #expect(Reliability.jointly((0..<20).map { _ in group(100, 105) }) == .agrees)
    // Two errors in each of twenty groups are no accident; that is less than a quarter.
    #expect(Reliability.jointly((0..<20).map { _ in group(100, 121) }) == .close)
    #expect(Reliability.jointly((0..<20).map { _ in group(100, 200) }) == .tooHigh)
    #expect(Reliability.jointly([]) == .few)
  }
}
