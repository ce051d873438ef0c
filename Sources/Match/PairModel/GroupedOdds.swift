/// The odds of all rows, put in groups: rows of a group lie one after the other, in the order they had.
///
/// A factor h is constant over a group, so sums over its rows run over contiguous numbers, and nothing is looked up.
/// Rows go two by two, since two share a quotient; an odd group ends with a row that stands for no pair.
struct GroupedOdds: Sendable {
  /// By group that has rows, ascending: its key.
  private(set) var keys: [Int] = []
  /// By group: its first two rows; one more at the end.
  private(set) var starts: [Int] = []
  /// n of two rows.
  private(set) var counts: [SIMD2<Double>]
  /// g times the evidence given.
  private(set) var after: [SIMD2<Double>]
  /// q times the evidence given.
  private(set) var before: [SIMD2<Double>]

  /// Rows by key; `evidence` is a factor of the odds of each row. Rows that stand for no pair are left out.
  ///
  /// - Parameter rowKeys: A key for each row, 0 ..< `keyCount`.
  /// - Complexity: O(rows + keyCount).
  init(_ kinds: PairKinds, evidence: [Double], rowKeys: [Int], keyCount: Int) {
    var next = [Int](repeating: 0, count: keyCount)
    for (count, key) in zip(kinds.counts, rowKeys) where count > 0 { next[key] += 1 }
    var end = 0
    for key in 0..<keyCount where next[key] > 0 {
      keys.append(key)
      starts.append(end)
      (next[key], end) = (2 * end, end + (next[key] + 1) / 2)
    }
    starts.append(end)
    counts = [SIMD2<Double>](repeating: .zero, count: end)
    (after, before) = (counts, counts)
    fill(kinds, evidence, rowKeys, next: &next)
  }

  /// Puts each row in the next place of its key.
  private mutating func fill(_ kinds: PairKinds, _ evidence: [Double], _ rowKeys: [Int], next: inout [Int]) {
    let (n, g, q) = (kinds.counts, kinds.after, kinds.before)
    for row in n.indices where n[row] > 0 {
      let place = next[rowKeys[row]]
      next[rowKeys[row]] = place + 1
      counts[place / 2][place % 2] = n[row]
      after[place / 2][place % 2] = PairKinds.odds(g[row] * evidence[row])
      before[place / 2][place % 2] = PairKinds.odds(q[row] * evidence[row])
    }
  }
}
