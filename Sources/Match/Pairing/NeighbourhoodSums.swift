import Indexing

/// Exact sums over the neighbourhood of each source, which mend what belief propagation says of short loops.
///
/// Propagation takes the candidates of a source to be independent of one another without it. On the sky they are not: two
/// sources that lie together are candidates of the same others, and probabilities come out too near to 0 and 1. Here the pairs
/// of a source x are summed exactly over a small island: x, its likeliest candidates C, and their likeliest rivals z, the other
/// sources that may be paired with these. With μ the messages of the fixed point, what lies outside is a part of
/// the weight of staying alone,
///
///     α′_v = α_v + Σ_{u outside} r_uv μ_{u→v}.
///
/// T(S), the sum over matchings of the rivals that take the candidates S, is built rival by rival,
///
///     T(S) ← α′_z T(S) + Σ_{y∈S} r_zy T(S∖y),
///
/// and P_xy is r_xy Σ_{S∌y} T(S) Π_{u∉S, u≠y} α′_u over the same sum with x alone or paired with any. Each pair takes the mean of what
/// its two ends find.
///
/// All weights of a node are divided by its total, α + Σ r μ, so that they are of the size of probabilities.
///
/// Exact where the rest of the island has no loop that leads through the neighbourhood, and so on trees.
struct NeighbourhoodSums: Sendable {
  /// The most candidates of a source that are summed over.
  private static let mostCandidates = 6
  /// The most rivals.
  private static let mostRivals = 8
  /// Candidates and rivals of less than this probability are left to their messages.
  private static let leastProbability = 0.01
  private static let smallestWeight = 1e-300

  /// By edge: half of what each end finds.
  private var pair: [Double] = []
  /// By node: α + Σ r μ.
  private var totals: [Double] = []
  /// By node: what it is paired with candidates of the source at hand, for rivals; otherwise 0.
  private var rivalry: [Double] = []
  private var rivals = RankedNodes(most: mostRivals)
  /// Candidates; ranked by entry.
  private var candidates = RankedNodes(most: mostCandidates)
  /// Nodes whose `rivalry` is not 0.
  private var touched: [Int32] = []
  private var sums = CandidateSums()

  /// Replaces the probabilities of belief propagation.
  ///
  /// - Parameters:
  ///   - heard: r μ at the fixed point, one for each adjacency entry.
  ///   - marginals: Those of belief propagation; afterwards not yet of sum 1 for each node.
  /// - Complexity: O(nodes · 14 · degree); 8 bytes an edge and 20 a node.
  mutating func refine(
    _ graph: PairingGraph, heard: UnsafeBufferPointer<Double>, _ marginals: inout Marginals, _ stop: inout StopCheck
  ) throws {
    prepare(graph, heard)
    for node in 0..<Int32(graph.nodeCount) where graph.degree(node) > 0 {
      let steps = choose(node, graph, marginals.pair)
      try stop.after(steps: steps + sumSteps(graph, node))
      sum(node, graph, heard, &marginals)
    }
    for entry in graph.entriesOfRows { marginals.pair[Int(graph.edge[entry])] = pair[Int(graph.edge[entry])] }
  }

  /// The steps of a sum over the neighbourhood that was chosen.
  private func sumSteps(_ graph: PairingGraph, _ node: Int32) -> Int {
    var steps = Int(graph.degree(node)) + (rivals.count + 1) << candidates.count
    for place in 0..<rivals.count { steps += Int(graph.degree(rivals.nodes[place])) }
    return steps
  }

  private mutating func prepare(_ graph: PairingGraph, _ heard: UnsafeBufferPointer<Double>) {
    pair.refill(with: 0, count: graph.edgeCount)
    totals.refill(with: 0, count: graph.nodeCount)
    rivalry.refill(with: 0, count: graph.nodeCount)
    for node in 0..<graph.nodeCount {
      var total = max(Self.smallestWeight, graph.aloneWeight[node])
      for entry in graph.entries(of: Int32(node)) { total += heard[entry] }
      totals[node] = total
    }
  }

