import Glibc
import Match
import Testing
import XMDBTestSupport

/// Islands no enumeration can reach: against recursions, against each other, and in a crowded field.
@Suite struct LargeIslandTests {
  @Test(arguments: 0..<120 as Range<UInt64>)
  func frontierEqualsSubsetOnRandomSparseIslands(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let rows = Int.random(in: 6...20, using: &generator)
    let columns = Int.random(in: 6...12, using: &generator)
    let problem = IslandProblem.random(
      rows: rows, columns: columns, density: generator.uniform(0.1...0.4), logRatio: -6...10, &generator)
    let (small, large) = seed % 2 == 0 ? (problem, problem.swapped) : (problem.swapped, problem)
    for island in [small, large] {
      var subset = IslandSolver(limits: .subsetOnly)
      let expected = subset.solve(island)
      #expect(expected.method == .subset)
      for limits in [IslandSolver.Limits.frontierOnly, .frontierWithoutStore] {
        var frontier = IslandSolver(limits: limits)
        let solution = frontier.solve(island)
        #expect(solution.method == .frontier)
        #expect(abs(solution.logZ - expected.logZ) < 1e-12 * max(1, expected.logZ), "seed \(seed)")
        #expect(solution.largestDifference(from: expected) < 1e-12, "seed \(seed)")
        #expect(solution.partnerOfA == expected.partnerOfA, "seed \(seed)")
      }
    }
  }

  /// A chain a0–b0–a1–b1–… of n + n sources: Z_k = Z_{k−1} + R_k Z_{k−2} over its 2n − 1 edges in turn, in logarithms.
  private struct Chain {
    /// logPrefix[k]: ln Z of the first k edges; logSuffix[k]: of the edges from k on.
    var logPrefix = [0.0]
    var logSuffix: [Double]

    init(_ logRatios: [Double]) {
      for (index, logRatio) in logRatios.enumerated() {
        logPrefix.append(Self.logSum(logPrefix[index], logRatio + (index > 0 ? logPrefix[index - 1] : 0)))
      }
      logSuffix = Array(repeating: 0, count: logRatios.count + 2)
      for index in logRatios.indices.reversed() {
        logSuffix[index] = Self.logSum(logSuffix[index + 1], logRatios[index] + logSuffix[index + 2])
      }
    }

    static func logSum(_ x: Double, _ y: Double) -> Double { max(x, y) + log1p(exp(-abs(x - y))) }

    /// The probability of an edge: everything before its neighbours, everything after.
    func probability(_ index: Int, _ logRatio: Double) -> Double {
      exp(logRatio + logPrefix[max(0, index - 1)] + logSuffix[index + 2] - logSuffix[0])
    }
  }

  @Test(arguments: [(300, -3.0, 6.0), (300, -800.0, 800.0), (3000, -2.0, 2.0)])
  func chainsEqualTheThreeTermRecursion(count: Int, low: Double, high: Double) {
    var generator = SeededGenerator(seed: 600)
    let problem = IslandProblem.chain(count, logRatio: low...high, &generator)
    let chain = Chain(problem.edges.map(\.logRatio))
    var solver = IslandSolver()
    var solution = IslandSolution()
    solver.solve(problem, into: &solution)
    #expect(solution.method == .frontier)
    #expect(solver.lastFrontierWidth <= 3)
    let expected = chain.logSuffix[0]
    #expect(abs(solution.logZ - expected) < 1e-9 * max(1, expected / 1000))
    for (index, edge) in problem.edges.enumerated() {
      #expect(abs(solution.pairProbability[index] - chain.probability(index, edge.logRatio)) < 1e-9)
    }
    #expect(abs(solution.bestProbability - exp(solution.bestLogWeight(problem) - expected)) < 1e-9)
  }

  @Test func marginalsAreTheDerivativesOfLogZ() {
    var generator = SeededGenerator(seed: 9)
    let problem = IslandProblem.band(
      rows: 40, columns: 44, reach: 3, density: 0.6, logRatio: -3...5, &generator)
    var solver = IslandSolver()
    let solution = solver.solve(problem)
    #expect(solution.method == .frontier)
    let step = 1e-4
    for index in stride(from: 0, to: problem.edges.count, by: 7) {
      let shifted = [step, -step].map { shift -> Double in
        var edges = problem.edges
        edges[index].logRatio += shift
        return solver.solve(IslandProblem(aCount: 40, bCount: 44, edges: edges)).logZ
      }
      #expect(abs((shifted[0] - shifted[1]) / (2 * step) - solution.pairProbability[index]) < 1e-8)
    }
  }

  @Test func storeAndHalvingsDoNotChangeAnythingInLongIslands() {
    var generator = SeededGenerator(seed: 31)
    let problem = IslandProblem.band(
      rows: 400, columns: 380, reach: 3, density: 0.7, logRatio: -3...6, &generator)
    var stored = IslandSolver(limits: .frontierOnly)
    var halved = IslandSolver(limits: .frontierWithoutStore)
    let (first, second) = (stored.solve(problem), halved.solve(problem))
    #expect(first == second && first.method == .frontier)
    let swapped = stored.solve(problem.swapped)
    #expect(abs(first.logZ - swapped.logZ) < 1e-12 * first.logZ)
    for (one, other) in zip(first.pairProbability, swapped.pairProbability) { #expect(abs(one - other) < 1e-12) }
  }

  @Test func beliefPropagationIsFlaggedAndExactOnTrees() {
    var generator = SeededGenerator(seed: 77)
    let problem = IslandProblem.chain(200, logRatio: -4...6, &generator)
    var exact = IslandSolver()
    var approximate = IslandSolver(limits: .approximateOnly)
    let (truth, guess) = (exact.solve(problem), approximate.solve(problem))
    #expect(guess.method == .approximate && truth.method == .frontier)
    #expect(abs(guess.logZ - truth.logZ) < 1e-6)
    #expect(guess.largestDifference(from: truth) < 1e-7)
  }

  @Test func beliefPropagationIsNearOnDenseIslandsAndNeverOutOfBounds() {
    var generator = SeededGenerator(seed: 6)
    var errors: [Double] = []
    for _ in 0..<100 {
      let problem = IslandProblem.random(
        rows: Int.random(in: 3...6, using: &generator), columns: Int.random(in: 3...6, using: &generator),
        density: 1, logRatio: -4...6, &generator)
      var approximate = IslandSolver(limits: .approximateOnly)
      let (truth, guess) = (IslandSolver.solve(problem), approximate.solve(problem))
      errors.append(zip(truth.pairProbability, guess.pairProbability).map { abs($0 - $1) }.max() ?? 0)
      #expect(guess.partnerOfA == truth.partnerOfA && guess.bestProbability <= 1)
      var sums = guess.aloneProbabilityA
      for (edge, probability) in zip(problem.edges, guess.pairProbability) { sums[Int(edge.row)] += probability }
      for sum in sums { #expect(abs(sum - 1) < 1e-9) }
    }
    errors.sort()
    #expect(errors[50] < 0.06 && errors[99] < 0.3)
  }

  @Test func anIslandBeyondEveryExactMethodIsStillAnswered() {
    var generator = SeededGenerator(seed: 13)
    let problem = IslandProblem.random(rows: 60, columns: 70, density: 0.5, logRatio: -900...900, &generator)
    let solution = IslandSolver.solve(problem)
    #expect(solution.method == .approximate)
    #expect(solution.logZ.isFinite && solution.logZ >= solution.bestLogWeight(problem))
    #expect(solution.pairProbability.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(solution.best.count == 60)
  }
}
