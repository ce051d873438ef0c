/// Sums of a 24-bit hash of rowids: what tells that every source is in exactly one row, where a count does not. A source that is
/// lost and another that is doubled leave the count as it was, and the sum with a probability of 2⁻²⁴.
///
/// A sum of 10¹¹ sources fits 64 bits, and does not depend on the order.
public enum RowidDigest {
  /// The hash of one rowid.
  @inline(__always)
  public static func of(_ rowid: Int64) -> Int64 {
    var value = UInt64(bitPattern: rowid) &+ 0x9e37_79b9_7f4a_7c15
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return Int64((value ^ value >> 31) >> 40)
  }

  /// The sum over all sources of a catalogue.
  /// - Complexity: O(count), about a nanosecond each.
  public static func sum(below count: Int64) -> Int64 {
    var sum: Int64 = 0
    for rowid in 0..<max(0, count) { sum &+= of(rowid) }
    return sum
  }
}
