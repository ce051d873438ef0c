import Glibc
import Match
import XMDBTestSupport

/// The definition, word for word: every matching of an island enumerated, its weight multiplied up.
struct Oracle {
  var matchings = 0
  var logZ = 0.0
  var bestLogWeight = -Double.infinity
  var bestCount = 0
  var pairProbability: [Double]
  var aloneA: [Double]
  var aloneB: [Double]

  private var logTerms: [(logWeight: Double, edges: [Int])] = []

  init(_ problem: IslandProblem) {
    pairProbability = Array(repeating: 0, count: problem.edges.count)
    aloneA = Array(repeating: 1, count: problem.aCount)
    aloneB = Array(repeating: 1, count: problem.bCount)
    var isTaken = Array(repeating: false, count: problem.bCount)
    enumerate(problem, row: 0, logWeight: 0, edges: [], isTaken: &isTaken)
    matchings = logTerms.count
    bestLogWeight = logTerms.map(\.logWeight).max() ?? 0
    // Smallest terms first, so that the oracle's own rounding stays below what it judges.
    let terms = logTerms.map { (exp($0.logWeight - bestLogWeight), $0.edges) }.sorted { $0.0 < $1.0 }
    let sum = terms.reduce(0) { $0 + $1.0 }
    logZ = bestLogWeight + log(sum)
    bestCount = terms.filter { $0.0 > 1 - 1e-9 }.count
    var lonelyA = Array(repeating: 0.0, count: problem.aCount)
    var lonelyB = Array(repeating: 0.0, count: problem.bCount)
    for (weight, edges) in terms {
      for edge in edges { pairProbability[edge] += weight / sum }
      for row in lonelyA.indices where !edges.contains(where: { Int(problem.edges[$0].row) == row }) {
        lonelyA[row] += weight / sum
      }
      for column in lonelyB.indices where !edges.contains(where: { Int(problem.edges[$0].column) == column }) {
        lonelyB[column] += weight / sum
      }
    }
    (aloneA, aloneB) = (lonelyA, lonelyB)
  }

  private mutating func enumerate(
    _ problem: IslandProblem, row: Int, logWeight: Double, edges: [Int], isTaken: inout [Bool]
  ) {
    if row == problem.aCount {
      logTerms.append((logWeight, edges))
      return
    }
    enumerate(problem, row: row + 1, logWeight: logWeight, edges: edges, isTaken: &isTaken)
    for (index, edge) in problem.edges.enumerated() where Int(edge.row) == row && !isTaken[Int(edge.column)] {
      isTaken[Int(edge.column)] = true
      enumerate(
        problem, row: row + 1, logWeight: logWeight + edge.logRatio, edges: edges + [index], isTaken: &isTaken)
      isTaken[Int(edge.column)] = false
    }
  }

  /// The number of matchings of n against m, all pairs allowed: Σ_k C(n,k) m!/(m−k)!.
  static func matchingCount(_ rows: Int, _ columns: Int) -> Int {
    var (total, term) = (1, 1)
    for size in 1...max(1, min(rows, columns)) where size <= min(rows, columns) {
      term = term * (rows - size + 1) * (columns - size + 1) / size
      total += term
    }
    return total
  }
}

extension IslandProblem {
  /// Every pair an edge, given as a matrix of ln R.
  init(logRatios: [[Double]]) {
    var edges: [IslandEdge] = []
    for (row, line) in logRatios.enumerated() {
      for (column, logRatio) in line.enumerated() {
        edges.append(IslandEdge(row: Int32(row), column: Int32(column), logRatio: logRatio))
      }
    }
    self.init(aCount: logRatios.count, bCount: logRatios.first?.count ?? 0, edges: edges)
  }

  /// Each pair an edge with a probability, ln R uniform in a range.
  static func random(
    rows: Int, columns: Int, density: Double, logRatio: ClosedRange<Double>, _ generator: inout SeededGenerator
  ) -> IslandProblem {
    var problem = IslandProblem(aCount: rows, bCount: columns)
    for row in 0..<rows {
      for column in 0..<columns where generator.uniform(0...1) < density {
        problem.add(row: Int32(row), column: Int32(column), logRatio: generator.uniform(logRatio))
      }
    }
    return problem
  }

  /// A chain a0–b0–a1–b1–…: row i has edges to columns i and i − 1.
  static func chain(_ count: Int, logRatio: ClosedRange<Double>, _ generator: inout SeededGenerator) -> IslandProblem {
    var problem = IslandProblem(aCount: count, bCount: count)
    for row in 0..<Int32(count) {
      if row > 0 { problem.add(row: row, column: row - 1, logRatio: generator.uniform(logRatio)) }
      problem.add(row: row, column: row, logRatio: generator.uniform(logRatio))
    }
    return problem
  }

  /// Each row against nearby columns: sparse and of bounded frontier, like a strip of sky.
  static func band(
    rows: Int, columns: Int, reach: Int, density: Double, logRatio: ClosedRange<Double>,
    _ generator: inout SeededGenerator
  ) -> IslandProblem {
    var problem = IslandProblem(aCount: rows, bCount: columns)
    for row in 0..<rows {
      let middle = row * columns / rows
      for column in max(0, middle - reach)...min(columns - 1, middle + reach)
      where generator.uniform(0...1) < density {
        problem.add(row: Int32(row), column: Int32(column), logRatio: generator.uniform(logRatio))
      }
    }
    return problem
  }
}

extension IslandSolver.Limits {
  static var subsetOnly: Self {
    var limits = Self()
    limits.usesClosedForms = false
    limits.subsetBits = 12
    limits.subsetEntries = 1 << 24
    return limits
  }

  static var frontierOnly: Self {
    var limits = Self()
    limits.usesClosedForms = false
    limits.subsetBits = -1
    return limits
  }

  /// The frontier programme with next to no store, so that it has to halve its steps over and over.
  static var frontierWithoutStore: Self {
    var limits = frontierOnly
    limits.frontierStore = 16
    return limits
  }

  static var approximateOnly: Self {
    var limits = frontierOnly
    limits.frontierWidth = 0
    return limits
  }
}

extension IslandSolution {
  /// Σ ln R over the best matching.
  func bestLogWeight(_ problem: IslandProblem) -> Double {
    problem.edges.reduce(0) { partnerOfA[Int($1.row)] == $1.column ? $0 + $1.logRatio : $0 }
  }

  /// The largest absolute difference of any probability from another solution of the same problem.
  func largestDifference(from other: IslandSolution) -> Double {
    let mine = pairProbability + aloneProbabilityA + aloneProbabilityB + [bestProbability]
    let theirs = other.pairProbability + other.aloneProbabilityA + other.aloneProbabilityB + [other.bestProbability]
    return zip(mine, theirs).map { abs($0 - $1) }.max() ?? 0
  }
}
