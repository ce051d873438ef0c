/// The few nodes of the largest values; the earlier first where values are equal.
struct RankedNodes: Sendable {
  private(set) var nodes: [Int32]
  private var values: [Double]
  private(set) var count = 0

  /// - Parameter most: How many are kept.
  init(most: Int) {
    nodes = [Int32](repeating: 0, count: most)
    values = [Double](repeating: 0, count: most)
  }

  mutating func clear() { count = 0 }

  /// Takes a node in, if its value is large enough.
  ///
  /// - Complexity: O(most).
  mutating func add(_ node: Int32, value: Double) {
    var place = count
    while place > 0 && values[place - 1] < value { place -= 1 }
    guard place < nodes.count else { return }
    count = min(count + 1, nodes.count)
    for later in stride(from: count - 1, to: place, by: -1) {
      (nodes[later], values[later]) = (nodes[later - 1], values[later - 1])
    }
    (nodes[place], values[place]) = (node, value)
  }

  /// The rank of a node, from 0; nil if it is not among them.
  @inline(__always)
  func place(of node: Int32) -> Int? {
    for place in 0..<count where nodes[place] == node { return place }
    return nil
  }
}
