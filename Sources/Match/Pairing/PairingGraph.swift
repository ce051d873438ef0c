import Glibc
import Indexing

/// One island as an undirected graph, the form all general methods work on.
///
/// Nodes 0 ..< rowCount are the rows, the rest the columns: rows and columns are treated alike from here on, so that
/// exchanging the catalogues cannot change a probability. Edges with ln R = −∞ are left out. Adjacency is
/// stored flat: the neighbours of `node` are the entries `start[node] ..< start[node + 1]`.
///
/// `potential` holds the dual solution of the best-matching problem: p ≥ 0 on every node, p_i + p_j ≥ ln R_ij on
/// every edge, and Σ p = Σ_{M*} ln R. Sums over matchings are scaled by it: a pair weighs
/// exp(ln R_ij − p_i − p_j) ≤ 1, a node left alone exp(−p) ≤ 1, and M* weighs exactly 1. Whatever the size of ln R,
/// nothing overflows, and what underflows is less than 1e-308 of the best term.
struct PairingGraph: Sendable {
  private(set) var rowCount = 0
  private(set) var nodeCount = 0
  private(set) var start: [Int32] = []
  private(set) var neighbour: [Int32] = []
  /// The edge of each adjacency entry.
  private(set) var edge: [Int32] = []
  /// The ends and ln R of each edge, by the problem's edge numbers.
  private(set) var rowNode: [Int32] = []
  private(set) var columnNode: [Int32] = []
  private(set) var logRatio: [Double] = []
  /// See above; written by the assignment.
  var potential: [Double] = []
  /// The scaled weight of each edge, exp(ln R_ij − p_i − p_j); set by `scaleWeights`.
  private(set) var weight: [Double] = []
  /// The scaled weight of each node left alone, exp(−p).
  private(set) var aloneWeight: [Double] = []
  private var fill: [Int32] = []

  var edgeCount: Int { logRatio.count }

  @inline(__always)
  func entries(of node: Int32) -> Range<Int> { Int(start[Int(node)])..<Int(start[Int(node) + 1]) }

  /// The entries of all rows; those of columns follow.
  var entriesOfRows: Range<Int> { 0..<Int(start[rowCount]) }

  func degree(_ node: Int32) -> Int32 { start[Int(node) + 1] - start[Int(node)] }

  /// Whether an edge can be part of a matching at all.
  func isPossible(_ edge: Int) -> Bool { logRatio[edge] > -.infinity }

  /// The scaled logarithm of an edge's weight, ln R_ij − p_i − p_j.
  func logWeight(_ edge: Int) -> Double {
    (logRatio[edge] - potential[Int(rowNode[edge])]) - potential[Int(columnNode[edge])]
  }

  /// Reads the problem.
  ///
  /// - Throws: `MalformedIsland` where a pair has two edges; what `stop` throws.
  /// - Complexity: O(nodes + edges); 40 bytes an edge and 24 a node.
  mutating func load(_ problem: IslandProblem, _ stop: inout StopCheck) throws {
    rowCount = problem.aCount
    nodeCount = problem.aCount + problem.bCount
    try stop.after(steps: 4 * (nodeCount + problem.edges.count))
    readEnds(problem)
    countDegrees()
    fillAdjacency()
    try checkEdgesAreDistinct()
    potential.refill(with: 0, count: nodeCount)
  }

  /// Computes the scaled weights from the potentials.
  mutating func scaleWeights() {
    weight.removeAll(keepingCapacity: true)
    aloneWeight.removeAll(keepingCapacity: true)
    for edge in 0..<edgeCount {
      weight.append(exp(logWeight(edge)))
    }
    for node in 0..<nodeCount { aloneWeight.append(exp(-potential[node])) }
  }

  /// The scaled log weight of a matching; 0 up to rounding for a best one.
  func scaledLogWeight(of partner: [Int32]) -> Double {
    var total = 0.0
    for node in 0..<nodeCount where partner[node] < 0 { total -= potential[node] }
    for edge in 0..<edgeCount where partner[Int(rowNode[edge])] == columnNode[edge] { total += logWeight(edge) }
    return total
  }

  private mutating func readEnds(_ problem: IslandProblem) {
    rowNode.removeAll(keepingCapacity: true)
    columnNode.removeAll(keepingCapacity: true)
    logRatio.removeAll(keepingCapacity: true)
    for edge in problem.edges {
      rowNode.append(edge.row)
      columnNode.append(Int32(rowCount) + edge.column)
      logRatio.append(edge.logRatio)
    }
  }

  private mutating func countDegrees() {
    start.refill(with: 0, count: nodeCount + 1)
    for edge in 0..<edgeCount where isPossible(edge) {
      start[Int(rowNode[edge]) + 1] += 1
      start[Int(columnNode[edge]) + 1] += 1
    }
    for node in 0..<nodeCount { start[node + 1] += start[node] }
  }

  private mutating func fillAdjacency() {
    let entryCount = Int(start[nodeCount])
    neighbour.ensure(count: entryCount, filler: 0)
    edge.ensure(count: entryCount, filler: 0)
    fill.removeAll(keepingCapacity: true)
    fill.append(contentsOf: start)
    for index in 0..<edgeCount where isPossible(index) {
      let (row, column) = (rowNode[index], columnNode[index])
      addEntry(at: row, neighbour: column, edge: index)
      addEntry(at: column, neighbour: row, edge: index)
    }
  }

  private mutating func addEntry(at node: Int32, neighbour other: Int32, edge index: Int) {
    let slot = Int(fill[Int(node)])
    neighbour[slot] = other
    edge[slot] = Int32(index)
    fill[Int(node)] += 1
  }

  private mutating func checkEdgesAreDistinct() throws(MalformedIsland) {
    fill.refill(with: -1, count: nodeCount)
    for row in 0..<Int32(rowCount) {
      for entry in entries(of: row) {
        let column = Int(neighbour[entry])
        guard fill[column] != row else { throw MalformedIsland(row: row, column: Int32(column - rowCount)) }
        fill[column] = row
      }
    }
  }
}
