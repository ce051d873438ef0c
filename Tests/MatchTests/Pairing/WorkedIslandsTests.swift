import Glibc
import Match
import Testing
import XMDBTestSupport

/// Islands worked by hand, with all their numbers.
@Suite struct WorkedIslandsTests {
  /// The vectors are given to ten figures.
  static let tolerance = 1e-9
  static let covariance = PositionCovariance(circularSigmaArcsec: 0.3) + PositionCovariance(circularSigmaArcsec: 0.4)
  static let priors = PriorDensities(
    counterpartsPerDegree2: 1e4, unmatchedAPerDegree2: 2e4, unmatchedBPerDegree2: 3e4)

  static func logRatio(_ separation: Double) -> Double {
    PairQuantities.logRatio(
      logDensity: GaussianAUF.logDensity(dxArcsec: separation, dyArcsec: 0, covariance: covariance), priors: priors)
  }

  private func solve(separations: [[Double]], _ limits: IslandSolver.Limits) -> IslandSolution {
    var solver = IslandSolver(limits: limits)
    return solver.solve(IslandProblem(logRatios: separations.map { $0.map(Self.logRatio) }))
  }

  private func isClose(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < Self.tolerance }
  private func isRelativelyClose(_ value: Double, _ expected: Double) -> Bool {
    abs(value / expected - 1) < Self.tolerance
  }

  @Test func theDensityAndTheRatios() {
    let density = exp(GaussianAUF.logDensity(dxArcsec: 0, dyArcsec: 0, covariance: Self.covariance))
    #expect(isRelativelyClose(density, 8.2505922499e6))
    #expect(isRelativelyClose(exp(Self.logRatio(0)), 137.50987083))
    #expect(isRelativelyClose(exp(Self.logRatio(0.5)), 83.40395267))
    #expect(isRelativelyClose(exp(Self.logRatio(1)), 18.60993732))
    let xi = PairQuantities.xi(
      logDensity: GaussianAUF.logDensity(dxArcsec: 0.3, dyArcsec: 0.4, covariance: Self.covariance),
      priors: Self.priors)
    #expect(isClose(xi, 1.9211866279) || abs(xi - 1.92118663) < 1e-8)
  }

  @Test(arguments: IslandSolverTests.methods.map(\.name))
  func everyWorkedIsland(method: String) throws {
    let limits = try #require(IslandSolverTests.methods.first { $0.name == method }).limits
    oneAgainstOneAndTwo(limits)
    twoAgainstTwo(limits)
    furtherVectors(limits)
  }

  private func oneAgainstOneAndTwo(_ limits: IslandSolver.Limits) {
    let one = solve(separations: [[0.5]], limits)
    #expect(isClose(one.bestProbability, 0.9881522136))
    #expect(isClose(one.aloneProbabilityA[0], 0.0118477864))
    #expect(isRelativelyClose(2e4 * 3e4 * exp(one.logZ), 5.0642371603e10))
    let two = solve(separations: [[0.5, 1]], limits)
    #expect(isClose(two.bestProbability, 0.8096379302))
    #expect(isClose(two.pairProbability[0], 0.8096379302) && isClose(two.pairProbability[1], 0.1806546410))
    #expect(isClose(two.aloneProbabilityA[0], 0.0097074288))
    #expect(isRelativelyClose(2e4 * 9e8 * exp(two.logZ), 1.8542500198e15))
  }

