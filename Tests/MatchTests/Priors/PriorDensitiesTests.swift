import Glibc
import Match
import Testing
import XMDBTestSupport

@Suite struct PriorDensitiesTests {
  @Test func halfTheSmallerDensityIsCounterparts() {
    let priors = PriorDensities(countA: 150_000, countB: 58_500, commonAreaDegrees2: 6)
    #expect(priors.counterpartsPerDegree2 == 4875)
    #expect(priors.unmatchedAPerDegree2 == 20_125 && priors.unmatchedBPerDegree2 == 4875)
    #expect(abs(priors.logCounterpartRatio - log(4875 / (20_125 * 4875.0))) < 1e-12)
    let swapped = PriorDensities(countA: 58_500, countB: 150_000, commonAreaDegrees2: 6)
    #expect(swapped == priors.swapped)
    let equal = PriorDensities(countA: 10, countB: 10, commonAreaDegrees2: 2)
    #expect(equal.unmatchedAPerDegree2 == 2.5 && equal.unmatchedBPerDegree2 == 2.5)
  }

  @Test func nothingToMatchGivesProbabilityZeroAndNeverNaN() {
    let cases = [(0, 0, 1.0), (0, 5, 1), (5, 0, 1), (5, 5, 0), (0, 0, 0)]
    for (countA, countB, area) in cases {
      let priors = PriorDensities(countA: countA, countB: countB, commonAreaDegrees2: area)
      #expect(priors.counterpartsPerDegree2 == 0 && priors.logCounterpartRatio == -.infinity)
      let logRatio = PairQuantities.logRatio(logDensity: 16, priors: priors)
      #expect(logRatio == -.infinity && PairQuantities.matchProbability(logRatio: logRatio) == 0)
      let xi = PairQuantities.xi(logDensity: 16, priors: priors)
      #expect(xi == (countA > 0 && countB > 0 && area > 0 ? -30 : 30) || xi == -30)
      let solution = IslandSolver.solve(IslandProblem(logRatios: [[logRatio, logRatio]]))
      #expect(solution.aloneProbabilityA == [1] && solution.bestProbability == 1)
    }
  }

  @Test func evidenceIsClippedInTheOrderOfTheRules() {
    #expect(PairQuantities.eta(counterpartDensity: 0.02, fieldDensityA: 0, fieldDensityB: 1) == 30)
    #expect(PairQuantities.eta(counterpartDensity: 0, fieldDensityA: 0, fieldDensityB: 1) == 30)
    #expect(PairQuantities.eta(counterpartDensity: 0, fieldDensityA: 0.1, fieldDensityB: 1) == -30)
    #expect(PairQuantities.eta(counterpartDensity: 9e-31, fieldDensityA: 1, fieldDensityB: 1) == -30)
    #expect(abs(PairQuantities.eta(counterpartDensity: 1.1e-30, fieldDensityA: 1e3, fieldDensityB: 1) + 32.9586) < 1e-4)
    #expect(PairQuantities.eta(counterpartDensity: 1, fieldDensityA: 1, fieldDensityB: 1) == 0)
    let priors = PriorDensities(
      counterpartsPerDegree2: 1e4, unmatchedAPerDegree2: 2e4, unmatchedBPerDegree2: 3e4)
    #expect(PairQuantities.xi(logDensity: -2000, priors: priors) == -30)
    #expect(abs(PairQuantities.xi(logDensity: log(6e4), priors: priors)) < 1e-14)
  }

  @Test func theProbabilityOfAPairIsExactAtBothEnds() {
    for logRatio in [-1e6, -700.0, -40, -1, 0, 1, 40, 700, 1e6] {
      let match = PairQuantities.matchProbability(logRatio: logRatio)
      let none = PairQuantities.matchProbability(logRatio: -logRatio)
      #expect(match.isFinite && abs(match + none - 1) < 1e-15)
    }
    #expect(PairQuantities.matchProbability(logRatio: 0) == 0.5)
    #expect(abs(PairQuantities.matchProbability(logRatio: -700) / exp(-700) - 1) < 1e-15)
  }
}
