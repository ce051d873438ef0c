import Glibc
import Match
import Testing
import XMDBTestSupport

/// The solver against the definition.
@Suite struct IslandSolverTests {
  /// Sums of up to 1546 terms of either sign of exponent, each with a few roundings.
  static let tolerance = 1e-12

  /// Every method that can do an island of this size.
  static let methods: [(name: String, limits: IslandSolver.Limits)] = [
    ("automatic", .init()), ("subset", .subsetOnly), ("frontier", .frontierOnly),
    ("frontier without store", .frontierWithoutStore),
  ]

  private func expectEqual(_ solution: IslandSolution, _ oracle: Oracle, _ problem: IslandProblem, _ name: Comment) {
    let scale = max(1, abs(oracle.logZ))
    #expect(abs(solution.logZ - oracle.logZ) <= Self.tolerance * scale, name)
    #expect(abs(solution.bestLogWeight(problem) - oracle.bestLogWeight) <= Self.tolerance * scale, name)
    let bestProbability = exp(oracle.bestLogWeight - oracle.logZ)
    #expect(abs(solution.bestProbability - bestProbability) <= Self.tolerance * scale, name)
    expectClose(solution.pairProbability, oracle.pairProbability, name)
    expectClose(solution.aloneProbabilityA, oracle.aloneA, name)
    expectClose(solution.aloneProbabilityB, oracle.aloneB, name)
  }

