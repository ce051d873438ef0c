import Indexing

/// Chooses among equally good matchings by a fixed rule.
///
/// The rule: go through the pairs by falling ln R, equal ones by (smaller of row and column, larger of them, row); take
/// each that some best matching contains together with those already taken. ln R comes first, so the choice depends on the numbering
/// only where the ratios themselves are equal; and apart from its last word the rule is the same for rows and columns.
/// Matchings whose Σ ln R differ by less than about 1e-12 (1 + max ln R), the rounding of the sums, count as equal.
///
/// How: a best matching is one that uses only tight edges (p_i + p_j = ln R_ij) and leaves alone only nodes with p = 0.
/// Two best matchings differ by cycles of a directed graph: tight edges not in M lead row → column, edges of M column →
/// row, and one hub stands for "alone": a lone row has hub → row, a lone column column → hub, a matched row that may be
/// alone row → hub, such a column hub → column. No cycle: M is the only best matching, which costs O(E) to see. Otherwise
/// pairs are forced in one by one by flipping cycles.
///
/// Where an edge has no cycle, the nodes that lead no way back are a part of the graph that no cycle leaves: flipping a cycle and
/// taking nodes away keep it so. It is remembered, and edges across its border are not tried again.
///
/// - Complexity: O(E) without ties; with them a walk through the tied nodes for each pair that is forced in, and for each part
///   found. Memory: 17 bytes a node, 4 a tied edge.
struct TieBreaker: Sendable {
  private var tolerance = 0.0
  private var inDegree: [Int32] = []
  private var isActive: [Bool] = []
  private var stack: [Int32] = []
  private var previous: [Int32] = []
  private var candidates: [Int32] = []
  /// The part of each node: nodes of different parts are on no common cycle.
  private var part: [Int32] = []
  private var partCount: Int32 = 0

  /// Replaces `partner`, a best matching, by the one the rule chooses.
  mutating func canonicalise(_ graph: PairingGraph, partner: inout [Int32], _ stop: inout StopCheck) throws {
    var largest = 0.0
    for edge in 0..<graph.edgeCount { largest = max(largest, graph.logRatio[edge]) }
    tolerance = 1e-12 * (1 + largest)
    try stop.after(steps: 8 * (graph.nodeCount + graph.edgeCount))
    keepCycles(graph, partner)
    guard isActive[0..<graph.nodeCount].contains(true) else { return }
    try collectCandidates(graph, &stop)
    previous.refill(with: -1, count: graph.nodeCount + 1)
    part.refill(with: 0, count: graph.nodeCount)
    partCount = 1
    for edge in candidates {
      let (row, column) = (graph.rowNode[Int(edge)], graph.columnNode[Int(edge)])
      guard isActive[Int(row)] && isActive[Int(column)] else { continue }
      let isTaken =
        try partner[Int(row)] == column || flipCycle(row: row, column: column, graph, &partner, &stop)
      if isTaken {
        isActive[Int(row)] = false
        isActive[Int(column)] = false
      }
    }
  }

  private func isTight(_ edge: Int, _ graph: PairingGraph) -> Bool {
    let sum = graph.potential[Int(graph.rowNode[edge])] + graph.potential[Int(graph.columnNode[edge])]
    return sum - graph.logRatio[edge] <= tolerance
  }

  /// Calls `body` with every node one arrow from `node`; the hub is `nodeCount`.
  private func forEachArrow(
    from node: Int32, _ graph: PairingGraph, _ partner: [Int32], _ body: (Int32) -> Void
  ) {
    let hub = Int32(graph.nodeCount)
    if node == hub {
      for other in 0..<hub where isActive[Int(other)] && leadsFromHub(other, graph, partner) { body(other) }
    } else if Int(node) >= graph.rowCount {
      let row = partner[Int(node)]
      if row < 0 { body(hub) } else if isActive[Int(row)] { body(row) }
    } else {
      if partner[Int(node)] >= 0 && graph.potential[Int(node)] <= tolerance { body(hub) }
      for entry in graph.entries(of: node) {
        let column = graph.neighbour[entry]
        if isActive[Int(column)] && partner[Int(node)] != column && isTight(Int(graph.edge[entry]), graph) {
          body(column)
        }
      }
    }
  }

  private func leadsFromHub(_ node: Int32, _ graph: PairingGraph, _ partner: [Int32]) -> Bool {
    let isRow = Int(node) < graph.rowCount
    if isRow { return partner[Int(node)] < 0 }
    return partner[Int(node)] >= 0 && graph.potential[Int(node)] <= tolerance
  }

