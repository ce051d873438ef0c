/// What every general method finds: the scaled sum over all matchings and the probabilities.
struct Marginals: Sendable {
  /// ln of the sum over matchings of the scaled weights (see `PairingGraph`); the best matching weighs 1.
  var logScaledSum = 0.0
  /// Per edge.
  var pair: [Double] = []
  /// Per node.
  var alone: [Double] = []

  mutating func reset(for graph: PairingGraph) {
    logScaledSum = 0
    pair.refill(with: 0, count: graph.edgeCount)
    alone.refill(with: 1, count: graph.nodeCount)
  }

  /// Makes the probabilities of every node sum to 1, where an approximation has left them a little off.
  mutating func normalise(_ graph: PairingGraph) {
    var taken = [Double](repeating: 0, count: graph.nodeCount)
    for node in 0..<graph.nodeCount {
      for entry in graph.entries(of: Int32(node)) { taken[node] += pair[Int(graph.edge[entry])] }
    }
    for edge in 0..<graph.edgeCount {
      pair[edge] /= max(1, taken[Int(graph.rowNode[edge])], taken[Int(graph.columnNode[edge])])
    }
    for node in 0..<graph.nodeCount {
      var pairs = 0.0
      for entry in graph.entries(of: Int32(node)) { pairs += pair[Int(graph.edge[entry])] }
      if abs(1 - pairs - alone[node]) > 1e-12 { alone[node] = max(0, 1 - pairs) }
    }
  }
}
