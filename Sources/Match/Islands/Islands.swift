public import Indexing

/// The islands of a pair of catalogues: the connected components of the bipartite graph of edges.
///
/// Every source is in exactly one island; a source without an edge is an island of its own. Islands that hold a
/// source of a come first, ordered by their lowest a index; then the lone sources of b, ordered by index. Members
/// of an island are in ascending order. The result does not depend on the order of the edges.
///
/// Stored flat: one array per kind of member, and where each island begins in it.
///
/// - Source: docs/method.md §3.
public struct Islands: Sendable, Equatable {
  /// The island of each source of a.
  public let islandOfA: [Int32]
  /// The island of each source of b.
  public let islandOfB: [Int32]
  private let aMembers: GroupedIndices
  private let bMembers: GroupedIndices
  private let edges: GroupedIndices
  /// The position of each source among its island's members of the same catalogue.
  private let localOfA: [Int32]
  private let localOfB: [Int32]

  /// The number of islands.
  public let count: Int

  /// Sources of a in an island, ascending.
  public func membersA(of island: Int) -> ArraySlice<Int32> { aMembers[island] }

  /// Sources of b in an island, ascending.
  public func membersB(of island: Int) -> ArraySlice<Int32> { bMembers[island] }

  /// Positions in the list of edges of an island's edges, ascending.
  public func edges(of island: Int) -> ArraySlice<Int32> { edges[island] }

  /// The members and the edge of an island of one source against one; nil for any other island.
  public func lonePair(_ island: Int) -> (a: Int, b: Int, edge: Int)? {
    guard let a = aMembers.only(in: island), let b = bMembers.only(in: island) else { return nil }
    return edges.only(in: island).map { (a, b, $0) }
  }

  /// The only member of an island without edges; nil for any other island.
  public func loneSource(_ island: Int) -> (isA: Bool, index: Int)? {
    if aMembers.isEmpty(island) { return bMembers.only(in: island).map { (false, $0) } }
    return bMembers.isEmpty(island) ? aMembers.only(in: island).map { (true, $0) } : nil
  }

  /// The row or column of a source within its island: its position in `membersA` or `membersB`.
  public func row(ofA source: Int) -> Int32 { localOfA[source] }

  /// The column of a source of b within its island: its position in `membersB`.
  public func column(ofB source: Int) -> Int32 { localOfB[source] }

  /// Finds the islands.
  ///
  /// - Parameters:
  ///   - aCount: The number of sources of a.
  ///   - bCount: The number of sources of b.
  ///   - edgesA: For each edge its source of a, in 0 ..< aCount.
  ///   - edgesB: For each edge its source of b, in 0 ..< bCount.
  ///   - stop: Asked again and again, some milliseconds apart.
  /// - Precondition: Both edge lists are equally long; aCount + bCount ≤ Int32.max, and as many edges.
  /// - Throws: What `stop` throws.
  /// - Complexity: O(aCount + bCount + edges · α), without recursion.
  public static func components(
    aCount: Int, bCount: Int, edgesA: [Int32], edgesB: [Int32], stop: inout StopCheck
  ) throws -> Islands {
    precondition(edgesA.count == edgesB.count, "Islands: \(edgesA.count) a ends but \(edgesB.count) b ends of edges")
    precondition(aCount + bCount <= Int(Int32.max), "Islands: \(aCount) + \(bCount) sources; allowed: 2³¹ − 1")
    var sets = UnionFind(count: aCount + bCount)
    for block in stride(from: 0, to: edgesA.count, by: blockSize) {
      try stop.after(steps: 4 * blockSize)
      for edge in block..<min(block + blockSize, edgesA.count) {
        let (a, b) = (edgesA[edge], edgesB[edge])
        precondition(
          a >= 0 && a < aCount && b >= 0 && b < bCount, "Islands: edge (\(a), \(b)) is outside the catalogues")
        sets.union(a, Int32(aCount) + b)
      }
    }
    try stop.after(steps: 4 * (aCount + bCount) + 8 * edgesA.count)
    return Islands(aCount: aCount, bCount: bCount, edgesA: edgesA, sets: &sets)
  }

  private static let blockSize = 4096

  private init(aCount: Int, bCount: Int, edgesA: [Int32], sets: inout UnionFind) {
    var numberOfRoot = [Int32](repeating: -1, count: aCount + bCount)
    var islandOf = [Int32](repeating: 0, count: aCount + bCount)
    var next: Int32 = 0
    for node in 0..<(aCount + bCount) {
      let root = Int(sets.find(Int32(node)))
      if numberOfRoot[root] < 0 {
        numberOfRoot[root] = next
        next += 1
      }
      islandOf[node] = numberOfRoot[root]
    }
    islandOfA = Array(islandOf[..<aCount])
    islandOfB = Array(islandOf[aCount...])
    count = Int(next)
    (aMembers, localOfA) = GroupedIndices.grouping(islandOfA, groups: count)
    (bMembers, localOfB) = GroupedIndices.grouping(islandOfB, groups: count)
    let islandOfEdge = edgesA.map { [islandOfA] in islandOfA[Int($0)] }
    edges = GroupedIndices.grouping(islandOfEdge, groups: count).grouped
  }
}

extension Islands {
  /// Writes one island as a pairing problem, re-using the problem's storage: rows and columns are positions
  /// in `membersA` and `membersB`, edges keep their order.
  ///
  /// - Parameters:
  ///   - island: The island, in 0 ..< count.
  ///   - edgesA: The list the islands were made from.
  ///   - edgesB: Likewise.
  ///   - logRatios: ln R of each edge of the whole list.
  ///   - problem: Overwritten.
  public func write(
    _ island: Int, edgesA: [Int32], edgesB: [Int32], logRatios: [Double], into problem: inout IslandProblem
  ) {
    problem.reset(aCount: membersA(of: island).count, bCount: membersB(of: island).count)
    for edge in edges(of: island) {
      let index = Int(edge)
      problem.add(
        row: localOfA[Int(edgesA[index])], column: localOfB[Int(edgesB[index])], logRatio: logRatios[index])
    }
  }
}

/// Indices 0 ..< n sorted stably by group: a counting sort, and where each group begins.
private struct GroupedIndices: Sendable, Equatable {
  var start: [Int32]
  var indices: [Int32]

  subscript(group: Int) -> ArraySlice<Int32> { indices[Int(start[group])..<Int(start[group + 1])] }

  @inline(__always)
  func isEmpty(_ group: Int) -> Bool { start[group] == start[group + 1] }

  /// The index in a group that has just one.
  @inline(__always)
  func only(in group: Int) -> Int? { start[group] + 1 == start[group + 1] ? Int(indices[Int(start[group])]) : nil }

  /// - Returns: The grouped indices, and the position of each index within its group.
  static func grouping(_ groupOf: [Int32], groups: Int) -> (grouped: GroupedIndices, local: [Int32]) {
    var start = [Int32](repeating: 0, count: groups + 1)
    var local = [Int32](repeating: 0, count: groupOf.count)
    for (index, group) in groupOf.enumerated() {
      local[index] = start[Int(group) + 1]
      start[Int(group) + 1] += 1
    }
    for group in 0..<groups { start[group + 1] += start[group] }
    var indices = [Int32](repeating: 0, count: groupOf.count)
    for (index, group) in groupOf.enumerated() { indices[Int(start[Int(group)] + local[index])] = Int32(index) }
    return (GroupedIndices(start: start, indices: indices), local)
  }
}
