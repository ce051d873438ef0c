internal import Glibc

/// The bins of t = χ²/2 in which pairs are counted: narrow where counterparts are, wide where only chance pairs are.
public struct LevelBins: Sendable {
  /// Where the bins begin, and where the last one ends.
  public let edges: [Double]

  /// The number of bins.
  public var count: Int { edges.count - 1 }

  /// Makes them.
  public init() {
    var edges: [Double] = []
    for (start, end, step) in [
      (0.0, 1.0, 0.125), (1, 2, 0.25), (2, 4, 0.5), (4, 12, 1), (12, 36, 3), (36, 60, 4), (60, 100, 8),
    ] {
      edges += stride(from: start, to: end, by: step)
    }
    for quarter in 0...Self.quarters { edges.append(100 * exp2(Double(quarter) / 4)) }
    self.edges = edges
  }

  private static let quarters = 60

  /// The bin of a level; the last one for what lies beyond.
  @inline(__always)
  public func bin(_ level: Double) -> Int {
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= level { low = middle } else { high = middle }
    }
    return low
  }
}
