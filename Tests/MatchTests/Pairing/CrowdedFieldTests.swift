import Glibc
import Match
import Testing
import XMDBTestSupport

/// Random crowded fields: all islands solved exactly, none refused.
@Suite struct CrowdedFieldTests {
  private struct Field {
    var edgesA: [Int32] = []
    var edgesB: [Int32] = []
    var logRatios: [Double] = []
    var islands: Islands
    let count: Int

    /// `count` sources per catalogue at a density in deg⁻²; σ in arcsec is that of a pair; 60 % of them seen in both.
    init(count: Int, density: Double, sigma: Double, seed: UInt64) {
      self.count = count
      var generator = SeededGenerator(seed: seed)
      let side = (Double(count) / density).squareRoot() * 3600
      let a = (0..<count).map { _ in (generator.uniform(0...side), generator.uniform(0...side)) }.sorted { $0.0 < $1.0 }
      let b = a.enumerated().map { index, position in
        index % 5 < 3
          ? (position.0 + sigma * generator.normal(), position.1 + sigma * generator.normal())
          : (generator.uniform(0...side), generator.uniform(0...side))
      }.sorted { $0.0 < $1.0 }
      let error = PositionCovariance(circularSigmaArcsec: 0.6 * sigma) + .init(circularSigmaArcsec: 0.8 * sigma)
      let priors = PriorDensities(
        counterpartsPerDegree2: 0.6 * density, unmatchedAPerDegree2: 0.4 * density,
        unmatchedBPerDegree2: 0.4 * density)
      let limit = GaussianAUF.chiSquaredLimit(fraction: 0.999)
      let reach = (limit * error.xx).squareRoot()
      var first = 0
      for (row, source) in a.enumerated() {
        while first < count && b[first].0 < source.0 - reach { first += 1 }
        var column = first
        while column < count && b[column].0 <= source.0 + reach {
          let chiSquared = GaussianAUF.chiSquared(
            dxArcsec: b[column].0 - source.0, dyArcsec: b[column].1 - source.1, covariance: error)
          if chiSquared < limit {
            edgesA.append(Int32(row))
            edgesB.append(Int32(column))
            let logDensity = GaussianAUF.logDensity(chiSquared: chiSquared, covariance: error)
            logRatios.append(PairQuantities.logRatio(logDensity: logDensity, priors: priors))
          }
          column += 1
        }
      }
      islands = Islands.components(aCount: count, bCount: count, edgesA: edgesA, edgesB: edgesB)
    }
  }

  /// Propagation against exact sums, over all islands of a field that no formula solves.
  @Test(arguments: [(3e5, 0.6), (3e5, 1.0), (1e6, 0.6), (1.5e6, 0.6), (6e5, 1.0)])
  func propagationIsNearTheExactSumsOfACrowdedField(density: Double, sigma: Double) {
    let field = Field(count: 6000, density: density, sigma: sigma, seed: 57)
    var (exact, approximate) = (IslandSolver(), IslandSolver(limits: .approximateOnly))
    var problem = IslandProblem()
    var (truth, guess) = (IslandSolution(), IslandSolution())
    var (errors, worst): ([Double], [Double]) = ([], [])
    for island in 0..<field.islands.count {
      field.islands.write(
        island, edgesA: field.edgesA, edgesB: field.edgesB, logRatios: field.logRatios, into: &problem)
      exact.solve(problem, into: &truth)
      if truth.method == .closedForm { continue }
      #expect(truth.method != .approximate)
      approximate.solve(problem, into: &guess)
      #expect(guess.partnerOfA == truth.partnerOfA)
      let differences = zip(truth.pairProbability, guess.pairProbability).map { abs($0 - $1) }
      errors += differences
      worst.append(differences.max() ?? 0)
    }
    errors.sort()
    let mean = errors.reduce(0, +) / Double(errors.count)
    let high = errors[errors.count * 99 / 100]
    let largest = worst.max() ?? 0
    #expect(mean < 0.002 && high < 0.03 && largest < 0.1)
    print("| \(density) | \(sigma) | \(worst.count) | \(errors.count) | \(mean) | \(high) | \(largest) |")
  }

  /// Where all sources hang together no exact sum can be had: a chain over the pairings of the whole field says what P is.
  @Test(arguments: [(1e6, 0.6), (2e6, 1.0)])
  func probabilitiesOfAnEntangledFieldAreThoseOfAChainOverItsPairings(density: Double, sigma: Double) {
    let field = Field(count: 3000, density: density, sigma: sigma, seed: 58)
    var problem = IslandProblem()
    problem.reset(aCount: field.count, bCount: field.count)
    for edge in field.edgesA.indices {
      problem.add(row: field.edgesA[edge], column: field.edgesB[edge], logRatio: field.logRatios[edge])
    }
    var approximate = IslandSolver(limits: .approximateOnly)
    var generator = SeededGenerator(seed: 59)
    let truth = PairingChain(problem, sweeps: 4000, &generator).probability
    let guess = approximate.solve(problem).pairProbability
    var tenths = [(error: Double, pairs: Double)](repeating: (0, 0), count: 10)
    for (one, other) in zip(guess, truth) {
      let tenth = min(Int(one * 10), 9)
      tenths[tenth] = (tenths[tenth].error + other - one, tenths[tenth].pairs + 1)
    }
    for tenth in tenths where tenth.pairs > 100 { #expect(abs(tenth.error / tenth.pairs) < 0.006, "\(tenths)") }
    print("tenths of P at \(density), chain minus approximation:", tenths.map { $0.error / max($0.pairs, 1) })
  }

  @Test(arguments: [(3e5, 1.0), (1.5e6, 0.6), (6e5, 1.0)])
  func everyIslandOfACrowdedFieldIsSolvedExactly(density: Double, sigma: Double) {
    let field = Field(count: 6000, density: density, sigma: sigma, seed: 56)
    var solver = IslandSolver()
    var problem = IslandProblem()
    var solution = IslandSolution()
    var (widest, largest, expectedPairs, members) = (0, 0, 0.0, 0)
    var methods: [PairingMethod: Int] = [:]
    for island in 0..<field.islands.count {
      field.islands.write(
        island, edgesA: field.edgesA, edgesB: field.edgesB, logRatios: field.logRatios, into: &problem)
      solver.solve(problem, into: &solution)
      methods[solution.method, default: 0] += 1
      members += problem.aCount + problem.bCount
      largest = max(largest, problem.aCount + problem.bCount)
      if solution.method == .frontier { widest = max(widest, solver.lastFrontierWidth) }
      expectedPairs += solution.pairProbability.reduce(0, +)
    }
    #expect(members == 2 * field.count)
    #expect(methods[.approximate] == nil)
    #expect(widest <= 16)
    // The probabilities add up to the number of real pairs, within the noise of their own sum.
    #expect(abs(expectedPairs / (0.6 * Double(field.count)) - 1) < 0.05)
    print(
      "density \(density), σ \(sigma): largest island \(largest), widest frontier \(widest), \(methods)")
  }
}
