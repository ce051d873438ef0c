import Indexing
import Match
import Testing
import XMDBTestSupport

/// Whoever asks a solver to stop waits for no more than some milliseconds of its work, in whichever method it is.
@Suite struct StoppedSolverTests {
  private struct Stopped: Error {}

  /// Counts the questions; from one of them on the answer is to stop.
  private final class Questions {
    var asked = 0
    let allowed: Int
    init(allowed: Int) { self.allowed = allowed }

    func check() throws {
      asked += 1
      if asked > allowed { throw Stopped() }
    }
  }

  static let islands: [(name: String, limits: IslandSolver.Limits, problem: IslandProblem)] = {
    var generator = SeededGenerator(seed: 71)
    var wide = IslandSolver.Limits.frontierOnly
    wide.frontierStore = 1 << 16
    return [
      (
        "subset", .subsetOnly,
        .random(rows: 400, columns: 12, density: 0.9, logRatio: -4...6, &generator)
      ),
      ("frontier", wide, .band(rows: 300, columns: 300, reach: 6, density: 0.9, logRatio: -4...6, &generator)),
      (
        "propagation", .approximateOnly,
        .random(rows: 500, columns: 500, density: 1, logRatio: -4...6, &generator)
      ),
      (
        "ties", .approximateOnly,
        IslandProblem(logRatios: Array(repeating: Array(repeating: 3, count: 600), count: 600))
      ),
      ("star", IslandSolver.Limits(), .random(rows: 1, columns: 600_000, density: 1, logRatio: -4...6, &generator)),
    ]
  }()

  @Test(arguments: islands.indices)
  func everySolverAsksOftenAndStopsAtOnce(index: Int) throws {
    let (name, limits, problem) = Self.islands[index]
    let whole = Questions(allowed: .max)
    var solver = IslandSolver(limits: limits)
    var solution = IslandSolution()
    var stop = StopCheck { try whole.check() }
    try solver.solve(problem, into: &solution, stop: &stop)
    #expect(whole.asked > 0, "\(name)")
    for allowed in Set([0, whole.asked / 2, whole.asked - 1]) {
      let questions = Questions(allowed: allowed)
      var stop = StopCheck { try questions.check() }
      #expect(throws: Stopped.self, "\(name)") { try solver.solve(problem, into: &solution, stop: &stop) }
      #expect(questions.asked == allowed + 1, "\(name)")
    }
    // A solver that was stopped in the middle gives the same answers afterwards.
    var fresh = IslandSolver(limits: limits)
    #expect(solver.solve(problem) == fresh.solve(problem), "\(name)")
  }

  @Test func islandsAreFormedUnderTheSameQuestions() {
    let count = 200_000
    let ends = (0..<Int32(count)).map { $0 }
    var stop = StopCheck { throw Stopped() }
    #expect(throws: Stopped.self) {
      try Islands.components(aCount: count, bCount: count, edgesA: ends, edgesB: ends, stop: &stop)
    }
  }
}
