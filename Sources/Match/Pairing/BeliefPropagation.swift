import Glibc
import Indexing

/// Approximate sums over matchings by belief propagation, for islands beyond the exact methods.
///
/// Each node tells each neighbour how strongly it asks for it: with scaled weights r and lone weights α,
///
///     μ_{x→y} = 1 / (α_x + Σ_{z≠y} r_xz μ_{z→x})
///
/// At the fixed point P_xy = r μ_{x→y} μ_{y→x} / (1 + r μ_{x→y} μ_{y→x}), and the Bethe approximation gives
///
///     ln Z = Σ_x ln(α_x + Σ_y r_xy μ_{y→x}) − Σ_xy ln(1 + r_xy μ_{x→y} μ_{y→x}).
///
/// **Convergence.** Rows and columns speak in turn. A message falls when one that its sender hears rises, so two turns together
/// are monotone: begun at 0 and at 1/α the messages rise and fall to the fixed point, which is the only one, as the Bethe free
/// energy of matchings is convex; begun between, they are held between. So nothing oscillates, and nothing needs damping.
///
/// **Work.** A node speaks again only when it has heard something new: a message that differs from the one before by more than
/// `tolerance`. In the end every message is within `tolerance` of what its sender would say. In a sky that is a few tens of
/// messages an edge. Where all of an island is nearly matched, one common factor settles last; it is found beforehand
/// (`PropagationBalance`). `visitLimit` bounds the work.
///
/// Sums without one term are made of the terms before and after it, never by subtraction. The scaling keeps the best
/// matching at weight 1, so lone weights below 1e-300 can be raised to that without a trace, and no message overflows.
///
/// Exact on trees. What it says of loops is mended afterwards (`NeighbourhoodSums`).
struct BeliefPropagation: Sendable {
  /// The messages heard by a node, r μ: one for each adjacency entry.
  private var heard: [Double] = []
  /// The entry of the same edge at its other end.
  private var twin: [Int32] = []
  /// Sums of what a node hears, up to each of its entries.
  private var before: [Double] = []
  /// Nodes that have heard something new.
  private var isStale: [Bool] = []
  /// For each node the sum of what it hears.
  private var sums: [Double] = []
  private var neighbourhoods = NeighbourhoodSums()

  /// Memory: 32 bytes an edge and 37 a node.
  mutating func run(_ graph: PairingGraph, into marginals: inout Marginals, _ stop: inout StopCheck) throws {
    prepare(graph)
    try heard.withUnsafeMutableBufferPointer { heard in
      try before.withUnsafeMutableBufferPointer { before in
        try isStale.withUnsafeMutableBufferPointer { isStale in
          let pass = PropagationPass(graph: graph, twin: twin, heard: heard, before: before, isStale: isStale)
          try pass.converge(&sums, &stop)
          try stop.after(steps: 2 * graph.edgeCount)
          pass.readOut(&marginals)
          try neighbourhoods.refine(graph, heard: UnsafeBufferPointer(heard), &marginals, &stop)
          marginals.normalise(graph)
        }
      }
    }
  }

  private mutating func prepare(_ graph: PairingGraph) {
    let entryCount = Int(graph.start[graph.nodeCount])
    heard.ensure(count: entryCount, filler: 0)
    isStale.refill(with: true, count: graph.nodeCount)
    var degree: Int32 = 0
    for node in 0..<Int32(graph.nodeCount) { degree = max(degree, graph.degree(node)) }
    before.ensure(count: Int(degree), filler: 0)
    pairUpEntries(graph, entryCount)
  }

  /// Finds the twins: entries of columns stand in the order of edges, as those of rows do.
  private mutating func pairUpEntries(_ graph: PairingGraph, _ entryCount: Int) {
    twin.ensure(count: entryCount, filler: 0)
    var entryOfEdge = [Int32](repeating: 0, count: graph.edgeCount)
    for entry in graph.entriesOfRows { entryOfEdge[Int(graph.edge[entry])] = Int32(entry) }
    for entry in graph.entriesOfRows.upperBound..<entryCount {
      let other = entryOfEdge[Int(graph.edge[entry])]
      twin[entry] = other
      twin[Int(other)] = Int32(entry)
    }
  }
}

/// The loops of one run over contiguous memory.
private struct PropagationPass {
  /// The relative difference of a message that counts as new.
  private static let tolerance = 1e-8
  /// The most messages, in messages of each edge in each direction.
  private static let visitLimit = 300
  private static let roundLimit = 10_000
  private static let smallestWeight = 1e-300

