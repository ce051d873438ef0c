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
}
