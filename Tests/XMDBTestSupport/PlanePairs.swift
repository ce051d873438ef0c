/// Pairs of points of two sets on a plane.
public enum PlanePairs {
  /// All pairs nearer than `distance`, by index of a and then of b, with the squares of their distances.
  ///
  /// - Complexity: O(n log n) and the pairs within a strip of that width.
  public static func within(
    _ distance: Double, a: (x: [Double], y: [Double]), b: (x: [Double], y: [Double])
  ) -> [(a: Int32, b: Int32, square: Double)] {
    let order = b.x.indices.sorted { b.x[$0] < b.x[$1] }
    let x = order.map { b.x[$0] }
    let y = order.map { b.y[$0] }
    var pairs: [(a: Int32, b: Int32, square: Double)] = []
    for i in a.x.indices {
      let first = pairs.count
      var place = lowerBound(a.x[i] - distance, in: x)
      while place < x.count && x[place] <= a.x[i] + distance {
        let (dx, dy) = (x[place] - a.x[i], y[place] - a.y[i])
        let square = dx * dx + dy * dy
        if square < distance * distance { pairs.append((Int32(i), Int32(order[place]), square)) }
        place += 1
      }
      pairs[first...].sort { $0.b < $1.b }
    }
    return pairs
  }

  private static func lowerBound(_ value: Double, in sorted: [Double]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