  private func expectClose(_ values: [Double], _ expected: [Double], _ name: Comment) {
    #expect(values.count == expected.count, name)
    let worst = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= Self.tolerance, name)
  }

  @Test(arguments: 0...5, 0...5)
  func everyMethodEqualsTheEnumerationOfAllMatchings(rows: Int, columns: Int) {
    for (index, density) in [1, 0.6, 0.3].enumerated() {
      for seed in 0..<UInt64(rows * columns > 16 ? 2 : 5) {
        var generator = SeededGenerator(seed: seed * 100 + UInt64(rows * 10 + columns + index * 1000))
        let spread = [3.0, 10, 30][Int(seed % 3)]
        let problem = IslandProblem.random(
          rows: rows, columns: columns, density: density, logRatio: -spread...spread, &generator)
        let oracle = Oracle(problem)
        if density == 1 { #expect(oracle.matchings == Oracle.matchingCount(rows, columns)) }
        for method in Self.methods {
          var solver = IslandSolver(limits: method.limits)
          expectEqual(
            solver.solve(problem), oracle, problem, "\(method.name) \(rows)×\(columns) density \(density) seed \(seed)")
        }
      }
    }
  }

  @Test func theNumberOfMatchingsIsTheFormulaOfTheSpecification() {
    let known = [(1, 1, 2), (1, 2, 3), (2, 2, 7), (3, 3, 34), (4, 4, 209), (5, 5, 1546), (7, 6, 37_633)]
    for (rows, columns, count) in known { #expect(Oracle.matchingCount(rows, columns) == count) }
    // With R = 1 everywhere, Z/Z₀ counts the matchings: also where nobody would enumerate them.
    for (rows, columns, count) in known + [(8, 8, 1_441_729), (9, 9, 17_572_114), (10, 10, 234_662_231)] {
      let ones = IslandProblem(logRatios: Array(repeating: Array(repeating: 0, count: columns), count: rows))
      for method in Self.methods {
        var solver = IslandSolver(limits: method.limits)
        let solution = solver.solve(ones)
        #expect(abs(exp(solution.logZ) / Double(count) - 1) < 1e-12, "\(method.name) \(rows)×\(columns)")
      }
    }
  }

  @Test func aSolverForgetsWhatItSolvedBefore() {
    var generator = SeededGenerator(seed: 11)
    var used = IslandSolver()
    var solution = IslandSolution()
    for _ in 0..<60 {
      let rows = Int.random(in: 0...12, using: &generator)
      let columns = Int.random(in: 0...12, using: &generator)
      let problem = IslandProblem.random(
        rows: rows, columns: columns, density: 0.3, logRatio: -5...8, &generator)
      used.solve(problem, into: &solution)
      #expect(solution == IslandSolver.solve(problem))
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func exchangingTheCataloguesChangesNoProbability(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let rows = Int.random(in: 1...14, using: &generator)
    let columns = Int.random(in: 1...14, using: &generator)
    let problem = IslandProblem.random(rows: rows, columns: columns, density: 0.25, logRatio: -6...9, &generator)
    let solution = IslandSolver.solve(problem)
    let swapped = IslandSolver.solve(problem.swapped)
    #expect(abs(solution.logZ - swapped.logZ) < 1e-12 * max(1, solution.logZ))
    #expect(abs(solution.logBestProbability - swapped.logBestProbability) < 1e-12 * max(1, solution.logZ))
    expectClose(solution.pairProbability, swapped.pairProbability, "pairs")
    expectClose(solution.aloneProbabilityA, swapped.aloneProbabilityB, "alone in a")
    expectClose(solution.aloneProbabilityB, swapped.aloneProbabilityA, "alone in b")
    #expect(solution.partnerOfA == swapped.partnerOfB)
    #expect(solution.partnerOfB == swapped.partnerOfA)
  }

  @Test(arguments: methods.map(\.name))
  func disconnectedBlocksAdd(method: String) throws {
    let limits = try #require(Self.methods.first { $0.name == method }).limits
    var generator = SeededGenerator(seed: 28)
    var solver = IslandSolver(limits: limits)
    for _ in 0..<10 {
      let first = IslandProblem.random(rows: 4, columns: 3, density: 0.7, logRatio: -4...9, &generator)
      let second = IslandProblem.random(rows: 3, columns: 4, density: 0.7, logRatio: -4...9, &generator)
      var union = IslandProblem(aCount: 7, bCount: 7, edges: first.edges)
      for edge in second.edges { union.add(row: edge.row + 4, column: edge.column + 3, logRatio: edge.logRatio) }
      let parts = [solver.solve(first), solver.solve(second)]
      let whole = solver.solve(union)
      #expect(abs(whole.logZ - parts[0].logZ - parts[1].logZ) < 1e-11)
      #expect(abs(whole.logBestProbability - parts[0].logBestProbability - parts[1].logBestProbability) < 1e-11)
      expectClose(whole.pairProbability, parts[0].pairProbability + parts[1].pairProbability, "pairs")
      expectClose(whole.aloneProbabilityA, parts[0].aloneProbabilityA + parts[1].aloneProbabilityA, "alone in a")
      expectClose(whole.aloneProbabilityB, parts[0].aloneProbabilityB + parts[1].aloneProbabilityB, "alone in b")
      #expect(whole.best.count == parts[0].best.count + parts[1].best.count)
    }
  }

  @Test(arguments: [700.0, 1e4, 1e8, 1e300], methods.map(\.name))
  func extremeRatiosStayFiniteAndProbabilitiesSumToOne(size: Double, method: String) throws {
    let limits = try #require(Self.methods.first { $0.name == method }).limits
    var solver = IslandSolver(limits: limits)
    for seed in 0..<12 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let problem = IslandProblem.random(
        rows: Int(seed) % 4 + 1, columns: Int(seed) % 3 + 2, density: 0.8, logRatio: -size...size, &generator)
      expectProbabilities(solver.solve(problem), problem, "size \(size) seed \(seed)")
    }
  }

  /// Finite everywhere, in 0...1, and one for every source.
  private func expectProbabilities(_ solution: IslandSolution, _ problem: IslandProblem, _ name: Comment) {
    #expect(solution.logZ.isFinite && solution.logZ >= 0, name)
    #expect(solution.logBestProbability.isFinite && solution.logBestProbability <= 0, name)
    var (sumA, sumB) = (solution.aloneProbabilityA, solution.aloneProbabilityB)
    for (edge, probability) in zip(problem.edges, solution.pairProbability) {
      #expect(probability >= 0 && probability <= 1, name)
      sumA[Int(edge.row)] += probability
      sumB[Int(edge.column)] += probability
    }
    for sum in sumA + sumB { #expect(abs(sum - 1) < 1e-12, name) }
    for alone in solution.aloneProbabilityA + solution.aloneProbabilityB { #expect(alone >= 0 && alone <= 1, name) }
  }

  @Test func crowdedRowsThatShareOneColumnDoNotUnderflow() {
    // Row scaling alone would leave 0/0 here: both rows lose all but e⁻²⁰⁰⁰ when they cannot have the column.
    let problem = IslandProblem(logRatios: [[2000], [2000], [1999]])
    for method in Self.methods {
      var solver = IslandSolver(limits: method.limits)
      let solution = solver.solve(problem)
      let third = exp(-1.0)
      let shares = [1, 1, third].map { $0 / (2 + third) }
      for (share, probability) in zip(shares, solution.pairProbability) {
        #expect(abs(share - probability) < 1e-12, "\(method.name)")
      }
      #expect(abs(solution.logZ - 2000 - log(2 + third)) < 1e-12 * 2000, "\(method.name)")
    }
  }

  @Test func impossiblePairsAreImpossible() {
    for method in Self.methods {
      var solver = IslandSolver(limits: method.limits)
      let solution = solver.solve(
        IslandProblem(logRatios: [[-.infinity, 2, 1], [3, -.infinity, -.infinity], [-.infinity, 1, -.infinity]]))
      let sparse = solver.solve(
        IslandProblem(
          aCount: 3, bCount: 3,
          edges: [(0, 1, 2.0), (0, 2, 1), (1, 0, 3), (2, 1, 1)].map {
            IslandEdge(row: $0.0, column: $0.1, logRatio: $0.2)
          }))
      #expect(solution.pairProbability[0] == 0 && solution.pairProbability[8] == 0)
      #expect(solution.logZ == sparse.logZ, "\(method.name)")
      let none = solver.solve(IslandProblem(logRatios: [[-.infinity, -.infinity]]))
      #expect(none.logZ == 0 && none.bestProbability == 1 && none.best.isEmpty, "\(method.name)")
      #expect(none.aloneProbabilityA == [1] && none.aloneProbabilityB == [1, 1], "\(method.name)")
    }
  }
}
