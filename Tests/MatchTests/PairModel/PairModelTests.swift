import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Models of pairs fitted to made-up kinds.
@Suite struct PairModelTests {
  private static let reach = SearchReach(level: 36, tailArcsec: 2, largestSeparationArcsec: 60)
  private static let density = 1e5

  /// Pairs of counterparts and of chance in a field, with classes that belong together, and their sources.
  private struct Field {
    var pairs: [UInt64] = []
    var sourcesA: [UInt64] = []
    var sourcesB: [UInt64] = []
    private let levels = LevelBins()

    /// - Parameter variance: That of counterparts over the quoted one, by √det of the quoted covariance, arcsec².
    init(
      counterparts: Int, chancePairs: Int, sources: Int, variance: (Double) -> Double = { _ in 1 },
      _ rng: inout SplitMix64
    ) {
      for pair in 0..<counterparts + chancePairs {
        let isReal = pair < counterparts
        let (sigmaA, sigmaB) = (0.1 * rng.uniform(1, 2), 0.3 * rng.uniform(1, 2))
        let spread = sigmaA * sigmaA + sigmaB * sigmaB
        let limit = PairModelTests.reach.limit(spreadArcsec2: spread)
        let level = isReal ? -variance(spread) * log(1 - rng.uniform()) : limit * rng.uniform()
        if level >= limit { continue }
        let classA = rng.below(10)
        let kind = PairKind(
          fold: rng.below(PairKind.folds), classA: classA,
          classB: isReal ? min(9, classA + rng.below(2)) : rng.below(10),
          errorA: LogBins.errors.bin(sigmaA), errorB: LogBins.errors.bin(sigmaB), spread: LogBins.spreads.bin(spread),
          density: LogBins.densities.bin(PairModelTests.density * rng.uniform(0.8, 1.2)), level: levels.bin(level))
        pairs.append(kind.code)
      }
      for _ in 0..<sources {
        for isA in [true, false] {
          let sigma = (isA ? 0.1 : 0.3) * rng.uniform(1, 2)
          let code = PairKind.sourceCode(class: rng.below(10), error: LogBins.errors.bin(sigma))
          if isA { sourcesA.append(code) } else { sourcesB.append(code) }
        }
      }
    }

    var counts: PairKindCounts { PairKindCounts(pairs: pairs, sourcesA: sourcesA, sourcesB: sourcesB) }

    /// The same with a and b exchanged.
    var exchanged: PairKindCounts {
      let codes = pairs.map { code in
        var kind = PairKind(code: code)
        swap(&kind.classA, &kind.classB)
        swap(&kind.errorA, &kind.errorB)
        return kind.code
      }
      return PairKindCounts(pairs: codes, sourcesA: sourcesB, sourcesB: sourcesA)
    }
  }

  private func model(_ counts: PairKindCounts, classes: Int = 10) -> PairModel {
    PairModelFit(counts, reach: Self.reach, classesA: classes, classesB: classes).model()
  }

  private func quotedWeight(_ model: PairModel) -> Double {
    zip(WidthComponent.all, model.widths.shares.ranges[0]).reduce(0) { $0 + ($1.0 == .quoted ? $1.1 : 0) }
  }

