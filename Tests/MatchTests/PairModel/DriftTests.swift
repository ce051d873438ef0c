import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Sources whose motions are not known: how far they drift, and how pairs of them are fitted and judged.
@Suite struct DriftTests {
  private func motion(_ rng: inout SplitMix64) -> MotionWidths {
    let weights = (0..<18).map { _ in rng.uniform() * rng.uniform() }
    let total = weights.reduce(0, +)
    return MotionWidths(weights: weights.map { $0 / total })
  }

  /// The density of a sum of Gaussians.
  private func density(_ terms: [(weight: Double, variance: Double)], _ separation: Double) -> Double {
    terms.reduce(0) { $0 + $1.weight * exp(-separation * separation / (2 * $1.variance)) / (2 * .pi * $1.variance) }
  }

  private func terms(_ law: DriftLaw, beside variance: Double) -> [(weight: Double, variance: Double)] {
    (0..<DriftLaw.count).map { (law.weights[$0], variance + law.variancesArcsec2[$0]) }
  }

  @Test func aDriftHasTheWidthsOfTheMotion() {
    forEverySeed { rng in
      let motion = motion(&rng)
      let (years, spread) = (rng.uniform(0.1, 40), pow(10, rng.uniform(-5, 0)))
      let law = DriftLaw(motion, years: years, spreadArcsec2: spread)
      #expect(abs(law.weights.sum() - 1) < 1e-12 && !law.isNone)
      let mean = motion.meanSquare / 2 * years * years * 1e-6
      #expect(abs(law.meanVarianceArcsec2 / mean - 1) < 1e-9, "seed \(rng.seed)")
      let exact = motion.variancesArcsec2(years: years).map { ($0.weight, spread + $0.varianceArcsec2) }
      for step in 0..<20 {
        let separation = mean.squareRoot() * Double(step) / 5
        let (found, expected) = (density(terms(law, beside: spread), separation), density(exact, separation))
        #expect(abs(found / expected - 1) < 0.12, "\(separation): \(found) \(expected), seed \(rng.seed)")
      }
    }
  }

  @Test(arguments: [0, Double.nan, Double.infinity, -Double.infinity, 1e5])
  func noYearsOrImpossibleOnesAreNoDrift(years: Double) {
    var rng = SplitMix64(seed: 3)
    let law = DriftLaw(motion(&rng), years: years, spreadArcsec2: 0.01)
    #expect(law == .none && law.isNone && law.meanVarianceArcsec2 == 0)
    #expect(DriftLaw(weights: [], variancesArcsec2: [], squaredYears: 1) == .none)
  }

  @Test func aVarianceLiesBetweenTwoOfTheGrid() {
    for exponent in stride(from: -12.0, through: 4, by: 0.05) {
      let variance = pow(10, exponent)
      let (lower, share) = DriftGrid.place(variance)
      let values = DriftGrid.variancesArcsec2
      let mean = (1 - share) * values[lower] + share * values[lower + 1]
      #expect((0...1).contains(share) && abs(mean / min(variance, values[DriftGrid.count - 1]) - 1) < 1e-9)
    }
    for odd in [0, -1, Double.nan] { #expect(DriftGrid.place(odd) == (0, 0)) }
    #expect(DriftGrid.place(.infinity) == (DriftGrid.count - 2, 1))
  }

  @Test func sumsOfDriftsAddUpInAnyOrderAndKeepTheirBytes() throws {
    try forEverySeed { rng in
      var (all, first, second) = (PullSums(), PullSums(), PullSums())
      for place in 0..<40 {
        let drift = place % 4 == 0 ? nil : SourceDrift(motion(&rng), years: rng.uniform(-30, 30))
        let pullClass = rng.below(3)
        all.add(.none, drift: drift, pullClass: pullClass)
        if place % 3 == 0 {
          first.add(.none, drift: drift, pullClass: pullClass)
        } else {
          second.add(.none, drift: drift, pullClass: pullClass)
        }
      }
      second += first
      #expect(second == all, "seed \(rng.seed)")
      var writer = IntegerWriter()
      all.write(to: &writer)
      var reader = IntegerReader(writer.bytes[...])
      let read = try PullSums(from: &reader)
      #expect(read == all && reader.isAtEnd)
      for end in writer.bytes.indices {
        var short = IntegerReader(writer.bytes[..<end])
        #expect(throws: IntegerReader.Malformed.self) { try PullSums(from: &short) }
      }
    }
  }

  @Test func aClassDriftsAsItsSourcesDoOnTheAverage() {
    var rng = SplitMix64(seed: 7)
    let drifts = (0..<9).map { _ in SourceDrift(motion(&rng), years: rng.uniform(5, 20)) }
    var sums = PullSums()
    for drift in drifts { sums.add(.none, drift: drift, pullClass: 2) }
    sums.add(.none, pullClass: 2)
    let mean = zip(sums.meanDrift(2), DriftGrid.variancesArcsec2).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(mean / (drifts.reduce(0) { $0 + $1.varianceArcsec2 } / 10) - 1) < 1e-6)
    #expect(abs(sums.meanSquaredYears(2) / (drifts.reduce(0) { $0 + $1.years * $1.years } / 10) - 1) < 1e-4)
    #expect(sums.meanDrift(1).isEmpty && sums.meanSquaredYears(1) == 0)
  }