  private func twoAgainstTwo(_ limits: IslandSolver.Limits) {
    let solution = solve(separations: [[0.5, 1], [1.2, 0.3]], limits)
    #expect(isRelativelyClose(4e8 * 9e8 * exp(solution.logZ), 3.5815843095e21))
    #expect(isClose(solution.bestProbability, 0.9628858897))
    #expect(solution.partnerOfA == [0, 1] && solution.partnerOfB == [0, 1])
    #expect(isClose(exp(-solution.logZ), 1.005142e-4))
    let pairs = [0.9712691694, 0.0163095919, 0.0152149067, 0.9744307369]
    for (value, expected) in zip(solution.pairProbability, pairs) { #expect(isClose(value, expected)) }
    // Given to eight figures only.
    for (value, expected) in zip(
      solution.aloneProbabilityA + solution.aloneProbabilityB, [0.01242124, 0.01035436, 0.01351592, 0.00925967])
    {
      #expect(abs(value - expected) < 6e-9)
    }
  }

  private func furtherVectors(_ limits: IslandSolver.Limits) {
    let far = solve(separations: [[0.2, 5], [5, 1.4]], limits)
    #expect(isClose(far.bestProbability, 0.7260647220))
    #expect(isClose(far.pairProbability[0], 0.9921836901) && isClose(far.pairProbability[3], 0.7317845770))
    let tied = solve(separations: [[0.6, 0.6], [0.6, 0.6]], limits)
    #expect(isClose(tied.bestProbability, 0.4854406045))
    for probability in tied.pairProbability { #expect(isClose(probability, 0.4926932133)) }
    #expect(tied.partnerOfA == [0, 1])
    #expect(isClose(solve(separations: [[0.3, 0.3], [5, 5]], limits).bestProbability, 0.4978328315))
  }

  @Test func onePairWithPhotometry() {
    let eta = PairQuantities.eta(counterpartDensity: 0.02, fieldDensityA: 0.1, fieldDensityB: 0.05)
    #expect(abs(eta - 0.60206) < 5e-7)
    let logRatio = Self.logRatio(0.5) + eta * log(10.0)
    #expect(isClose(PairQuantities.matchProbability(logRatio: logRatio), 0.9970114981))
    #expect(isClose(PairQuantities.matchProbability(logRatio: -logRatio), 1 - 0.9970114981))
  }

  // MARK: - Fixture 24: offsets in arcsec, five islands.

  private let fixtureCovariance =
    PositionCovariance(circularSigmaArcsec: 0.1) + PositionCovariance(circularSigmaArcsec: 0.08)
  private let fixturePriors = PriorDensities(
    counterpartsPerDegree2: 1.5e6, unmatchedAPerDegree2: 5.5e6, unmatchedBPerDegree2: 1.5e6)

  private func fixtureLogDensity(_ dx: Double, _ dy: Double) -> Double {
    GaussianAUF.logDensity(dxArcsec: dx, dyArcsec: dy, covariance: fixtureCovariance)
  }

  @Test func fixtureOfTwoAgainstOne() {
    let own = fixtureLogDensity(-0.044153313448, -0.036817443467)
    let other = fixtureLogDensity(-0.044153313448 + 0.294655568982, -0.036817443467 + 0.250533651048)
    // At declination 0 the tangent plane is the sphere to all the figures given.
    #expect(abs(PairQuantities.xi(logDensity: own, priors: fixturePriors) - 1.3154576109) < 1e-9)
    #expect(abs(hypot(0.044153313448, 0.036817443467) - 0.0574894706) < 1e-6)
    for (c, expected) in [(1.0, 0.9183335943), (1.5, Double?.none)] {
      let eta = log(c)
      let ratios = [own, other].map {
        PairQuantities.logRatio(logDensity: $0, priors: fixturePriors, logPhotometricRatio: eta)
      }
      let solution = IslandSolver.solve(IslandProblem(logRatios: ratios.map { [$0] }))
      #expect(solution.partnerOfA == [0, -1])
      let weights = ratios.map(exp)
      #expect(abs(solution.bestProbability - weights[0] / (1 + weights[0] + weights[1])) < 1e-12)

      if let expected { #expect(abs(solution.bestProbability - expected) < 1e-9) }
    }
  }

  @Test func fixtureIslandsWithAndWithoutAMatch() {
    let first = IslandProblem(logRatios: [
      [fixtureRatio(a: (360, 360), b: (359.939003119632, 360.051015173412))],
      [fixtureRatio(a: (360.240067426005, 359.771216297418), b: (359.939003119632, 360.051015173412))],
    ])
    let matched = IslandSolver.solve(first)
    #expect(matched.partnerOfB == [0])
    // cos δ at 0.1° changes the separation in the eighth figure.
    #expect(abs(matched.bestProbability - 0.9433438412) < 1e-6)
    let second = IslandProblem(logRatios: [
      [fixtureRatio(a: (360, 0), b: (359.947951900083, 0.576797727835))],
      [fixtureRatio(a: (359.786057997666, 0.27347361448), b: (359.947951900083, 0.576797727835))],
    ])
    let unmatched = IslandSolver.solve(second)
    #expect(unmatched.best.isEmpty)
    #expect(abs(unmatched.bestProbability - 0.6161109967) < 1e-9)
    let nearest = PairQuantities.xi(
      logDensity: fixtureLogDensity(359.947951900083 - 360, 0.576797727835), priors: fixturePriors)
    #expect(abs(hypot(359.947951900083 - 360, 0.576797727835) - 0.5791412812) < 1e-6)
    #expect(abs(nearest - -3.08177) < 1e-5)
  }

  private func fixtureRatio(a: (Double, Double), b: (Double, Double)) -> Double {
    PairQuantities.logRatio(logDensity: fixtureLogDensity(b.0 - a.0, b.1 - a.1), priors: fixturePriors)
  }

  // MARK: - Fixture 25: tiny densities.

  @Test func tinyFieldDensitiesStillFindTheMatchAndTinyCounterpartDensitiesNone() {
    let field = PriorDensities(
      counterpartsPerDegree2: 1.5e6, unmatchedAPerDegree2: 1e-10, unmatchedBPerDegree2: 1e-10)
    let own = fixtureLogDensity(0.05, 0.02)
    let other = fixtureLogDensity(0.3, 0.25)
    let found = [own, other].map {
      PairQuantities.logRatio(logDensity: $0, priors: field, logPhotometricRatio: -2 * log(1e-10))
    }
    let matched = IslandSolver.solve(IslandProblem(logRatios: [found]))
    // Staying alone has lost all its weight: the two pairs share the probability.
    #expect(matched.partnerOfA == [0])
    #expect(abs(matched.bestProbability - 1 / (1 + exp(found[1] - found[0]))) < 1e-12)
    let none = PriorDensities(
      counterpartsPerDegree2: 1e-10, unmatchedAPerDegree2: 5.5e6, unmatchedBPerDegree2: 1.5e6)
    let lost = [own, other].map {
      PairQuantities.logRatio(logDensity: $0, priors: none, logPhotometricRatio: log(1e-10))
    }
    let unmatched = IslandSolver.solve(IslandProblem(logRatios: [lost]))
    #expect(unmatched.best.isEmpty && abs(unmatched.bestProbability - 1) < 1e-12)
  }
}
