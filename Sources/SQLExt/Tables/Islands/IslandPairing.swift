import Indexing
import Match

/// Solves islands that are given as lists of pairs with ln R. Keeps the solver's buffers.
struct IslandPairing {
  /// The answer for one island.
  struct Answer {
    /// By pair: the probability that the two are one object.
    var probability: [Double] = []
    /// By pair: whether it belongs to the best assignment.
    var isMatched: [Bool] = []
    /// Probability of the best assignment as a whole.
    var bestProbability = 1.0
    /// Whether the island was too entangled for exact sums.
    var isApproximate = false
  }

  /// One pair: a source of a and one of b, by rowid, and ln R.
  struct Pair {
    let a: Int64
    let b: Int64
    let logRatio: Double
  }

  private var solver = IslandSolver()
  private var problem = IslandProblem()
  private var solution = IslandSolution()

  /// Solves one island. Rows and columns are numbered by rowid, as in a run, so that ties end the same way.
  /// - Throws: When a pair comes twice, or its ratio is no number: what a damaged file may hold; what `stop` throws.
  mutating func solve(_ pairs: [Pair], stop: inout StopCheck) throws -> Answer {
    try check(pairs)
    let (rows, columns) = (Numbering(pairs.map(\.a)), Numbering(pairs.map(\.b)))
    problem.reset(aCount: rows.count, bCount: columns.count)
    for pair in pairs { problem.add(row: rows[pair.a], column: columns[pair.b], logRatio: pair.logRatio) }
    try solver.solve(problem, into: &solution, stop: &stop)
    return Answer(
      probability: solution.pairProbability,
      isMatched: problem.edges.map { solution.partnerOfA[Int($0.row)] == $0.column },
      bestProbability: solution.bestProbability, isApproximate: solution.method == .approximate)
  }

  private func check(_ pairs: [Pair]) throws(SQLFunctionError) {
    var known: Set<SIMD2<Int64>> = []
    for pair in pairs where !known.insert(SIMD2(pair.a, pair.b)).inserted || !(pair.logRatio < .infinity) {
      throw SQLFunctionError(
        "the pair of rowids \(pair.a) and \(pair.b) comes twice or has no likelihood; the result file is damaged, "
          + "run `xmdb verify`", sqliteCode: 11)
    }
  }

  /// Consecutive numbers for the members of one side, in the order of their rowids.
  private struct Numbering {
    private let rowids: [Int64]

    init(_ rowids: [Int64]) {
      var sorted = rowids.sorted()
      var kept = 0
      for rowid in sorted where kept == 0 || sorted[kept - 1] != rowid {
        sorted[kept] = rowid
        kept += 1
      }
      self.rowids = Array(sorted[..<kept])
    }

    var count: Int { rowids.count }

    subscript(rowid: Int64) -> Int32 { Int32(rowids.binarySearch { $0 >= rowid }) }
  }
}