  // MARK: Fits

  private static let reach = SearchReach(level: 36, tailArcsec: 6, largestSeparationArcsec: 60)

  /// Counterparts of one speed per axis, seen over years that differ, of which the model of the Galaxy says something else.
  private func model(speedMasPerYear: Double, modelled: MotionWidths, seed: UInt64) -> PairModel {
    var rng = SplitMix64(seed: seed)
    let (sigma, levels) = (0.1, LevelBins())
    let spread = 2 * sigma * sigma
    let limit = Self.reach.limit(spreadArcsec2: spread)
    var (pairs, sources): ([UInt64], [UInt64]) = ([], [])
    var pulls = PullSums()
    for pair in 0..<20_000 {
      let years = pair % 4 < 2 ? 5.0 : 20
      let drift = SourceDrift(modelled, years: years)
      let pullClass = PullClasses.place(varianceArcsec2: drift.varianceArcsec2)
      pulls.add(.none, drift: drift, pullClass: pullClass)
      sources.append(PairKind.sourceCode(class: 0, error: LogBins.errors.bin(sigma)))
      let speed = speedMasPerYear * years * 1e-3
      let width = (spread + speed * speed) / spread
      let level = pair % 2 == 0 ? -log(rng.uniform()) * width : limit * rng.uniform()
      if level >= limit { continue }
      var kind = PairKind(
        fold: rng.below(PairKind.folds), classA: 0, classB: 0, errorA: LogBins.errors.bin(sigma),
        errorB: LogBins.errors.bin(sigma), spread: LogBins.spreads.bin(spread), density: LogBins.densities.bin(1e4),
        level: levels.bin(level))
      kind.pullB = pullClass
      pairs.append(kind.code)
    }
    var counts = PairKindCounts(pairs: pairs, sourcesA: sources, sourcesB: sources)
    counts.pullsB = pulls
    return PairModelFit(counts, reach: Self.reach, classesA: 1, classesB: 1).model()
  }

  /// ⟨V c⟩ of a pair of some years, arcsec²: what the fit says of its variance.
  private func variance(_ model: PairModel, years: Double, modelled: MotionWidths, spread: Double) -> Double {
    let drift = SourceDrift(modelled, years: years).varianceArcsec2
    return zip(WidthComponent.all, model.widths.shares.ranges[0]).reduce(0) { sum, term in
      let (component, weight) = term
      let moved =
        component.motionScale * component.motionScale * drift
        + component.speedVarianceArcsec2(squaredYears: years * years)
      return sum + weight * (component.width(spreadArcsec2: spread) * spread + moved)
    }
  }

  @Test(arguments: [0.0, 5, 10, 30])
  func speedsAreFoundWhateverTheModelOfTheGalaxySays(speed: Double) {
    let modelled = MotionWidths(weights: [0, 0, 0, 0, 0, 0, 0, 0.3, 0.4, 0.3])
    let model = model(speedMasPerYear: speed, modelled: modelled, seed: 11)
    #expect(abs(model.counterparts / 10_000 - 1) < 0.02, "\(model.counterparts)")
    for years in [5.0, 20] {
      let expected = 0.02 + pow(speed * years * 1e-3, 2)
      let found = variance(model, years: years, modelled: modelled, spread: 0.02)
      // Speeds come in steps of a factor of two.
      #expect(abs(found / expected - 1) < 0.3, "\(years) years: \(found) \(expected)")
    }
  }

  @Test func aPairIsJudgedByTheYearsBetweenItsSources() {
    let modelled = MotionWidths(weights: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    let speed = MotionWidths.sigma(of: 10)
    let model = model(speedMasPerYear: speed, modelled: modelled, seed: 12)
    let judge = PairJudge(model, reach: Self.reach)
    for years in [0.0, 3, 10, 25] {
      let law = DriftLaw(modelled, years: years, spreadArcsec2: 0.02)
      let variance = 0.02 + pow(speed * years * 1e-3, 2)
      for separation in [0.05, 0.3, 1] {
        let level = separation * separation / (2 * 0.02)
        let found = judge.logSeparationFactor(
          level: level, spreadArcsec2: 0.02, pulls: PairModel.Pulls(a: .none, b: .none, drift: law))
        let expected = log(0.02 / variance) - separation * separation / (2 * variance)
        #expect(abs(found - expected) < 0.1 * max(1, abs(expected)), "\(years) \(separation): \(found) \(expected)")
      }
    }
  }

  @Test func widthsWithoutDriftsComeFirst() {
    #expect(WidthComponent.all.starts(with: WidthComponent.withoutDrifts))
    #expect(WidthComponent.withoutDrifts.allSatisfy { !$0.asksForDrifts })
    #expect(WidthComponent.all.dropFirst(WidthComponent.withoutDrifts.count).allSatisfy { $0.asksForDrifts })
  }
}
