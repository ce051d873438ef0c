/// Pairs of neighbours as columns.
public struct NeighbourPairs: Sendable {
  /// The source of each pair in the first set.
  public private(set) var a: [Int32] = []
  /// The source of each pair in the second set.
  public private(set) var b: [Int32] = []
  /// Separations, arcsec.
  public private(set) var separationArcsec: [Double] = []

  /// No pairs.
  public init() {}

  /// The number of pairs.
  public var count: Int { a.count }

  /// Adds a pair.
  @inline(__always)
  mutating func append(_ a: Int32, _ b: Int32, _ separationArcsec: Double) {
    self.a.append(a)
    self.b.append(b)
    self.separationArcsec.append(separationArcsec)
  }

  /// The same pairs by (a, b): a counting sort by b, then a stable one by a.
  func sorted(countA: Int, countB: Int) -> NeighbourPairs {
    let byB = stableOrder(of: b, visiting: nil, keyCount: countB)
    let order = stableOrder(of: a, visiting: byB, keyCount: countA)
    var result = NeighbourPairs()
    result.a = order.map { a[Int($0)] }
    result.b = order.map { b[Int($0)] }
    result.separationArcsec = order.map { separationArcsec[Int($0)] }
    return result
  }
}

/// The order that sorts `keys`, each in 0 ..< keyCount, keeping equal keys in the order of `visiting` (their own if nil).
/// O(n + keyCount).
private func stableOrder(of keys: [Int32], visiting: [Int]?, keyCount: Int) -> [Int] {
  var next = [Int](repeating: 0, count: keyCount + 1)
  for key in keys { next[Int(key) + 1] += 1 }
  for key in 0..<keyCount { next[key + 1] += next[key] }
  return [Int](unsafeUninitializedCapacity: keys.count) { order, count in
    count = keys.count
    for place in 0..<count {
      let item = visiting?[place] ?? place
      let key = Int(keys[item])
      order[next[key]] = item
      next[key] += 1
    }
  }
}
