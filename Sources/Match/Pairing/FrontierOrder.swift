import Indexing

/// Orders of the nodes of an island that keep the frontier narrow.
///
/// Tried: rows in the order given (a sweep across the sky), columns likewise, and a greedy order grown from either end of
/// the island, in the spirit of Cuthill and McKee: next comes the node at the frontier whose turn widens it least, among
/// equals the one whose neighbourhood has waited longest. The plan of least work wins, the first of equals.
struct FrontierOrder: Sendable {
  private var order: [Int32] = []
  private var candidate = FrontierPlan()
  /// Undecided edges of each node; −1 once it has left.
  private var remaining: [Int32] = []
  private var isOpen: [Bool] = []
  /// Open nodes, the longest open first.
  private var frontier: [Int32] = []
  /// Adjacency entries that may still be looked at.
  private var looksLeft = 0

  /// The most adjacency entries looked at for one greedy order, some 0.2 s: where sources of hundreds of candidates meet.
  private static let mostLooks = 100_000_000

  /// Finds the best plan within the limits.
  ///
  /// - Returns: Whether there is one.
  mutating func plan(
    _ graph: PairingGraph, widthLimit: Int, workLimit: Double, into best: inout FrontierPlan, _ stop: inout StopCheck
  ) throws -> Bool {
    var found = false
    let rows = Int32(graph.rowCount)
    let nodes = Int32(graph.nodeCount)
    try consider(Array(0..<rows), graph, widthLimit, workLimit, &best, &found, &stop)
    try consider(Array(rows..<nodes), graph, widthLimit, workLimit, &best, &found, &stop)
    guard let start = (0..<nodes).first(where: { graph.degree($0) > 0 }) else { return found }
    let end = farthest(from: start, graph)
    for seed in [end, farthest(from: end, graph)] {
      try stop.after(steps: 2 * graph.edgeCount)
      if try growOrder(from: seed, graph, widthLimit: widthLimit, &stop) {
        try consider(order, graph, widthLimit, workLimit, &best, &found, &stop)
      }
    }
    return found
  }

  private mutating func consider(
    _ order: [Int32], _ graph: PairingGraph, _ widthLimit: Int, _ workLimit: Double, _ best: inout FrontierPlan,
    _ found: inout Bool, _ stop: inout StopCheck
  ) throws {
    let fits = try candidate.build(
      graph, order: order, widthLimit: widthLimit, workLimit: found ? min(workLimit, best.work) : workLimit, &stop)
    guard fits && (!found || candidate.work < best.work) else { return }
    swap(&candidate, &best)
    found = true
  }

  /// A node reached last by a breadth-first walk.
  private mutating func farthest(from source: Int32, _ graph: PairingGraph) -> Int32 {
    var isSeen = [Bool](repeating: false, count: graph.nodeCount)
    var queue = [source]
    isSeen[Int(source)] = true
    var head = 0
    while head < queue.count {
      for entry in graph.entries(of: queue[head]) {
        let next = graph.neighbour[entry]
        if !isSeen[Int(next)] {
          isSeen[Int(next)] = true
          queue.append(next)
        }
      }
      head += 1
    }
    return queue[queue.count - 1]
  }

  /// Writes the greedy order; false if the frontier outgrew the limit on the way, or finding it is too much work.
  private mutating func growOrder(
    from seed: Int32, _ graph: PairingGraph, widthLimit: Int, _ stop: inout StopCheck
  ) throws -> Bool {
    looksLeft = Self.mostLooks
    order.removeAll(keepingCapacity: true)
    frontier.removeAll(keepingCapacity: true)
    remaining.removeAll(keepingCapacity: true)
    for node in 0..<Int32(graph.nodeCount) { remaining.append(graph.degree(node)) }
    isOpen.refill(with: false, count: graph.nodeCount)
    var unseen: Int32 = 0
    var next = remaining[Int(seed)] > 0 ? seed : -1
    while true {
      if next < 0 {
        while unseen < graph.nodeCount && remaining[Int(unseen)] <= 0 { unseen += 1 }
        if unseen == graph.nodeCount { return true }
        next = unseen
      }
      order.append(next)
      take(next, graph)
      if frontier.count > widthLimit || looksLeft < 0 { return false }
      let looks = looksLeft
      next = cheapest(graph)
      try stop.after(steps: looks - looksLeft)
    }
  }

  private mutating func take(_ node: Int32, _ graph: PairingGraph) {
    var leaving = isOpen[Int(node)]
    for entry in graph.entries(of: node) {
      let other = Int(graph.neighbour[entry])
      guard remaining[other] > 0 else { continue }
      remaining[other] -= 1
      if remaining[other] == 0 {
        remaining[other] = -1
        leaving = leaving || isOpen[other]
      } else if !isOpen[other] {
        isOpen[other] = true
        frontier.append(Int32(other))
      }
    }
    remaining[Int(node)] = -1
    if leaving { frontier.removeAll { remaining[Int($0)] < 0 } }
  }

  /// The node in or next to the frontier whose turn widens it least; −1 if the frontier is empty.
  private mutating func cheapest(_ graph: PairingGraph) -> Int32 {
    var best: (growth: Int, node: Int32) = (.max, -1)
    for node in frontier where looksLeft >= 0 {
      let growth = growth(of: node, graph)
      looksLeft -= Int(graph.degree(node))
      if growth < best.growth { best = (growth, node) }
      for entry in graph.entries(of: node) {
        let other = graph.neighbour[entry]
        guard remaining[Int(other)] > 0 && !isOpen[Int(other)] else { continue }
        let growth = self.growth(of: other, graph)
        looksLeft -= Int(graph.degree(other))
        if growth < best.growth { best = (growth, other) }
      }
    }
    return best.node
  }

  /// By how much the frontier widens when this node has its turn.
  private func growth(of node: Int32, _ graph: PairingGraph) -> Int {
    var growth = isOpen[Int(node)] ? -1 : 0
    for entry in graph.entries(of: node) {
      let other = Int(graph.neighbour[entry])
      guard remaining[other] > 0 else { continue }
      if remaining[other] == 1 {
        if isOpen[other] { growth -= 1 }
      } else if !isOpen[other] {
        growth += 1
      }
    }
    return growth
  }
}