  let graph: PairingGraph
  let twin: [Int32]
  let heard: UnsafeMutableBufferPointer<Double>
  let before: UnsafeMutableBufferPointer<Double>
  let isStale: UnsafeMutableBufferPointer<Bool>

  private func lone(_ node: Int) -> Double { max(Self.smallestWeight, graph.aloneWeight[node]) }

  /// Rows and columns in turn, until nobody has heard anything new.
  func converge(_ sums: inout [Double], _ stop: inout StopCheck) throws {
    begin()
    var visitsLeft = Self.visitLimit * Int(graph.start[graph.nodeCount])
    for round in 0..<Self.roundLimit where visitsLeft > 0 {
      if round & (round - 1) == 0 { try balance(&sums, &stop) }
      let visits = try turn(0..<graph.rowCount, &stop) + turn(graph.rowCount..<graph.nodeCount, &stop)
      if visits == 0 { return }
      visitsLeft -= visits
    }
  }

  /// Every node begins with what it would say if its neighbours were like it: μ = 1 / (α + μ Σ r).
  private func begin() {
    for node in 0..<graph.nodeCount {
      var weights = 0.0
      let entries = graph.entries(of: Int32(node))
      for entry in entries { weights += graph.weight[Int(graph.edge[entry])] }
      let alone = lone(node)
      let message = 2 / (alone + (alone * alone + 4 * weights).squareRoot())
      for entry in entries { heard[Int(twin[entry])] = graph.weight[Int(graph.edge[entry])] * message }
    }
  }

  /// Lets the nodes of one side speak that have heard something new. Returns the number of messages.
  private func turn(_ nodes: Range<Int>, _ stop: inout StopCheck) throws -> Int {
    var visits = 0
    for node in nodes where isStale[node] {
      isStale[node] = false
      let entries = graph.entries(of: Int32(node))
      try stop.after(steps: entries.count)
      visits += entries.count
      speak(node, entries)
    }
    return visits
  }

  private func speak(_ node: Int, _ entries: Range<Int>) {
    var sum = lone(node)
    for entry in entries {
      before[entry - entries.lowerBound] = sum
      sum += heard[entry]
    }
    var after = 0.0
    for entry in entries.reversed() {
      let message = graph.weight[Int(graph.edge[entry])] / (before[entry - entries.lowerBound] + after)
      after += heard[entry]
      let other = Int(twin[entry])
      if abs(message - heard[other]) > Self.tolerance * message {
        heard[other] = message
        isStale[Int(graph.neighbour[entry])] = true
      }
    }
  }

  /// Brings in the common factor that makes as many rows matched as columns.
  private func balance(_ sums: inout [Double], _ stop: inout StopCheck) throws {
    try stop.after(steps: Int(graph.start[graph.nodeCount]))
    sums.removeAll(keepingCapacity: true)
    for node in 0..<graph.nodeCount {
      var sum = 0.0
      for entry in graph.entries(of: Int32(node)) { sum += heard[entry] }
      sums.append(sum)
    }
    try stop.after(steps: PropagationBalance.halvings * graph.nodeCount)
    let factor = PropagationBalance(sums: sums, rows: graph.rowCount) { lone($0) }.factor
    if factor == 1 { return }
    let entriesOfRows = graph.entriesOfRows
    for entry in entriesOfRows { heard[entry] /= factor }
    for entry in entriesOfRows.upperBound..<Int(graph.start[graph.nodeCount]) { heard[entry] *= factor }
    for node in 0..<graph.nodeCount { isStale[node] = true }
  }

  func readOut(_ marginals: inout Marginals) {
    var logZ = 0.0
    for node in 0..<graph.nodeCount {
      var total = lone(node)
      for entry in graph.entries(of: Int32(node)) { total += heard[entry] }
      marginals.alone[node] = graph.aloneWeight[node] / total
      logZ += log(total)
    }
    for entry in graph.entriesOfRows {
      let edge = Int(graph.edge[entry])
      let (ofRow, ofColumn) = (heard[entry], heard[Int(twin[entry])])
      let isPossible = ofRow > 0 && ofColumn > 0
      let logOdds = isPossible ? log(ofRow) + log(ofColumn) - graph.logWeight(edge) : -.infinity
      marginals.pair[edge] = PairQuantities.matchProbability(logRatio: logOdds)
      logZ -= max(0, logOdds) + log1p(exp(-abs(logOdds)))
    }
    marginals.logScaledSum = max(0, logZ)
    marginals.normalise(graph)
  }
}
