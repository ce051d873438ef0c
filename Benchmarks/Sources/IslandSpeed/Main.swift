import Indexing
import Match

// Islands solved per second, one thread: dense small islands with random ln R, and a chain of 300 + 300 sources.
//   IslandSpeed

/// Uniform numbers from a linear congruence: the same islands in every run.
struct Numbers {
  private var state: UInt64 = 20_261_122

  mutating func next(_ range: ClosedRange<Double>) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + Double(state >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
  }
}

func dense(_ rows: Int, _ columns: Int, _ numbers: inout Numbers) -> IslandProblem {
  var problem = IslandProblem(aCount: rows, bCount: columns)
  for row in 0..<rows {
    for column in 0..<columns {
      problem.add(row: Int32(row), column: Int32(column), logRatio: numbers.next(-4...8))
    }
  }
  return problem
}

func chain(_ count: Int, _ numbers: inout Numbers) -> IslandProblem {
  var problem = IslandProblem(aCount: count, bCount: count)
  for row in 0..<Int32(count) {
    if row > 0 { problem.add(row: row, column: row - 1, logRatio: numbers.next(-3...6)) }
    problem.add(row: row, column: row, logRatio: numbers.next(-3...6))
  }
  return problem
}

@main struct IslandSpeed {
  static func main() throws {
    var numbers = Numbers()
    for (rows, columns, count) in [(1, 1, 5_000_000), (1, 2, 3_000_000), (2, 2, 2_000_000), (4, 4, 100_000)] {
      let problems = (0..<64).map { _ in dense(rows, columns, &numbers) }
      try report("\(rows)×\(columns)", problems, count: count)
    }
    try report("chain of 300 + 300", [chain(300, &numbers)], count: 500)
  }

  static func report(_ name: String, _ problems: [IslandProblem], count: Int) throws {
    var solver = IslandSolver()
    var solution = IslandSolution()
    var sum = 0.0
    var stop = StopCheck.never
    let elapsed = try ContinuousClock().measure {
      for index in 0..<count {
        try solver.solve(problems[index % problems.count], into: &solution, stop: &stop)
        sum += solution.logZ
      }
    }
    print("\(name): \(Int(Double(count) / (elapsed / .seconds(1)))) islands/s (sum of ln Z \(sum))")
  }
}
