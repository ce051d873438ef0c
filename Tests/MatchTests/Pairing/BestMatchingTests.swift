import Glibc
import Match
import Testing
import XMDBTestSupport

/// The best matching: that it is best, and which of equal ones it is.
@Suite struct BestMatchingTests {
  /// All best matchings, each as the partners of the rows, found by trying everything. Weights of these
  /// problems are small integers, so that equality is exact.
  private func bestMatchings(_ problem: IslandProblem) -> (weight: Double, partners: [[Int32]]) {
    var best = (weight: -Double.infinity, partners: [[Int32]]())
    var partners = Array(repeating: Int32(-1), count: problem.aCount)
    func visit(_ row: Int, _ weight: Double) {
      if row == problem.aCount {
        if weight > best.weight { best = (weight, []) }
        if weight == best.weight { best.partners.append(partners) }
        return
      }
      visit(row + 1, weight)
      for edge in problem.edges where Int(edge.row) == row && !partners.contains(edge.column) {
        partners[row] = edge.column
        visit(row + 1, weight + edge.logRatio)
        partners[row] = -1
      }
    }
    visit(0, 0)
    return best
  }

  /// The rule, word for word: pairs in order, each kept if some best matching has it and those before.
  private func choice(_ problem: IslandProblem, among matchings: [[Int32]]) -> [Int32] {
    var left = matchings
    let ordered = problem.edges.sorted { key($0) < key($1) }
    for edge in ordered {
      let kept = left.filter { $0[Int(edge.row)] == edge.column }
      if !kept.isEmpty { left = kept }
    }
    return left[0]
  }

  private func key(_ edge: IslandEdge) -> (Double, Int32, Int32, Int32) {
    (-edge.logRatio, min(edge.row, edge.column), max(edge.row, edge.column), edge.row)
  }

  @Test(arguments: 0..<400 as Range<UInt64>)
  func theRuleChoosesAmongEqualMatchings(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let rows = Int.random(in: 1...5, using: &generator)
    let columns = Int.random(in: 1...5, using: &generator)
    var problem = IslandProblem(aCount: rows, bCount: columns)
    for row in 0..<Int32(rows) {
      for column in 0..<Int32(columns) where generator.uniform(0...1) < 0.8 {
        // Few values: nearly every problem has many best matchings.
        problem.add(row: row, column: column, logRatio: Double(Int.random(in: -1...2, using: &generator)))
      }
    }
    let (weight, matchings) = bestMatchings(problem)
    let expected = choice(problem, among: matchings)
    for method in IslandSolverTests.methods {
      var solver = IslandSolver(limits: method.limits)
      let solution = solver.solve(problem)
      #expect(solution.bestLogWeight(problem) == weight, "seed \(seed) \(method.name)")
      #expect(solution.partnerOfA == expected, "seed \(seed) \(method.name) \(rows)×\(columns)")
      #expect(abs(solution.logBestProbability - (weight - solution.logZ)) < 1e-12, "seed \(seed) \(method.name)")
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func theBestMatchingIsBestForEverySeed(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let problem = IslandProblem.random(
      rows: Int.random(in: 1...6, using: &generator), columns: Int.random(in: 1...6, using: &generator),
      density: 0.7, logRatio: -5...8, &generator)
    let (weight, matchings) = bestMatchings(problem)
    let solution = IslandSolver.solve(problem)
    #expect(abs(solution.bestLogWeight(problem) - weight) < 1e-12)
    #expect(solution.partnerOfA == matchings[0])
    for pair in solution.best { #expect(solution.partnerOfB[Int(pair.column)] == pair.row) }
  }

  @Test func aDenseIslandOfEqualRatiosGetsTheDiagonal() {
    let count = 60
    let problem = IslandProblem(logRatios: Array(repeating: Array(repeating: 3, count: count), count: count))
    let solution = IslandSolver.solve(problem)
    #expect(solution.partnerOfA == Array(0..<Int32(count)))
  }

  @Test func aDenseIslandOfThreeHundredAgainstThreeHundredIsAssigned() {
    var generator = SeededGenerator(seed: 300)
    let count = 300
    // One dense block: far beyond the exact methods.
    let problem = IslandProblem.random(rows: count, columns: count, density: 1, logRatio: 0...10, &generator)
    var solver = IslandSolver()
    var solution = IslandSolution()
    solver.solve(problem, into: &solution)
    #expect(solution.method == .approximate && solution.best.count == count)
    // 300 of 300 with ratios up to 10: the optimum leaves about π²/6 · 10/300 · 300 in all on the table.
    #expect(solution.bestLogWeight(problem) > 10 * Double(count) - 30)
    #expect(solution.logZ >= solution.bestLogWeight(problem))
  }

  @Test func runnersUpAreTheBestPartnersOutsideTheMatching() {
    let problem = IslandProblem(logRatios: [[4, 2, 1], [1, 3, -2], [0.5, -6, -6]])
    let solution = IslandSolver.solve(problem)
    #expect(solution.partnerOfA[0] == 0 && solution.partnerOfA[1] == 1)
    let (ofA, ofB) = solution.runnersUp(of: problem)
    for row in 0..<3 as Range<Int32> {
      let others = problem.edges.indices.filter {
        problem.edges[$0].row == row && solution.partnerOfA[Int(row)] != problem.edges[$0].column
      }
      let best = others.max { solution.pairProbability[$0] < solution.pairProbability[$1] }
      #expect(ofA[Int(row)].partner == best.map { problem.edges[$0].column })
      #expect(ofA[Int(row)].probability == best.map { solution.pairProbability[$0] })
    }
    #expect(ofB.count == 3 && ofB[0].partner != 0)
    let lone = IslandSolver.solve(IslandProblem(logRatios: [[2]])).runnersUp(of: IslandProblem(logRatios: [[2]]))
    #expect(lone.ofA == [.none] && lone.ofB == [.none])
  }
}