  @Test func counterpartsAreCounted() {
    for (counterparts, chance) in [(8000, 4000), (3000, 20_000), (500, 20_000)] {
      forEverySeed(Array(Seeds.quick.prefix(2))) { rng in
        let found = model(Field(counterparts: counterparts, chancePairs: chance, sources: 20_000, &rng).counts)
        let deviation = (found.counterparts - Double(counterparts)) / found.counterpartsError
        #expect(
          abs(deviation) < 5, "\(counterparts): \(found.counterparts) ± \(found.counterpartsError), seed \(rng.seed)")
        #expect(quotedWeight(found) > 0.95, "seed \(rng.seed): \(found.widths)")
      }
    }
  }

  @Test func theErrorOfTheirNumberIsItsScatter() {
    let (seeds, number) = (20, 400)
    var sum = 0.0
    for seed in 1...seeds {
      var rng = SplitMix64(seed: UInt64(seed))
      let found = model(Field(counterparts: number, chancePairs: 10_000, sources: 20_000, &rng).counts)
      let deviation = (found.counterparts - Double(number)) / found.counterpartsError
      sum += deviation * deviation
    }
    let scatter = (sum / Double(seeds)).squareRoot()
    #expect((0.6...1.4).contains(scatter), "\(scatter) of its errors over seeds 1 to \(seeds)")
  }

  /// The mean of R/(1 + R), ln R normal, by a sum.
  @Test func uncertainRatiosGiveTheMeanProbability() {
    for scatter in [0.01, 0.3, 1, 2] {
      for logRatio in stride(from: -8.0, through: 8, by: 0.5) {
        var (mean, weight) = (0.0, 0.0)
        for step in -400...400 {
          let x = Double(step) / 50
          let part = exp(-x * x / 2)
          mean += part / (1 + exp(-(logRatio - scatter / 2 + x * scatter.squareRoot())))
          weight += part
        }
        let p = 1 / (1 + exp(-PairJudge.uncertain(logRatio, scatter: scatter)))
        #expect(abs(p - mean / weight) < 0.01, "ln R \(logRatio), variance \(scatter)")
        let (wrong, expected) = (1 - p, 1 - mean / weight)
        #expect(abs(log(wrong / expected)) < 0.2, "ln R \(logRatio), variance \(scatter)")
      }
    }
  }

  @Test func withoutCounterpartsFewAreBelievedIn() {
    forEverySeed { rng in
      let found = model(Field(counterparts: 0, chancePairs: 20_000, sources: 20_000, &rng).counts)
      #expect(found.counterparts < 5 * max(found.counterpartsError, 10), "seed \(rng.seed)")
      #expect(found.levelWeights[0] > 0.5, "magnitudes say nothing, seed \(rng.seed)")
    }
  }

  @Test func theWidthOfTheErrorsIsFound() {
    forEverySeed(Array(Seeds.quick.prefix(2))) { rng in
      let found = model(
        Field(counterparts: 8000, chancePairs: 8000, sources: 20_000, variance: { _ in 4 }, &rng).counts)
      let mean = zip(WidthComponent.all, found.widths.shares.ranges[0]).reduce(0) {
        $0 + $1.1 * $1.0.width(spreadArcsec2: 0.2)
      }
      #expect(abs(mean - 4) < 0.4, "seed \(rng.seed): \(found.widths)")
      #expect(abs(found.counterparts - 8000) < 5 * found.counterpartsError, "seed \(rng.seed)")
    }
  }

  private func meanWidth(_ model: PairModel, spreadArcsec2: Double) -> Double {
    zip(WidthComponent.all, model.widths.shares.weights(spreadArcsec2: spreadArcsec2)).reduce(0) {
      $0 + $1.1 * $1.0.width(spreadArcsec2: spreadArcsec2)
    }
  }

  @Test func errorsThatAreWrongWhereTheyAreSmallAreFoundSo() {
    forEverySeed(Array(Seeds.quick.prefix(2))) { rng in
      let field = Field(
        counterparts: 12_000, chancePairs: 12_000, sources: 20_000, variance: { $0 < 0.2 ? 4 : 1 }, &rng)
      let found = model(field.counts)
      #expect(found.widths.shares.ends.count >= 1, "seed \(rng.seed): \(found.widths)")
      #expect(abs(meanWidth(found, spreadArcsec2: 0.14) - 4) < 0.8, "seed \(rng.seed): \(found.widths)")
      #expect(abs(meanWidth(found, spreadArcsec2: 0.35) - 1) < 0.2, "seed \(rng.seed): \(found.widths)")
      #expect(abs(found.counterparts - 12_000) < 5 * found.counterpartsError, "seed \(rng.seed)")
      #expect((try? PairModel(payload: found.payload)) == found)
    }
  }

  @Test func errorsThatAreRightEverywhereAreOneRange() {
    forEverySeed { rng in
      let found = model(Field(counterparts: 8000, chancePairs: 8000, sources: 20_000, &rng).counts)
      #expect(found.widths.shares.ends.isEmpty, "seed \(rng.seed): \(found.widths)")
    }
  }

  @Test func exchangingTheCataloguesExchangesTheAnswer() {
    forEverySeed(Array(Seeds.quick.prefix(2))) { rng in
      let field = Field(counterparts: 3000, chancePairs: 6000, sources: 8000, &rng)
      let (one, other) = (model(field.counts), model(field.exchanged))
      for code in field.pairs.prefix(50) {
        let kind = PairKind(code: code)
        var turned = kind
        swap(&turned.classA, &turned.classB)
        swap(&turned.errorA, &turned.errorB)
        func verdict(_ model: PairModel, _ kind: PairKind) -> PairModel.Verdict {
          PairJudge(model, reach: Self.reach).verdict(
            on: PairModel.Pair(level: 2, spreadArcsec2: 0.2, densityPerDegree2: 1e5, kind: kind))
        }
        let (a, b) = (verdict(one, kind), verdict(other, turned))
        #expect(abs(a.both - b.both) < 1e-6 && abs(a.position - b.position) < 1e-6, "seed \(rng.seed)")
      }
    }
  }

  @Test func addedCountsAreThoseOfTheWhole() {
    var rng = SplitMix64(seed: 3)
    let (one, other) = (
      Field(counterparts: 500, chancePairs: 900, sources: 700, &rng),
      Field(counterparts: 300, chancePairs: 9, sources: 70, &rng)
    )
    var sum = one.counts
    sum += other.counts
    #expect(
      sum
        == PairKindCounts(
          pairs: other.pairs + one.pairs, sourcesA: one.sourcesA + other.sourcesA,
          sourcesB: one.sourcesB + other.sourcesB))
    var writer = IntegerWriter()
    sum.write(to: &writer)
    var reader = IntegerReader(writer.bytes[...])
    #expect((try? PairKindCounts(from: &reader)) == sum && reader.isAtEnd)
  }

  @Test func aModelSurvivesAsBytes() throws {
    var rng = SplitMix64(seed: 4)
    let found = model(Field(counterparts: 500, chancePairs: 900, sources: 1000, &rng).counts)
    let payload = found.payload
    #expect(try PairModel(payload: payload) == found)
    for length in stride(from: 0, to: payload.count, by: 97) {
      #expect(throws: IntegerReader.Malformed.self) { try PairModel(payload: Array(payload.prefix(length))) }
    }
    #expect(throws: IntegerReader.Malformed.self) { try PairModel(payload: payload + [0]) }
  }

  @Test func anyPairHasAFiniteVerdict() {
    var rng = SplitMix64(seed: 5)
    let found = model(Field(counterparts: 500, chancePairs: 900, sources: 1000, &rng).counts)
    let judge = PairJudge(found, reach: Self.reach)
    let kind = PairKind(
      fold: 4, classA: PairKind.unknownClass, classB: PairKind.unknownClass, errorA: 0, errorB: 255, spread: 0,
      density: 0,
      level: 0)
    for value in [0, 1e-300, 1e-3, 1, 1e9, 1e300, .infinity, .nan] {
      for (level, spread, density) in [(value, 1.0, 1.0), (1, value, 1), (1, 1, value), (value, value, value)] {
        let verdict = judge.verdict(
          on: PairModel.Pair(level: level, spreadArcsec2: spread, densityPerDegree2: density, kind: kind))
        #expect(verdict.position.isFinite && verdict.both.isFinite, "\(level) \(spread) \(density)")
        #expect(verdict.unmatchedA > 0 && verdict.unmatchedB > 0)
      }
    }
  }

  @Test func noPairsAtAllMakeAModelThatBelievesInNone() {
    let found = model(PairKindCounts(pairs: [], sourcesA: [5, 6], sourcesB: [7]))
    let kind = PairKind(fold: 0, classA: 1, classB: 1, errorA: 9, errorB: 9, spread: 9, density: 9, level: 0)
    let verdict = PairJudge(found, reach: Self.reach).verdict(
      on: PairModel.Pair(level: 0, spreadArcsec2: 0.1, densityPerDegree2: 1e5, kind: kind))
    #expect(found.counterparts < 1 && verdict.both.isFinite)
  }

  /// One pair far out says nothing, however many counterparts it would take to make it one.
  @Test(arguments: [[10.0], [3, 16], [30]]) func aPairOrTwoAreNoReasonForCertainty(levels: [Double]) {
    let bins = LevelBins()
    let codes = levels.map { level in
      PairKind(
        fold: 0, classA: 1, classB: 1, errorA: LogBins.errors.bin(0.1), errorB: LogBins.errors.bin(0.3),
        spread: LogBins.spreads.bin(0.1), density: LogBins.densities.bin(2e3), level: bins.bin(level)
      ).code
    }
    let counts = PairKindCounts(
      pairs: codes, sourcesA: Array(repeating: 300, count: 40), sourcesB: Array(repeating: 300, count: 30_000))
    for given in [nil, 20.0] {
      let found = PairModelFit(counts, reach: Self.reach, classesA: 10, classesB: 10, counterparts: given).model()
      let verdict = PairJudge(found, reach: Self.reach).verdict(
        on: PairModel.Pair(level: 30, spreadArcsec2: 0.1, densityPerDegree2: 2e3, kind: PairKind(code: codes[0])))
      #expect(verdict.both < 0 && verdict.position < 0, "\(found.widths.odds)")
    }
  }

  @Test func everyPairBelowTheLimitIsWithinReach() {
    forEverySeed { rng in
      for _ in 0..<2000 {
        func state() -> SourceState {
          SourceState(
            raDegrees: 0, decDegrees: 0,
            covariance: PositionCovariance(
              sigmaRA: 0.02 * exp(rng.uniform(0, 4)), sigmaDec: 0.02 * exp(rng.uniform(0, 4)),
              correlation: rng.uniform(-0.9, 0.9)))
        }
        let (a, b) = (state(), state())
        let likelihood = WideLikelihood(reach: Self.reach)
        let separation = rng.uniform(0, 30)
        guard likelihood.candidate(a, b, separationArcsec: separation, below: 36) != nil else { continue }
        let (one, other) = (likelihood.reachArcsec(of: a, level: 36), likelihood.reachArcsec(of: b, level: 36))
        #expect(separation <= (one * one + other * other).squareRoot() * (1 + 1e-12), "seed \(rng.seed)")
      }
    }
  }

  @Test func kindsAreTheirNumbers() {
    var rng = SplitMix64(seed: 6)
    for _ in 0..<1000 {
      let kind = PairKind(
        fold: rng.below(5), classA: rng.below(128), classB: rng.below(128), errorA: rng.below(256),
        errorB: rng.below(256),
        spread: rng.below(256), density: rng.below(128), level: rng.below(128))
      #expect(PairKind(code: kind.code) == kind && kind.code < 1 << 55)
    }
  }

  @Test func numbersAreSortedByTheirBytes() {
    forEverySeed { rng in
      let numbers = (0..<3000).map { _ in rng.next() >> UInt64(10 + rng.below(50)) }
      #expect(RadixSort.sorted(numbers, bits: 54) == numbers.sorted(), "seed \(rng.seed)")
    }
  }
}
