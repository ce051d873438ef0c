import Match
import Testing

/// Speed of the common cases, printed; the bounds are loose, for a busy machine and an unoptimised caller.
@Suite(.serialized) struct ThroughputTests {
  @Test(arguments: [(1, 1, 100_000, 1e5), (1, 2, 100_000, 1e5), (2, 2, 50_000, 5e4), (4, 4, 2_000, 2e3)])
  func smallIslandsPerSecond(rows: Int, columns: Int, count: Int, atLeast: Double) {
    var generator = SeededGenerator(seed: 1)
    let problems = (0..<64).map { _ in
      IslandProblem.random(rows: rows, columns: columns, density: 1, logRatio: -4...8, &generator)
    }
    var solver = IslandSolver()
    var solution = IslandSolution()
    var sum = 0.0
    let elapsed = ContinuousClock().measure {
      for index in 0..<count {
        solver.solve(problems[index % 64], into: &solution)
        sum += solution.logZ
      }
    }
    let rate = Double(count) / (elapsed / .seconds(1))
    print("\(rows)×\(columns): \(Int(rate)) islands per second")
    #expect(sum > 0)
    #expect(rate > atLeast)
  }

  @Test func aChainOfThreeHundredAgainstThreeHundred() {
    var generator = SeededGenerator(seed: 2)
    let problem = IslandProblem.chain(300, logRatio: -3...6, &generator)
    var solver = IslandSolver()
    var solution = IslandSolution()
    let elapsed = ContinuousClock().measure { solver.solve(problem, into: &solution) }
    print("chain of 300 + 300: \(elapsed), width \(solver.lastFrontierWidth)")
    #expect(elapsed < .seconds(1))
  }
}
