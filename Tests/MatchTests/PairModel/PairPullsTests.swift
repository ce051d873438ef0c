import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Pairs whose positions hidden neighbours pull: how models are fitted to them, and how they are judged.
@Suite struct PairPullsTests {
  private static let reach = SearchReach(level: 36, tailArcsec: 4, largestSeparationArcsec: 60)
  private static let wide = pointSpread(6.1)
  private static let narrow = pointSpread(0.3)

  private static func pointSpread(_ width: Double) -> PointSpread {
    guard let found = try? PointSpread(fwhmArcsec: width) else { preconditionFailure("no PSF of \(width)") }
    return found
  }

  /// A law of random weights.
  private func law(_ rng: inout SplitMix64, unpulled: Double) -> PerturbationMixture {
    var values = MixtureValues()
    for j in 1..<MixtureBasis.count { values[j] = rng.uniform() * rng.uniform() }
    values = ((1 - unpulled) / values.sum) * values
    values[0] = unpulled
    return PerturbationMixture(weights: values)
  }

  @Test func aProfileIsTheConvolutionOfBothLaws() {
    forEverySeed { rng in
      let (basisA, basisB) = (MixtureBasis(Self.narrow), MixtureBasis(Self.wide))
      let (a, b) = (law(&rng, unpulled: 0.7), law(&rng, unpulled: 0.3))
      let profile = PullProfile(a, basisA, b, basisB)
      #expect(abs(profile.weights.reduce(0, +) - 1) < 1e-12)
      let variance = zip(profile.weights, profile.variancesArcsec2).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(variance / (a.variance(basisA) + b.variance(basisB)) - 1) < 1e-3, "seed \(rng.seed)")
      for spread in [1e-4, 1e-2, 0.3] {
        for separation in [0.01, 0.1, 0.5, 2, 5] {
          let level = separation * separation / (2 * spread)
          let found = profile.meanDensity(.quoted, spreadArcsec2: spread, from: level, to: level * (1 + 1e-9))
          let exact = PerturbedPair(a: basisA, b: basisB).value(
            a, b, varianceArcsec2: spread, separationArcsec: separation)
          let expected = exp(exact.logDensityPerArcsec2) * 2 * .pi * spread
          #expect(abs(found / expected - 1) < 0.03, "\(spread) \(separation): \(found) \(expected), seed \(rng.seed)")
          let share = profile.share(.quoted, spreadArcsec2: spread, below: level)
          #expect(abs(share + expm1(-exact.level)) < 0.01, "\(spread) \(separation), seed \(rng.seed)")
        }
      }
    }
  }

  @Test func withoutPullsAProfileIsThatOfTheErrors() {
    let profile = PullProfile(.none, MixtureBasis(Self.wide), .none, MixtureBasis(Self.narrow))
    for component in WidthComponent.all {
      let width = component.width(spreadArcsec2: 0.04)
      #expect(
        profile.meanDensity(component, spreadArcsec2: 0.04, from: 1, to: 2)
          == WidthComponent.meanDensity(from: 1, to: 2, width: width))
    }
    #expect(PairPulls.none.profiles(3, 5) == .none && PairPulls.none.isNone)
  }

  @Test func sumsOfLawsAddUpInAnyOrderAndKeepTheirBytes() throws {
    try forEverySeed { rng in
      let laws = (0..<40).map { _ in (law(&rng, unpulled: rng.uniform()), rng.below(PullClasses.count)) }
      var (all, first, second) = (PullSums(), PullSums(), PullSums())
      for (place, law) in laws.enumerated() {
        all.add(law.0, pullClass: law.1)
        if place % 3 == 0 { first.add(law.0, pullClass: law.1) } else { second.add(law.0, pullClass: law.1) }
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

  @Test func aClassHasTheMeanLawOfItsSources() {
    var rng = SplitMix64(seed: 5)
    let laws = (0..<10).map { _ in law(&rng, unpulled: 0.5) }
    var sums = PullSums()
    for law in laws { sums.add(law, pullClass: 4) }
    let mean = sums.meanLaw(4)
    for j in 0..<MixtureBasis.count {
      #expect(abs(mean.weights[j] - laws.reduce(0) { $0 + $1.weights[j] } / 10) < 1e-8)
    }
    #expect(sums.meanLaw(3) == .none && PullSums().meanLaw(0) == .none)
  }

  @Test func classesOfPullsRiseWithTheirMeanSquare() {
    var last = 0
    for exponent in stride(from: -12.0, through: 4, by: 0.1) {
      let place = PullClasses.place(varianceArcsec2: pow(10, exponent))
      #expect(place >= last && place < PullClasses.count)
      last = place
    }
    for odd in [Double.nan, -1, 0, -Double.infinity] { #expect(PullClasses.place(varianceArcsec2: odd) == 0) }
    #expect(PullClasses.place(varianceArcsec2: Double.infinity) == PullClasses.count - 1)
  }

  // MARK: Fits

  /// Counterparts that are pulled by one of a few laws, and chance pairs.
  private func counts(_ laws: [PerturbationMixture], _ rng: inout SplitMix64) -> PairKindCounts {
    let basis = MixtureBasis(Self.wide)
    let classes = laws.map { PullClasses.place(varianceArcsec2: $0.variance(basis)) }
    let sigma = 0.1
    let spread = 2 * sigma * sigma
    let (limit, levels) = (Self.reach.limit(spreadArcsec2: spread), LevelBins())
    var (pairs, sources): ([UInt64], [UInt64]) = ([], [])
    var pulls = PullSums()
    for pair in 0..<20_000 {
      let isReal = pair % 2 == 0
      let place = rng.below(laws.count)
      pulls.add(laws[place], pullClass: classes[place])
      sources.append(PairKind.sourceCode(class: 0, error: LogBins.errors.bin(sigma)))
      let level = isReal ? drawn(laws[place], basis, spread, &rng) : limit * rng.uniform()
      if level >= limit { continue }
      var kind = PairKind(
        fold: rng.below(PairKind.folds), classA: 0, classB: 0, errorA: LogBins.errors.bin(sigma),
        errorB: LogBins.errors.bin(sigma), spread: LogBins.spreads.bin(spread), density: LogBins.densities.bin(1e4),
        level: levels.bin(level))
      kind.pullB = classes[place]
      pairs.append(kind.code)
    }
    var counts = PairKindCounts(pairs: pairs, sourcesA: sources, sourcesB: sources)
    counts.pullsB = pulls
    return counts
  }

  /// t of a counterpart: that of a Gaussian of the law, blurred by the errors.
  private func drawn(
    _ law: PerturbationMixture, _ basis: MixtureBasis, _ spread: Double, _ rng: inout SplitMix64
  ) -> Double {
    var left = rng.uniform() * law.total
    for j in 0..<MixtureBasis.count {
      left -= law.weights[j]
      if left < 0 { return -(1 + basis.variances[j] / spread) * log(1 - rng.uniform()) }
    }
    return -log(1 - rng.uniform())
  }

  @Test func pulledCounterpartsAreCountedAndLeaveNothingToOtherWidths() {
    forEverySeed(Array(Seeds.quick.prefix(3))) { rng in
      let laws = [law(&rng, unpulled: 0.9), law(&rng, unpulled: 0.5), law(&rng, unpulled: 0.1)]
      let counts = counts(laws, &rng)
      let known = PairModelFit(
        counts, reach: Self.reach, classesA: 1, classesB: 1, pointSpreads: (nil, Self.wide)
      ).model()
      #expect(abs(known.counterparts / 10_000 - 1) < 0.03, "\(known.counterparts), seed \(rng.seed)")
      #expect(quoted(known) > 0.9, "\(known.widths), seed \(rng.seed)")
      let unknown = PairModelFit(counts, reach: Self.reach, classesA: 1, classesB: 1).model()
      #expect(quoted(unknown) < quoted(known) - 0.15, "\(unknown.widths), seed \(rng.seed)")
    }
  }

  private func quoted(_ model: PairModel) -> Double {
    zip(WidthComponent.all, model.widths.shares.ranges[0]).reduce(0) { $0 + ($1.0 == .quoted ? $1.1 : 0) }
  }

  @Test func pairsAreJudgedByTheLawsOfTheirOwnSources() throws {
    var rng = SplitMix64(seed: 11)
    let laws = [law(&rng, unpulled: 0.8), law(&rng, unpulled: 0.2)]
    let model = PairModelFit(
      counts(laws, &rng), reach: Self.reach, classesA: 1, classesB: 1, pointSpreads: (nil, Self.wide)
    ).model()
    #expect(try PairModel(payload: model.payload) == model)
    let judge = PairJudge(try PairModel(payload: model.payload), reach: Self.reach)
    let (spread, pair) = (0.02, PerturbedPair(a: .none, b: MixtureBasis(Self.wide)))
    for law in laws {
      let pulls = PairModel.Pulls(a: .none, b: law)
      for separation in [0.0, 0.1, 0.5, 1.5, 3] {
        let level = separation * separation / (2 * spread)
        let found = judge.logSeparationFactor(level: level, spreadArcsec2: spread, pulls: pulls)
        var expected = 0.0
        for (component, weight) in zip(WidthComponent.all, model.widths.shares.ranges[0]) where weight > 0 {
          let value = pair.value(
            .none, law, varianceArcsec2: spread * component.width(spreadArcsec2: spread), separationArcsec: separation)
          expected += weight * exp(value.logDensityPerArcsec2) * 2 * .pi * spread
        }
        let chance = PairWidths.chance(
          slope: model.widths.slope, level, Self.reach.limit(spreadArcsec2: spread))
        #expect(abs(found - log(expected / chance)) < 1e-6, "\(separation)")
      }
    }
  }

  /// By five separate values of G, with and without drifts.
  @Test func contaminationIsTheShareThatLawsWithoutBrightNeighboursLeave() {
    forEverySeed { rng in
      let given = [law(&rng, unpulled: 0.6), law(&rng, unpulled: 0.2)]
      let model = PairModelFit(
        counts(given, &rng), reach: Self.reach, classesA: 1, classesB: 1, pointSpreads: (Self.narrow, Self.wide)
      ).model()
      let judge = PairJudge(model, reach: Self.reach)
      func part(_ law: PerturbationMixture, _ share: Double) -> PerturbationMixture {
        PerturbationMixture(weights: share * law.weights)
      }
      func mixtures(_ unpulled: Double) -> PerturbationGrid.Mixtures {
        let clean = law(&rng, unpulled: unpulled + 0.2)
        return PerturbationGrid.Mixtures(
          law: law(&rng, unpulled: unpulled), without10: part(clean, 0.8), without1: part(clean, 0.5))
      }
      let motion = MotionWidths(weights: [0.2, 0.1, 0.3, 0.2, 0.1, 0.1])
      let sides = [mixtures(0.6), mixtures(0.2), .none]
      for (a, b, years) in [(0, 1, 0.0), (0, 1, 15), (2, 1, 0), (0, 2, 8), (2, 2, 3)] {
        let (a, b) = (sides[a], sides[b])
        let drift = DriftLaw(motion, years: years, spreadArcsec2: 0.02)
        for level in [0.0, 0.5, 4, 30, 400] {
          func logDensity(_ a: PerturbationMixture, _ b: PerturbationMixture) -> Double {
            judge.logSeparationFactor(
              level: level, spreadArcsec2: 0.02, pulls: PairModel.Pulls(a: a, b: b, drift: drift))
          }
          let all = logDensity(a.law, b.law)
          func contaminated(_ clean: Double) -> Double { min(max(-expm1(clean - all), 0), 1) }
          let found = judge.contamination(level: level, spreadArcsec2: 0.02, drift: drift, a: a, b: b)
          let expected = ContaminationPosterior(
            a10: contaminated(logDensity(a.without10, b.law)), a1: contaminated(logDensity(a.without1, b.law)),
            b10: contaminated(logDensity(a.law, b.without10)), b1: contaminated(logDensity(a.law, b.without1)))
          for (one, other) in [
            (found.a10, expected.a10), (found.a1, expected.a1), (found.b10, expected.b10), (found.b1, expected.b1),
          ] { #expect(abs(one - other) < 1e-9, "level \(level), \(found) \(expected), seed \(rng.seed)") }
        }
      }
    }
  }

  @Test func exchangingTheCataloguesChangesNoVerdict() {
    forEverySeed { rng in
      let laws = [law(&rng, unpulled: 0.8), law(&rng, unpulled: 0.2)]
      let given = counts(laws, &rng)
      var exchanged = PairKindCounts()
      var codes: [UInt64] = []
      for (code, count) in zip(given.pairs.codes, given.pairs.counts) {
        var kind = PairKind(code: code)
        swap(&kind.classA, &kind.classB)
        swap(&kind.errorA, &kind.errorB)
        swap(&kind.pullA, &kind.pullB)
        codes += Array(repeating: kind.code, count: Int(count))
      }
      exchanged = PairKindCounts(pairs: codes, sourcesA: [], sourcesB: [])
      (exchanged.sourcesA, exchanged.sourcesB) = (given.sourcesB, given.sourcesA)
      exchanged.pullsA = given.pullsB
      let one = PairJudge(
        PairModelFit(given, reach: Self.reach, classesA: 1, classesB: 1, pointSpreads: (nil, Self.wide)).model(),
        reach: Self.reach)
      let other = PairJudge(
        PairModelFit(exchanged, reach: Self.reach, classesA: 1, classesB: 1, pointSpreads: (Self.wide, nil)).model(),
        reach: Self.reach)
      var pair = PairModel.Pair(
        level: 9, spreadArcsec2: 0.02, densityPerDegree2: 1e4,
        kind: PairKind(
          fold: 1, classA: 0, classB: PairKind.unknownClass, errorA: 100, errorB: 110, spread: 0, density: 0, level: 0))
      let clean = PairModel.Pulls.Clean(law: laws[0], classes: SIMD4(0, 0, 127, 127))
      let pulls = PairModel.Pulls(a: .none, b: laws[1], cleanA: nil, cleanB: clean)
      let verdict = one.verdict(on: pair, pulls: pulls)
      swap(&pair.kind.classA, &pair.kind.classB)
      swap(&pair.kind.errorA, &pair.kind.errorB)
      let turned = other.verdict(
        on: pair, pulls: PairModel.Pulls(a: laws[1], b: .none, cleanA: clean, cleanB: nil))
      #expect(abs(verdict.both - turned.both) < 1e-6 * max(1, abs(verdict.both)), "seed \(rng.seed)")
      #expect(abs(verdict.position - turned.position) < 1e-6 * max(1, abs(verdict.position)), "seed \(rng.seed)")
    }
  }

  @Test func noPullIsJudgedAsIfNothingWereKnown() {
    var rng = SplitMix64(seed: 12)
    let model = PairModelFit(
      counts([law(&rng, unpulled: 0.5)], &rng), reach: Self.reach, classesA: 1, classesB: 1,
      pointSpreads: (nil, Self.wide)
    ).model()
    let judge = PairJudge(model, reach: Self.reach)
    for level in [0.0, 1, 20, 300, 1e5] {
      let plain = judge.logSeparationFactor(level: level, spreadArcsec2: 0.02)
      let unpulled = judge.logSeparationFactor(
        level: level, spreadArcsec2: 0.02, pulls: PairModel.Pulls(a: .none, b: .none))
      #expect(abs(plain - unpulled) < 1e-9 * max(1, abs(plain)), "\(level)")
    }
  }

  @Test func sharesInsideTheSearchAreThoseOfTheClasses() {
    var rng = SplitMix64(seed: 13)
    let laws = [law(&rng, unpulled: 0.9), law(&rng, unpulled: 0.1)]
    let model = PairModelFit(
      counts(laws, &rng), reach: Self.reach, classesA: 1, classesB: 1, pointSpreads: (nil, Self.wide)
    ).model()
    let limits = (0..<LogBins.spreads.count).map { Self.reach.limit(spreadBin: $0) }
    let inside = SharesInside(model, limits: limits)
    let bin = LogBins.spreads.bin(0.02)
    let classes = laws.map { PullClasses.place(varianceArcsec2: $0.variance(MixtureBasis(Self.wide))) }
    for place in classes {
      let expected = model.widths.share(
        spreadArcsec2: LogBins.spreads.middle(bin), limit: limits[bin], pulls: model.pulls.profiles(0, place))
      #expect(inside.share(0, place, spreadBin: bin) == expected)
      #expect(inside.mean(isA: false, pull: place, spreadBin: bin) == expected)
    }
    let mean = inside.mean(isA: true, pull: 0, spreadBin: bin)
    let both = classes.map { inside.share(0, $0, spreadBin: bin) }
    #expect(mean >= (both.min() ?? 2) && mean <= (both.max() ?? -1))
    // Classes without sources answer as the nearest with some.
    #expect((0..<PullClasses.count).allSatisfy { both.contains(inside.share($0, $0, spreadBin: bin)) })
  }

  // MARK: Tools

  @Test func numbersAreOrderedWithoutMovingEqualOnes() {
    forEverySeed { rng in
      let numbers = (0..<3000).map { _ in rng.next() >> UInt64(rng.below(60)) & 0x3_ffff }
      let expected = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
      #expect(RadixSort.order(of: numbers, bits: 18).map(Int.init) == expected, "seed \(rng.seed)")
    }
    #expect(RadixSort.order(of: [], bits: 10).isEmpty)
  }

  @Test func logarithmsOfEightNumbersAreExact() {
    forEverySeed { rng in
      for _ in 0..<500 {
        var x = SIMD8<Double>.zero
        for lane in 0..<8 { x[lane] = rng.logUniform(1e-300, 1e300) }
        x[0] = 1
        x[1] = 1 + 1e-12 * rng.uniform(-1, 1)
        let found = logarithm(x)
        for lane in 0..<8 {
          #expect(abs(found[lane] - log(x[lane])) <= 4e-16 * max(abs(log(x[lane])), 1), "\(x[lane]), seed \(rng.seed)")
        }
      }
    }
  }
}