  /// Peels nodes that no arrow leads to until only cycles, and what hangs behind them, are active.
  private mutating func keepCycles(_ graph: PairingGraph, _ partner: [Int32]) {
    let nodes = Int32(graph.nodeCount) + 1
    isActive.refill(with: true, count: Int(nodes))
    inDegree.refill(with: 0, count: Int(nodes))
    for node in 0..<nodes { countArrows(from: node, by: 1, graph, partner) }
    stack.removeAll(keepingCapacity: true)
    for node in 0..<nodes where inDegree[Int(node)] == 0 { stack.append(node) }
    while let node = stack.popLast() {
      isActive[Int(node)] = false
      countArrows(from: node, by: -1, graph, partner)
    }
    isActive[Int(nodes) - 1] = true
  }

  private mutating func countArrows(from node: Int32, by change: Int32, _ graph: PairingGraph, _ partner: [Int32]) {
    var degrees: [Int32] = []
    swap(&degrees, &inDegree)
    var freed: [Int32] = []
    swap(&freed, &stack)
    forEachArrow(from: node, graph, partner) { next in
      degrees[Int(next)] += change
      if change < 0 && degrees[Int(next)] == 0 { freed.append(next) }
    }
    swap(&degrees, &inDegree)
    swap(&freed, &stack)
  }

  private mutating func collectCandidates(_ graph: PairingGraph, _ stop: inout StopCheck) throws {
    candidates.removeAll(keepingCapacity: true)
    for edge in 0..<graph.edgeCount where graph.isPossible(edge) && isTight(edge, graph) {
      if isActive[Int(graph.rowNode[edge])] && isActive[Int(graph.columnNode[edge])] { candidates.append(Int32(edge)) }
    }
    try candidates.sort { first, second in
      try stop.after(steps: 2)
      let (one, other) = (graph.logRatio[Int(first)], graph.logRatio[Int(second)])
      return one == other ? Self.key(first, graph) < Self.key(second, graph) : one > other
    }
  }

  static func key(_ edge: Int32, _ graph: PairingGraph) -> (Double, Int32, Int32, Int32) {
    let row = graph.rowNode[Int(edge)]
    let column = graph.columnNode[Int(edge)] - Int32(graph.rowCount)
    return (-graph.logRatio[Int(edge)], min(row, column), max(row, column), row)
  }

  /// Brings an edge into the matching along a cycle of active nodes, if there is one: a path column → … → row.
  private mutating func flipCycle(
    row: Int32, column: Int32, _ graph: PairingGraph, _ partner: inout [Int32], _ stop: inout StopCheck
  ) throws -> Bool {
    guard part[Int(row)] == part[Int(column)] else { return false }
    guard try findPath(from: column, to: row, graph, partner, &stop) else {
      divideParts(graph)
      return false
    }
    let hub = Int32(graph.nodeCount)
    let alone: Int32 = -1
    var node = row
    var pairs: [(Int32, Int32)] = [(row, column)]
    var members: [Int32] = [row]
    while node != column {
      let before = previous[Int(node)]
      let isPairing = before != hub && node != hub && Int(before) < graph.rowCount
      if isPairing { pairs.append((before, node)) }
      if before != hub { members.append(before) }
      node = before
    }
    for member in members { partner[Int(member)] = alone }
    for (row, column) in pairs {
      partner[Int(row)] = column
      partner[Int(column)] = row
    }
    return true
  }

  /// Makes the nodes that the last walk reached parts of their own.
  private mutating func divideParts(_ graph: PairingGraph) {
    var reached: [Int32: Int32] = [:]
    for node in 0..<graph.nodeCount where previous[node] >= 0 {
      let old = part[node]
      if reached[old] == nil {
        reached[old] = partCount
        partCount += 1
      }
      part[node] = reached[old] ?? old
    }
  }

  private mutating func findPath(
    from source: Int32, to target: Int32, _ graph: PairingGraph, _ partner: [Int32], _ stop: inout StopCheck
  ) throws -> Bool {
    var before: [Int32] = []
    swap(&before, &previous)
    defer { swap(&before, &previous) }
    before.refill(with: -1, count: graph.nodeCount + 1)
    before[Int(source)] = source
    var queue: [Int32] = [source]
    var head = 0
    while head < queue.count && before[Int(target)] < 0 {
      let node = queue[head]
      head += 1
      try stop.after(steps: Int(node) < graph.nodeCount ? 1 + Int(graph.degree(node)) : graph.nodeCount)
      forEachArrow(from: node, graph, partner) { next in
        if before[Int(next)] < 0 {
          before[Int(next)] = node
          queue.append(next)
        }
      }
    }
    return before[Int(target)] >= 0
  }
}
