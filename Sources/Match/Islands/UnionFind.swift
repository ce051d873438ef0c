/// Disjoint sets over 0 ..< count, merged by union by size with path halving.
///
/// Near-constant time per operation, O(α(count)); no recursion, so a set may have millions of members.
public struct UnionFind: Sendable {
  /// The parent of each element; of a root, minus the size of its set.
  private var link: [Int32]

  /// Every element in a set of its own.
  ///
  /// - Precondition: 0 ≤ count ≤ Int32.max.
  public init(count: Int) {
    link = [Int32](repeating: -1, count: count)
  }

  /// The representative of the set that holds `element`.
  public mutating func find(_ element: Int32) -> Int32 {
    var node = element
    while true {
      let parent = link[Int(node)]
      if parent < 0 { return node }
      let grandparent = link[Int(parent)]
      if grandparent < 0 { return parent }
      link[Int(node)] = grandparent
      node = grandparent
    }
  }

  /// Merges the sets of two elements.
  ///
  /// - Returns: Whether they were different sets.
  @discardableResult
  public mutating func union(_ first: Int32, _ second: Int32) -> Bool {
    var (large, small) = (find(first), find(second))
    if large == small { return false }
    if link[Int(large)] > link[Int(small)] { swap(&large, &small) }
    link[Int(large)] += link[Int(small)]
    link[Int(small)] = large
    return true
  }

  /// The number of elements in the set that holds `element`.
  public mutating func size(of element: Int32) -> Int {
    Int(-link[Int(find(element))])
  }
}
