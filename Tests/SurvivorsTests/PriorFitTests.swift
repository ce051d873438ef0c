import Glibc
import Testing
import XMDBTestSupport

@testable import Match
@testable import Survivors

/// Densities from survivors on skies with known counterparts.
@Suite struct PriorFitTests {
  private static let fields: [SyntheticField.Recipe] = [
    .init(counterparts: 5000, fieldA: 3000, fieldB: 6000, sigmaA: 0.1...0.1, sigmaB: 0.2...0.2),
    .init(counterparts: 5000, fieldA: 3000, fieldB: 30_000, sigmaA: 0.3...0.3, sigmaB: 0.5...0.5),
    .init(
      counterparts: 20_000, fieldA: 8000, fieldB: 20_000, areaDegrees2: 1, sigmaA: 0.05...0.3, sigmaB: 0.2...0.6),
    .init(
      counterparts: 18_000, fieldA: 20_000, fieldB: 90_000, areaDegrees2: 9, sigmaA: 0.1...0.3, sigmaB: 0.2...0.4),
  ]

  @Test(arguments: 0..<4, [SurvivorOptions.Estimator.chiSquared, .binomial])
  func densitiesAreThoseOfTheSky(field: Int, estimator: SurvivorOptions.Estimator) throws {
    let recipe = Self.fields[field]
    let counts = SyntheticField(recipe, seed: 45).counts()
    let fit = try counts.priors(recipe.areaDegrees2, estimator)
    let errors = [
      fit.priors.counterpartsPerDegree2 * recipe.areaDegrees2 / Double(recipe.counterparts) - 1,
      fit.priors.unmatchedAPerDegree2 * recipe.areaDegrees2 / Double(recipe.fieldA) - 1,
      fit.priors.unmatchedBPerDegree2 * recipe.areaDegrees2 / Double(recipe.fieldB) - 1,
    ]
    print(
      "\(estimator), field \(field): relative errors \(errors), σ(N_c)/N_c \(fit.counterpartsError / fit.priors.counterpartsPerDegree2)"
    )
    #expect(abs(errors[0]) <= 0.007 && abs(errors[1]) <= 0.014 && abs(errors[2]) <= 0.014)
  }

  /// Numbers of all three kinds are drawn anew for each seed, as those of Poisson processes; in a field of 75,000 and in one of
  /// 280,000 sources of b per square degree.
  @Test(arguments: [(1500.0, 1000.0, 6000.0, 0.1, 0.1...0.4, 0.2...0.6), (2000, 2000, 12_000, 0.05, 0.5...0.5, 1...1)])
  func theLikelihoodKnowsItsUncertainty(
    counterparts: Double, fieldA: Double, fieldB: Double, area: Double, sigmaA: ClosedRange<Double>,
    sigmaB: ClosedRange<Double>
  ) throws {
    var pulls: [[Double]] = [[], [], []]
    for seed in UInt64(1)...40 {
      var generator = SeededGenerator(seed: seed &* 7919)
      func poisson(_ mean: Double) -> Int { Int((mean + mean.squareRoot() * generator.normal()).rounded()) }
      let recipe = SyntheticField.Recipe(
        counterparts: poisson(counterparts), fieldA: poisson(fieldA), fieldB: poisson(fieldB), areaDegrees2: area,
        sigmaA: sigmaA, sigmaB: sigmaB)
      let fit = try SyntheticField(recipe, seed: seed).counts().priors(area, .binomial)
      let found = [
        fit.priors.counterpartsPerDegree2, fit.priors.unmatchedAPerDegree2, fit.priors.unmatchedBPerDegree2,
      ]
      for (kind, truth) in [counterparts, fieldA, fieldB].enumerated() {
        pulls[kind].append((found[kind] - truth / area) / fit.covariance[kind][kind].squareRoot())
      }
    }
    for (kind, values) in pulls.enumerated() {
      let mean = values.reduce(0, +) / 40
      let spread = (values.reduce(0) { $0 + $1 * $1 } / 40).squareRoot()
      print("pulls of \(["N_c", "N_A", "N_B"][kind]): mean \(mean), spread \(spread)")
      #expect(abs(mean) < 0.5 && spread > 0.7 && spread < 1.35)
    }
  }

