import Indexing

/// One step of the frontier programme.
struct FrontierOperation: Sendable {
  enum Kind: UInt8, Sendable {
    /// A node joins the frontier, at the top bit, unmatched.
    case open
    /// An edge between two nodes of the frontier is decided: matched or not.
    case join
    /// A node whose edges are all decided leaves; states that differ in it only are merged.
    case close
  }

  var kind: Kind
  /// The bit of the node; for `join`, the lower of the two bits.
  var bit: UInt8
  /// For `join`, the higher of the two bits.
  var higherBit: UInt8 = 0
  /// Whether this `join` follows another one of the same node's turn. Such joins change no state without that node,
  /// and read no other forward, so they can share one stored table.
  var continuesTurn = false
  /// The number of bits before the step.
  var width: UInt8
  /// The edge, or the node.
  var subject: Int32
}

/// A sequence of steps that decides every edge once, made from an order of the nodes.
///
/// Each node in turn has its undecided edges decided, and leaves; neighbours join when first needed and leave when
/// nothing of theirs is undecided. In a turn, edges within the frontier come first, then leaves, one by one, then those that
/// make a node join. Rows and columns play the same part.
struct FrontierPlan: Sendable {
  private(set) var operations: [FrontierOperation] = []
  /// The largest number of nodes in the frontier at once.
  private(set) var width = 0
  /// The number of table entries touched, Σ 2^width over the steps.
  private(set) var work = 0.0
  /// Nodes of the frontier by bit.
  private var frontier: [Int32] = []
  /// Undecided edges of each node; −1 once it has left.
  private var remaining: [Int32] = []
  private var isOpen: [Bool] = []
  /// Adjacency entries of the node whose turn it is.
  private var staying: [Int] = []
  private var leaves: [Int] = []
  private var joining: [Int] = []

  /// Makes the plan for an order of the nodes.
  ///
  /// - Parameter order: Nodes; those left out must have left when their neighbours are through.
  /// - Returns: Whether width and work stayed within the limits; if not, the plan is unusable.
  mutating func build(
    _ graph: PairingGraph, order: [Int32], widthLimit: Int, workLimit: Double, _ stop: inout StopCheck
  ) throws -> Bool {
    operations.removeAll(keepingCapacity: true)
    frontier.removeAll(keepingCapacity: true)
    (width, work) = (0, 0)
    remaining.removeAll(keepingCapacity: true)
    for node in 0..<Int32(graph.nodeCount) { remaining.append(graph.degree(node)) }
    isOpen.refill(with: false, count: graph.nodeCount)
    for node in order where remaining[Int(node)] > 0 {
      try stop.after(steps: (1 + Int(graph.degree(node))) * min(widthLimit, 1 + width))
      eliminate(node, graph, widthLimit: widthLimit)
      if width > widthLimit || work > workLimit { return false }
    }
    return true
  }

  /// Ends early, with the plan unusable, where the frontier outgrows the limit.
  private mutating func eliminate(_ node: Int32, _ graph: PairingGraph, widthLimit: Int) {
    if !isOpen[Int(node)] { open(node) }
    sortNeighbours(of: node, graph)
    for (index, entry) in staying.enumerated() { join(node, entry, graph, continuesTurn: index > 0) }
    for entry in staying { closeIfDone(graph.neighbour[entry]) }
    for entry in leaves {
      open(graph.neighbour[entry])
      join(node, entry, graph, continuesTurn: false)
      closeIfDone(graph.neighbour[entry])
    }
    if frontier.count + joining.count > widthLimit {
      width = frontier.count + joining.count
      return
    }
    for entry in joining { open(graph.neighbour[entry]) }
    for (index, entry) in joining.enumerated() { join(node, entry, graph, continuesTurn: index > 0) }
    close(node)
  }

  /// Sorts the undecided edges of a node: other end in the frontier, a leaf, or to join the frontier.
  private mutating func sortNeighbours(of node: Int32, _ graph: PairingGraph) {
    staying.removeAll(keepingCapacity: true)
    leaves.removeAll(keepingCapacity: true)
    joining.removeAll(keepingCapacity: true)
    for entry in graph.entries(of: node) {
      let other = Int(graph.neighbour[entry])
      if remaining[other] < 0 { continue }
      if isOpen[other] {
        staying.append(entry)
      } else if remaining[other] == 1 {
        leaves.append(entry)
      } else {
        joining.append(entry)
      }
    }
  }

  private mutating func open(_ node: Int32) {
    append(.open, bit: frontier.count, subject: node)
    frontier.append(node)
    isOpen[Int(node)] = true
    width = max(width, frontier.count)
  }

  private mutating func join(_ node: Int32, _ entry: Int, _ graph: PairingGraph, continuesTurn: Bool) {
    let other = graph.neighbour[entry]
    let (first, second) = (bit(of: node), bit(of: other))
    append(.join, bit: min(first, second), higherBit: max(first, second), subject: graph.edge[entry])
    operations[operations.count - 1].continuesTurn = continuesTurn
    remaining[Int(node)] -= 1
    remaining[Int(other)] -= 1
  }

  private mutating func closeIfDone(_ node: Int32) {
    if remaining[Int(node)] == 0 { close(node) }
  }

  private mutating func close(_ node: Int32) {
    let bit = bit(of: node)
    append(.close, bit: bit, subject: node)
    frontier.remove(at: bit)
    remaining[Int(node)] = -1
  }

  private func bit(of node: Int32) -> Int {
    guard let bit = frontier.firstIndex(of: node) else { preconditionFailure("FrontierPlan: node \(node) has left") }
    return bit
  }

  private mutating func append(_ kind: FrontierOperation.Kind, bit: Int, higherBit: Int = 0, subject: Int32) {
    let count = frontier.count
    operations.append(
      FrontierOperation(
        kind: kind, bit: UInt8(truncatingIfNeeded: bit), higherBit: UInt8(truncatingIfNeeded: higherBit),
        width: UInt8(truncatingIfNeeded: count), subject: subject))
    if kind != .open { work += count < 64 ? Double(1 << count) : .infinity }
  }
}
