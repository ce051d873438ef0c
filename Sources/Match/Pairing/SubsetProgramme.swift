import Glibc
import Indexing

/// The sum over all matchings by dynamic programme over the subsets S of the smaller side.
///
/// Nodes of the larger side are steps i, those of the smaller side bits j. With scaled weights r_ij and lone weights α_i, β_j
/// (see `PairingGraph`),
///
///     T_{i+1}(S) = α_i T_i(S) + Σ_{j∈S} r_ij T_i(S∖j)         T_0 = [S = ∅]
///     B_i(S)     = α_i B_{i+1}(S) + Σ_{j∉S} r_ij B_{i+1}(S∪j)   B_n(S) = Π_{j∉S} β_j
///     Z = Σ_S T_n(S) B_n(S),   P_ij = r_ij Σ_{S∌j} T_i(S) B_{i+1}(S∪j) / Z
///
/// All terms are positive: no cancellation. Work and memory: steps · 2^bits, times the degree.
struct SubsetProgramme: Sendable {
  /// T_0, T_1, …, T_n, one table of 2^bits after the other.
  private var forward: [Double] = []
  /// B_i and B_{i+1}, taking turns in the two halves.
  private var backward: [Double] = []

  /// The number of table entries this would fill, or nil if the smaller side has more than `bitLimit` nodes.
  static func tableSize(rows: Int, columns: Int, bitLimit: Int) -> Int? {
    let bits = min(rows, columns)
    return bits <= bitLimit ? (max(rows, columns) + 1) << bits : nil
  }

  mutating func run(_ graph: PairingGraph, into marginals: inout Marginals, _ stop: inout StopCheck) throws {
    let rows = 0..<graph.rowCount
    let columns = graph.rowCount..<graph.nodeCount
    let (steps, bits) = columns.count <= rows.count ? (rows, columns) : (columns, rows)
    let size = 1 << bits.count
    forward.ensure(count: (steps.count + 1) * size, filler: 0)
    backward.ensure(count: 2 * size, filler: 0)
    for subset in 0..<size { forward[subset] = subset == 0 ? 1 : 0 }
    try forward.withUnsafeMutableBufferPointer { forward in
      try backward.withUnsafeMutableBufferPointer { backward in
        let pass = SubsetPass(graph: graph, steps: steps, bits: bits, forward: forward, backward: backward)
        try pass.sweepForward(&stop)
        try pass.sweepBackward(&marginals, &stop)
      }
    }
  }
}

private struct SubsetPass {
  let graph: PairingGraph
  let steps: Range<Int>
  let bits: Range<Int>
  let forward: UnsafeMutableBufferPointer<Double>
  let backward: UnsafeMutableBufferPointer<Double>

  private var size: Int { 1 << bits.count }

  private func bit(_ entry: Int) -> Int { 1 << (Int(graph.neighbour[entry]) - bits.lowerBound) }

  /// The entries that one step touches.
  private func work(_ node: Int) -> Int { size * (1 + Int(graph.degree(Int32(node)))) }

  func sweepForward(_ stop: inout StopCheck) throws {
    for step in 0..<steps.count {
      try stop.after(steps: work(steps.lowerBound + step))
      let (old, new) = (step * size, (step + 1) * size)
      let alone = graph.aloneWeight[steps.lowerBound + step]
      for subset in 0..<size { forward[new + subset] = alone * forward[old + subset] }
      for entry in graph.entries(of: Int32(steps.lowerBound + step)) {
        let (weight, bit) = (graph.weight[Int(graph.edge[entry])], bit(entry))
        forEachSubset(without: bit) { forward[new + $0 + bit] += weight * forward[old + $0] }
      }
    }
  }

  func sweepBackward(_ marginals: inout Marginals, _ stop: inout StopCheck) throws {
    let sum = startBackward(&marginals)
    for step in (0..<steps.count).reversed() {
      let node = Int32(steps.lowerBound + step)
      try stop.after(steps: work(Int(node)))
      let after = (steps.count - 1 - step) % 2 * size
      let before = size - after
      let old = step * size
      let alone = graph.aloneWeight[Int(node)]
      var lone = 0.0
      for subset in 0..<size {
        lone += forward[old + subset] * backward[after + subset]
        backward[before + subset] = alone * backward[after + subset]
      }
      marginals.alone[Int(node)] = alone * lone / sum
      for entry in graph.entries(of: node) {
        let edge = Int(graph.edge[entry])
        let (weight, bit) = (graph.weight[edge], bit(entry))
        var together = 0.0
        forEachSubset(without: bit) {
          together += forward[old + $0] * backward[after + $0 + bit]
          backward[before + $0] += weight * backward[after + $0 + bit]
        }
        marginals.pair[edge] = weight * together / sum
      }
    }
  }

  /// B_n, the probabilities of bits to be alone, and Z.
  private func startBackward(_ marginals: inout Marginals) -> Double {
    backward[size - 1] = 1
    for subset in (0..<(size - 1)).reversed() {
      let missing = (~subset).trailingZeroBitCount
      backward[subset] = graph.aloneWeight[bits.lowerBound + missing] * backward[subset | 1 << missing]
    }
    let last = steps.count * size
    var sum = 0.0
    for subset in 0..<size { sum += forward[last + subset] * backward[subset] }
    marginals.logScaledSum = log(sum)
    for position in 0..<bits.count {
      var lone = 0.0
      forEachSubset(without: 1 << position) { lone += forward[last + $0] * backward[$0] }
      marginals.alone[bits.lowerBound + position] = lone / sum
    }
    return sum
  }

  @inline(__always)
  private func forEachSubset(without bit: Int, _ body: (Int) -> Void) {
    var block = 0
    while block < size {
      for subset in block..<(block + bit) { body(subset) }
      block += 2 * bit
    }
  }
}
