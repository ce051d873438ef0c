internal import Indexing
public import Match

// Solvers without anything that could stop them.

extension IslandSolver {
  /// Solves one island with a solver of its own.
  public static func solve(_ problem: IslandProblem) -> IslandSolution {
    var solver = IslandSolver()
    return solver.solve(problem)
  }

  /// Solves one island.
  public mutating func solve(_ problem: IslandProblem) -> IslandSolution {
    var solution = IslandSolution()
    solve(problem, into: &solution)
    return solution
  }

  /// Solves one island, re-using the storage of a solution.
  public mutating func solve(_ problem: IslandProblem, into solution: inout IslandSolution) {
    var stop = StopCheck.never
    do { try solve(problem, into: &solution, stop: &stop) } catch { preconditionFailure("\(error)") }
  }
}

extension Islands {
  /// Finds the islands.
  public static func components(aCount: Int, bCount: Int, edgesA: [Int32], edgesB: [Int32]) -> Islands {
    var stop = StopCheck.never
    do {
      return try components(aCount: aCount, bCount: bCount, edgesA: edgesA, edgesB: edgesB, stop: &stop)
    } catch { preconditionFailure("\(error)") }
  }
}