  @Test func swappingTheCataloguesSwapsTheDensities() throws {
    let graph = RandomGraph(seed: 6)
    var swapped = SurvivorCounts(
      design: SurvivorDesign(
        binsA: graph.design.binsB, binsB: graph.design.binsA, fractions: graph.design.fractions,
        partnersOnEdge: graph.design.partnersOnEdge))
    swapped.add(
      a: graph.b, b: graph.a, edges: SurvivorEdges(a: graph.edges.b, b: graph.edges.a, cdf: graph.edges.cdf))
    for estimator in [SurvivorOptions.Estimator.binomial, .chiSquared] {
      let options = SurvivorOptions(estimator: estimator)
      let first = graph.counts.estimate(bandA: 0, bandB: 1, areaDegrees2: 1e-4, options: options)
      let second = swapped.estimate(bandA: 1, bandB: 0, areaDegrees2: 1e-4, options: options)
      let (one, other) = (try first.priors.get().priors, try second.priors.get().priors)
      #expect(abs(one.counterpartsPerDegree2 / other.counterpartsPerDegree2 - 1) < 1e-9)
      #expect(abs(one.unmatchedAPerDegree2 / other.unmatchedBPerDegree2 - 1) < 1e-9)
      #expect(first.fieldA == second.fieldB)
      for i in 0..<first.binsA.count {
        for j in 0..<first.binsB.count {
          let (here, there) = (first.counterparts(binA: i, binB: j), second.counterparts(binA: j, binB: i))
          #expect(abs(here - there) <= 1e-9 * here)
        }
      }
    }
  }

  @Test func aFitThatCannotBeIsAnOutcome() {
    let empty = SurvivorCounts(
      design: SurvivorDesign(
        binsA: [MagnitudeBins(edges: [10, 11])], binsB: [MagnitudeBins(edges: [0])]))
    for estimator in [SurvivorOptions.Estimator.binomial, .chiSquared] {
      let densities = empty.estimate(areaDegrees2: 1, options: SurvivorOptions(estimator: estimator))[0][0]
      #expect(densities.priors == .failure(.noSources))
      #expect(densities.fieldA == [1e-10] && densities.fieldB.isEmpty && densities.counterparts.isEmpty)
      #expect(densities.logLikelihoodRatio(magnitudeA: 10.5, magnitudeB: 10.5) == 0)
    }
  }

  @Test(arguments: [
    (1000.0, 5.0, 3.0, [1000, 10, 10] as [Double]?),
    (1000, 5, 200_000, nil),
    (5, 1000, 2000, [10, 1000, 2000]),
    (1000, 5, 2000, [1000, 10, 2000]),
    (1000, 2000, 5, [1000, 2000, 10]),
    (.nan, 1, 1, nil),
    (0, 0, 1, nil),
    (300, 200, 100, [300, 200, 100]),
  ])
  func densitiesAreCheckedAndRaised(x: Double, y: Double, z: Double, expected: [Double]?) {
    let result = PriorChecks.checked(x, y, z)
    switch result {
    case .success(let priors):
      #expect([priors.counterpartsPerDegree2, priors.unmatchedAPerDegree2, priors.unmatchedBPerDegree2] == expected)
    case .failure: #expect(expected == nil)
    }
  }
}

extension SurvivorCounts {
  fileprivate func priors(_ area: Double, _ estimator: SurvivorOptions.Estimator) throws -> PriorFit {
    try estimate(bandA: 0, bandB: 0, areaDegrees2: area, options: SurvivorOptions(estimator: estimator)).priors.get()
  }
}
