internal import CatalogStore

/// Counts of a coverage map in any range, by prefix sums; a node's sources are spread evenly over its pixel.
struct SourceCounts {
  private let map: CoverageMap
  private var before: [Double] = [0]

  init(_ map: CoverageMap) {
    self.map = map
    before.reserveCapacity(map.nodes.count + 1)
    for node in map.nodes { before.append(before[before.count - 1] + Double(node.count)) }
  }

  /// - Complexity: O(log nodes).
  func count(in range: Range<Int64>) -> Double { count(before: range.upperBound) - count(before: range.lowerBound) }

  private func count(before healpix29: Int64) -> Double {
    let position = map.firstNode(endingBeyond: healpix29)
    guard position < map.nodes.count else { return before[position] }
    let node = map.nodes[position]
    let range = node.pixel.range29
    guard healpix29 > range.lowerBound else { return before[position] }
    return before[position] + Double(node.count) * Double(healpix29 - range.lowerBound) / Double(range.count)
  }
}
