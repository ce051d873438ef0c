internal import Indexing
internal import Match

/// How often each key was seen: sorted keys and their counts. A key is a slot and a positive number on a logarithmic scale.
///
/// Sums do not depend on the order of additions, and equal sums are equal values once `settle` was called.
struct TallySet: Sendable, Hashable {
  private var keys: [UInt64] = []
  private var counts: [Int64] = []
  private var pending: [UInt64] = []

  /// The keys of one slot in ascending order, with their counts.
  func entries(of slot: Int) -> [(level: UInt32, count: Int64)] {
    let range = position(of: UInt64(slot) << 32)..<position(of: UInt64(slot + 1) << 32)
    return range.map { (UInt32(truncatingIfNeeded: keys[$0]), counts[$0]) }
  }

  /// Counts a level in a slot; `settle` must follow before anything is read.
  mutating func add(slot: Int, level: UInt32) {
    pending.append(UInt64(slot) << 32 | UInt64(level))
    if pending.count > max(65_536, keys.count) { settle() }
  }

  /// Brings what was added into order.
  ///
  /// - Complexity: O(p log p + n) for p additions to n keys.
  mutating func settle() {
    pending.sort()
    var fresh = TallySet()
    for key in pending {
      if fresh.keys.last == key {
        fresh.counts[fresh.counts.count - 1] += 1
      } else {
        fresh.append(key, 1)
      }
    }
    pending = []
    if !fresh.keys.isEmpty { merge(fresh) }
  }

  static func += (sum: inout TallySet, other: TallySet) { sum.merge(other) }

  private mutating func merge(_ other: TallySet) {
    var result = TallySet()
    result.keys.reserveCapacity(keys.count + other.keys.count)
    result.counts.reserveCapacity(keys.count + other.keys.count)
    var (i, j) = (0, 0)
    while i < keys.count || j < other.keys.count {
      let isMine = j == other.keys.count || (i < keys.count && keys[i] <= other.keys[j])
      let isTheirs = i == keys.count || (j < other.keys.count && other.keys[j] <= keys[i])
      let count = FixedPoint.sum(isMine ? counts[i] : 0, isTheirs ? other.counts[j] : 0)
      result.append(isMine ? keys[i] : other.keys[j], count)
      if isMine { i += 1 }
      if isTheirs { j += 1 }
    }
    self = result
  }

  private mutating func append(_ key: UInt64, _ count: Int64) {
    keys.append(key)
    counts.append(count)
  }

  private func position(of key: UInt64) -> Int { keys.binarySearch { $0 >= key } }

  /// Writes what is in order: keys as steps from one to the next.
  func write(to writer: inout IntegerWriter) {
    writer.put(unsigned: UInt64(keys.count))
    var last: UInt64 = 0
    for (key, count) in zip(keys, counts) {
      writer.put(unsigned: key - last)
      writer.put(count)
      last = key
    }
  }

  /// Nothing seen.
  init() {}

  init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    var last: UInt64 = 0
    for _ in 0..<(try reader.count()) {
      let (key, overflows) = last.addingReportingOverflow(try reader.unsigned())
      let count = try reader.int64()
      // Keys ascend, and no catalogue has 10¹² sources.
      guard !overflows, keys.last.map({ $0 < key }) ?? true, (0...(1 << 40)).contains(count) else {
        throw IntegerReader.Malformed()
      }
      append(key, count)
      last = key
    }
  }
}
