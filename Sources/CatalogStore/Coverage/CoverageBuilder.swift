internal import Indexing

/// Builds a coverage map from exact counts.
public struct CoverageBuilder {
  /// A pixel with at least this many sources is divided. Grows with the catalogue so that a map has at most about
  /// four million leaves before siblings are merged.
  public let threshold: Int64
  /// Counts the sources whose order-29 index lies in a range.
  private let count: (Range<Int64>) -> Int64

  /// Pixels are never divided beyond this order (0.2″).
  static let finestOrder = 20
  /// Wholly covered siblings are merged while they are finer than this (0.23°).
  static let finestWholeOrder = 8

  /// A builder for a catalogue of `rows` sources.
  /// - Parameter count: The number of sources in a range of order-29 indices; asked O(leaves) times.
  public init(rows: Int64, count: @escaping (Range<Int64>) -> Int64) {
    threshold = max(32, rows / 250_000)
    self.count = count
  }

  /// The map.
  /// - Complexity: O(leaves · (log leaves + cost of a count)).
  public func build() -> CoverageMap {
    var leaves: [Leaf] = []
    for pixel in HealpixPixel.basePixels { divide(pixel, count(pixel.range29), into: &leaves) }
    for index in leaves.indices { leaves[index].isBorder = touchesHole(leaves[index].pixel) }
    let whole = WholeLeaves(leaves)
    let nodes = leaves.map { leaf in
      CoverageMap.Node(
        pixel: leaf.pixel, count: leaf.count, fraction: leaf.isBorder ? borderFraction(leaf, whole) : 1,
        isBorder: leaf.isBorder)
    }
    return CoverageMap(nodes: Self.merged(nodes))
  }

  private func divide(_ pixel: HealpixPixel, _ sources: Int64, into leaves: inout [Leaf]) {
    if sources == 0 { return }
    if sources < threshold || pixel.order >= Self.finestOrder {
      leaves.append(Leaf(pixel: pixel, count: sources))
      return
    }
    for child in pixel.children { divide(child, count(child.range29), into: &leaves) }
  }

  private func touchesHole(_ pixel: HealpixPixel) -> Bool {
    pixel.neighbours.contains { count($0.range29) == 0 }
  }

  /// Own density over that of the wholly covered leaves in the smallest enclosing pixel that has any; 1 without them.
  private func borderFraction(_ leaf: Leaf, _ whole: WholeLeaves) -> Double {
    var order = leaf.pixel.order
    while order > 0 {
      order -= 1
      if let density = whole.density(in: leaf.pixel.parent(order: order).range29) {
        return min(1, Double(leaf.count) / (density * HealpixPixel.area(order: leaf.pixel.order)))
      }
    }
    return 1
  }

  /// Replaces four whole siblings by their parent, again and again.
  private static func merged(_ nodes: [CoverageMap.Node]) -> [CoverageMap.Node] {
    var stack: [CoverageMap.Node] = []
    for node in nodes {
      stack.append(node)
      while let parent = wholeParent(of: stack.suffix(4)) {
        stack.removeLast(4)
        stack.append(parent)
      }
    }
    return stack
  }

  private static func wholeParent(of four: ArraySlice<CoverageMap.Node>) -> CoverageMap.Node? {
    guard four.count == 4, let first = four.first, let last = four.last else { return nil }
    let order = first.pixel.order
    guard order > finestWholeOrder, last.pixel.order == order, first.pixel.index % 4 == 0,
      last.pixel.index == first.pixel.index + 3,
      four.allSatisfy({ $0.pixel.order == order && !$0.isBorder })
    else { return nil }
    return CoverageMap.Node(
      pixel: first.pixel.parent(order: order - 1), count: four.reduce(0) { $0 + $1.count }, fraction: 1, isBorder: false)
  }
}

private struct Leaf {
  let pixel: HealpixPixel
  let count: Int64
  var isBorder = false
}

/// Prefix sums over the wholly covered leaves, for densities of any pixel in O(log leaves).
private struct WholeLeaves {
  private var starts: [Int64] = []
  private var counts: [Int64] = [0]
  private var areas: [Double] = [0]

  init(_ leaves: [Leaf]) {
    for leaf in leaves where !leaf.isBorder {
      starts.append(leaf.pixel.range29.lowerBound)
      counts.append(counts[counts.count - 1] + leaf.count)
      areas.append(areas[areas.count - 1] + HealpixPixel.area(order: leaf.pixel.order))
    }
  }

  /// Sources per deg², nil when no whole leaf lies in the range.
  func density(in range: Range<Int64>) -> Double? {
    let (low, high) = (position(range.lowerBound), position(range.upperBound))
    guard low < high else { return nil }
    return Double(counts[high] - counts[low]) / (areas[high] - areas[low])
  }

  private func position(_ value: Int64) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] >= value { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
