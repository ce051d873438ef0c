import Foundation
import Match
import Testing

@Suite struct CalibrationTests {
  private func histogram(_ entries: [(p: Double, count: Int, real: Int)]) -> ProbabilityHistogram {
    var histogram = ProbabilityHistogram()
    for entry in entries { for index in 0..<entry.count { histogram.add(entry.p, isReal: index < entry.real) } }
    return histogram
  }

  @Test func everyProbabilityHasItsCell() {
    let cells = [0, 0.05, 0.1, 0.3, 0.6, 0.7, 0.89, 0.9, 0.949, 0.95, 0.989, 0.99, 1].map(ProbabilityHistogram.cell)
    #expect(cells == [0, 0, 1, 3, 6, 7, 8, 9, 9, 10, 10, 11, 11])
    #expect(ProbabilityHistogram.cell(of: -1e-17) == 0 && ProbabilityHistogram.cell(of: 1 + 1e-15) == 11)
    #expect(ProbabilityHistogram.deciles.map(\.count) == [1, 1, 1, 1, 1, 1, 1, 1, 1, 3])
    #expect(ProbabilityHistogram.aboveThresholds.map(\.lowerBound) == Array(1..<12))
  }

  @Test func sumsAreThoseOfIndependentTrials() {
    let sums = histogram([(0.25, 4, 1), (0.75, 4, 3)]).total
    #expect(sums.count == 8 && sums.real == 4 && sums.notReal == 4)
    #expect(sums.expectedReal == 4 && sums.expectedFalse == 4)
    #expect(sums.variance == 8 * 0.1875)
    #expect(sums.squaredFalse == 4 * (0.5625 + 0.0625))
    #expect(sums.meanProbability == 0.5)
  }

  @Test func logLossIsTheMeanSurprise() {
    let loss = histogram([(0.5, 2, 1), (0.75, 1, 1), (0.75, 1, 0)]).logLoss
    #expect(abs(loss - (2 * log(2) + log(4.0 / 3) + log(4)) / 4) < 1e-15)
    #expect(histogram([(1, 10, 10)]).logLoss == 0)
    #expect(abs(histogram([(1, 1, 0)]).logLoss + log(1e-15)) < 1e-12)
  }

  @Test func countedTruthIsComparedWithTheBinomialError() {
    let sums = histogram([(0.5, 400, 230)]).total
    let judged = Reliability(sums, FalsePairs(counting: sums))
    #expect(judged.fractionReal == 0.575 && judged.meanProbability == 0.5)
    #expect(judged.error == 0.025 && abs(judged.deviation - 3) < 1e-12)
    #expect(judged.verdict == .agrees)
    func verdict(_ p: Double, _ count: Int, _ real: Int) -> Reliability.Verdict {
      let sums = histogram([(p, count, real)]).total
      return Reliability(sums, FalsePairs(counting: sums)).verdict
    }
    #expect(verdict(0.5, 400, 240) == .tooLow && verdict(0.5, 400, 160) == .tooHigh)
    // Few confirm nothing, but they can contradict.
    #expect(verdict(0.5, 99, 60) == .few && verdict(0.5, 99, 99) == .tooLow && verdict(0.99, 46, 0) == .tooHigh)
    #expect(verdict(0.5, 40_000, 20_800) == .close && verdict(0.5, 40_000, 22_200) == .tooLow)
    // One candidate more or less is never held against anybody.
    #expect(verdict(1, 1000, 999) == .agrees && verdict(1, 1000, 998) == .tooHigh)
  }

  @Test func estimatedNumbersAreComparedWithTheNoiseOfSkyAndEstimate() {
    let sums = histogram([(0.75, 400, 0)]).total
    let judged = Reliability(sums, FalsePairs(number: 120, variance: 11))
    // Σ (1 − P)² = 400 / 16 = 25.
    #expect(judged.error == 6.0 / 400 && judged.fractionReal == 0.7)
    #expect(abs(judged.deviation + 20.0 / 6) < 1e-12)
    #expect(FalsePairs(number: 25, variance: 11).error == 6)
    #expect(FalsePairs(counting: sums).error == 0)
  }

  @Test func chancePairsAreCountedPerTrial() {
    var part = ChanceCounts()
    part.addSource(trials: 4)
    part.addSource(trials: 2)
    for probability in [0.05, 0.55, 0.97, 0.999, 0.999, 0.999] { part.addPair(probability) }
    var counts = part
    counts += part
    let found = counts.falsePairs(9..<12)
    // 8 pairs in 12 trials, for 4 sources.
    #expect(abs(found.number - 8.0 / 3) < 1e-15 && abs(found.variance! - 8.0 / 9) < 1e-15)
    #expect(counts.falsePairs(2..<4) == FalsePairs(number: 0, variance: 1.0 / 9))
    #expect(Reliability(ProbabilitySums(), ChanceCounts().falsePairs(0..<12)).verdict == .few)
  }

  @Test func aPairThatStandsForSeveralCountsSoAndIsLessCertain() {
    var all = ChanceCounts()
    var sample = ChanceCounts()
    all.addSource(trials: 1)
    sample.addSource(trials: 1)
    for _ in 0..<64 { all.addPair(0.97) }
    for _ in 0..<8 { sample.addPair(0.97, weight: 8) }
    let (whole, part) = (all.falsePairs(9..<12), sample.falsePairs(9..<12))
    #expect(whole.number == 64 && part.number == 64)
    #expect(whole.variance == 64 && part.variance == 512)
    #expect(all.solved == 64 && all.found == 64 && sample.solved == 8 && sample.found == 64)
  }

  @Test func anyNumberHasACell() {
    for probability in [-Double.infinity, -1e300, -1, -0.0, .nan] {
      #expect(ProbabilityHistogram.cell(of: probability) == 0)
    }
    for probability in [1, 1e300, Double.infinity] { #expect(ProbabilityHistogram.cell(of: probability) == 11) }
  }

  @Test func theWorstIntervalDecides() {
    func interval(_ p: Double, _ count: Int, _ real: Int) -> Reliability {
      let sums = histogram([(p, count, real)]).total
      return Reliability(sums, FalsePairs(counting: sums))
    }
    let (good, bad, small) = (interval(0.5, 100, 50), interval(0.25, 300, 225), interval(0.5, 10, 0))
    #expect(Reliability.overall([good, small]) == .agrees)
    #expect(Reliability.overall([good, bad, small]) == .tooLow)
    #expect(Reliability.overall([small]) == .few)
    #expect(Reliability.expectedError([good, bad]) == 0.375)
    #expect(Reliability.expectedError([good, interval(0.9, 0, 0)]) == 0)
  }
}