  /// Finds the candidates of a source and their rivals. Returns the entries that were looked at.
  private mutating func choose(_ node: Int32, _ graph: PairingGraph, _ probability: [Double]) -> Int {
    candidates.clear()
    for entry in graph.entries(of: node) {
      let here = probability[Int(graph.edge[entry])]
      if here > Self.leastProbability { candidates.add(graph.neighbour[entry], value: here) }
    }
    var steps = Int(graph.degree(node))
    touched.removeAll(keepingCapacity: true)
    for place in 0..<candidates.count {
      for entry in graph.entries(of: candidates.nodes[place]) where graph.neighbour[entry] != node {
        let rival = graph.neighbour[entry]
        let here = probability[Int(graph.edge[entry])]
        if here > 0 && rivalry[Int(rival)] == 0 { touched.append(rival) }
        rivalry[Int(rival)] += here
      }
      steps += Int(graph.degree(candidates.nodes[place]))
    }
    rivals.clear()
    for rival in touched {
      if rivalry[Int(rival)] > Self.leastProbability { rivals.add(rival, value: rivalry[Int(rival)]) }
      rivalry[Int(rival)] = 0
    }
    return steps
  }

  /// Sums over the neighbourhood that was chosen, and adds what it says of the pairs of its source.
  private mutating func sum(
    _ node: Int32, _ graph: PairingGraph, _ heard: UnsafeBufferPointer<Double>, _ marginals: inout Marginals
  ) {
    sums.begin(candidates.count)
    for place in 0..<candidates.count { setAlone(place, of: node, graph, heard) }
    for place in 0..<rivals.count { add(rivals.nodes[place], graph, heard) }
    let own = weights(of: node, graph, heard)
    let found = sums.finish(alone: own)
    guard found.total > 0, found.total.isFinite else { return keep(node, graph, marginals.pair) }
    let total = totals[Int(node)]
    marginals.alone[Int(node)] = graph.aloneWeight[Int(node)] / total * found.free / found.total
    for entry in graph.entries(of: node) {
      let edge = Int(graph.edge[entry])
      if let place = candidates.place(of: graph.neighbour[entry]) {
        pair[edge] += 0.5 * sums.weights[place] * sums.without[place] / found.total
      } else {
        pair[edge] += 0.5 * heard[entry] / total * found.free / found.total
      }
    }
  }

  /// What belief propagation said of the pairs of a source.
  private mutating func keep(_ node: Int32, _ graph: PairingGraph, _ probability: [Double]) {
    for entry in graph.entries(of: node) {
      let edge = Int(graph.edge[entry])
      pair[edge] += 0.5 * probability[edge]
    }
  }

  /// α′ of a candidate, over its total.
  private mutating func setAlone(
    _ place: Int, of node: Int32, _ graph: PairingGraph, _ heard: UnsafeBufferPointer<Double>
  ) {
    let candidate = candidates.nodes[place]
    var alone = max(Self.smallestWeight, graph.aloneWeight[Int(candidate)])
    for entry in graph.entries(of: candidate) {
      let other = graph.neighbour[entry]
      if other != node && rivals.place(of: other) == nil { alone += heard[entry] }
    }
    sums.alone[place] = max(Self.smallestWeight, alone / totals[Int(candidate)])
  }

  /// Lets a rival take one of the candidates, or none.
  private mutating func add(_ rival: Int32, _ graph: PairingGraph, _ heard: UnsafeBufferPointer<Double>) {
    sums.add(alone: weights(of: rival, graph, heard))
  }

  /// Sets the weights of a node with each of the candidates, over both totals; returns α′, over its total.
  private mutating func weights(
    of node: Int32, _ graph: PairingGraph, _ heard: UnsafeBufferPointer<Double>
  ) -> Double {
    for place in 0..<candidates.count { sums.weights[place] = 0 }
    var alone = max(Self.smallestWeight, graph.aloneWeight[Int(node)])
    let total = totals[Int(node)]
    for entry in graph.entries(of: node) {
      let other = graph.neighbour[entry]
      guard let place = candidates.place(of: other) else {
        alone += heard[entry]
        continue
      }
      sums.weights[place] = graph.weight[Int(graph.edge[entry])] / totals[Int(other)] / total
    }
    return alone / total
  }
}
