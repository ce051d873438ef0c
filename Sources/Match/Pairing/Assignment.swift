import Indexing

/// The matching of largest Σ ln R, and the dual solution that proves it, on a sparse graph.
///
/// The assignment problem with one zero-cost dummy per row, by successive shortest augmenting paths with
/// potentials, as Jonker and Volgenant do, with a heap instead of a dense scan. Rows enter one by one; from each, Dijkstra on
/// the reduced costs p_i + p_j − ln R_ij ≥ 0 finds the cheapest way to give it a column or to let some row go alone.
/// Edges with ln R < 0 never improve a matching and are passed over.
///
/// - Complexity: O(rows · E log E) at worst; in sparse islands the searches are local and the time is near linear. Memory: 18
///   bytes a node, and a heap of at most 16 an edge.
struct Assignment: Sendable {
  private var heap = DistanceHeap()
  /// Per column node: its distance and the row it was reached from, valid where `stamp` is the current row.
  private var distance: [Double] = []
  private var via: [Int32] = []
  private var stamp: [Int32] = []
  private var isScanned: [Bool] = []
  private var scanned: [Int32] = []

  /// Where a search ended: at a free column, or at a row that goes alone.
  private struct End {
    var cost = Double.infinity
    var node: Int32 = -1
  }

  /// Writes the best matching, a partner node or −1 for every node, and `graph.potential`.
  mutating func solve(_ graph: inout PairingGraph, partner: inout [Int32], _ stop: inout StopCheck) throws {
    partner.refill(with: -1, count: graph.nodeCount)
    distance.ensure(count: graph.nodeCount, filler: 0)
    via.ensure(count: graph.nodeCount, filler: -1)
    isScanned.ensure(count: graph.nodeCount, filler: false)
    stamp.refill(with: -1, count: graph.nodeCount)
    for row in 0..<Int32(graph.rowCount) {
      var best = 0.0
      for entry in graph.entries(of: row) { best = max(best, graph.logRatio[Int(graph.edge[entry])]) }
      graph.potential[Int(row)] = best
    }
    for row in 0..<Int32(graph.rowCount) where graph.potential[Int(row)] > 0 {
      let end = try search(from: row, graph, partner, &stop)
      updatePotentials(source: row, cost: end.cost, &graph, partner)
      augment(from: row, to: end.node, &graph, &partner)
    }
  }

  private mutating func search(
    from source: Int32, _ graph: PairingGraph, _ partner: [Int32], _ stop: inout StopCheck
  ) throws -> End {
    heap.removeAll()
    scanned.removeAll(keepingCapacity: true)
    var end = End()
    try stop.after(steps: 4 * Int(graph.degree(source)))
    relax(source, at: 0, source: source, graph, partner, &end)
    while let (cost, column) = heap.popMinimum(), cost < end.cost {
      if isScanned[Int(column)] || cost > distance[Int(column)] { continue }
      isScanned[Int(column)] = true
      scanned.append(column)
      try stop.after(steps: 8 + 4 * Int(graph.degree(partner[Int(column)])))
      relax(partner[Int(column)], at: cost, source: source, graph, partner, &end)
    }
    return end
  }

  /// Looks at everything one step from `row`, which is reached at `base`.
  private mutating func relax(
    _ row: Int32, at base: Double, source: Int32, _ graph: PairingGraph, _ partner: [Int32], _ end: inout End
  ) {
    let rowPotential = graph.potential[Int(row)]
    if base + rowPotential < end.cost { end = End(cost: base + rowPotential, node: row) }
    for entry in graph.entries(of: row) {
      let logRatio = graph.logRatio[Int(graph.edge[entry])]
      let column = Int(graph.neighbour[entry])
      if logRatio < 0 || partner[column] == row { continue }
      let cost = base + max(0, rowPotential + graph.potential[column] - logRatio)
      if cost >= end.cost || (stamp[column] == source && distance[column] <= cost) { continue }
      if stamp[column] != source {
        stamp[column] = source
        isScanned[column] = false
      }
      distance[column] = cost
      via[column] = row
      if partner[column] < 0 {
        end = End(cost: cost, node: Int32(column))
      } else {
        heap.push(cost, Int32(column))
      }
    }
  }

  private func updatePotentials(source: Int32, cost: Double, _ graph: inout PairingGraph, _ partner: [Int32]) {
    graph.potential[Int(source)] = max(0, graph.potential[Int(source)] - cost)
    for column in scanned {
      let change = cost - distance[Int(column)]
      let row = Int(partner[Int(column)])
      graph.potential[Int(column)] += change
      graph.potential[row] = max(0, graph.potential[row] - change)
    }
  }

  private func augment(from source: Int32, to end: Int32, _ graph: inout PairingGraph, _ partner: inout [Int32]) {
    var column = end
    if Int(end) < graph.rowCount {
      graph.potential[Int(end)] = 0
      if end == source { return }
      column = partner[Int(end)]
      partner[Int(end)] = -1
    }
    while true {
      let row = via[Int(column)]
      let next = partner[Int(row)]
      partner[Int(column)] = row
      partner[Int(row)] = column
      if row == source { return }
      column = next
    }
  }
}

/// A binary heap of (distance, node), smallest first; equal distances by node.
private struct DistanceHeap: Sendable {
  private var items: [(cost: Double, node: Int32)] = []

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  private static func isBefore(_ a: (cost: Double, node: Int32), _ b: (cost: Double, node: Int32)) -> Bool {
    a.cost < b.cost || (a.cost == b.cost && a.node < b.node)
  }

  mutating func push(_ cost: Double, _ node: Int32) {
    items.append((cost, node))
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if !Self.isBefore(items[child], items[parent]) { return }
      items.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popMinimum() -> (cost: Double, node: Int32)? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    if items.isEmpty { return first }
    items[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= items.count { return first }
      if child + 1 < items.count && Self.isBefore(items[child + 1], items[child]) { child += 1 }
      if !Self.isBefore(items[child], items[parent]) { return first }
      items.swapAt(child, parent)
      parent = child
    }
  }
}
