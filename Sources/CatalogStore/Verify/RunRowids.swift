/// Which sources of both catalogues have been seen in result rows, one bit per source.
struct RunRowids: Sendable {
  /// What the bits say.
  struct Summary: Sendable {
    /// Sources that no row has.
    var missingA: Int64
    var missingB: Int64
    /// Rows whose source another row has too, or that no catalogue has.
    var surplus: Int64
  }

  private var a: RowidSet
  private var b: RowidSet
  private var surplus: Int64 = 0

  init(sourcesA: Int64, sourcesB: Int64) {
    a = RowidSet(count: sourcesA)
    b = RowidSet(count: sourcesB)
  }

  mutating func add(_ rowids: (a: [Int64], b: [Int64])) {
    for rowid in rowids.a where !a.insert(rowid) { surplus += 1 }
    for rowid in rowids.b where !b.insert(rowid) { surplus += 1 }
  }

  var summary: Summary { Summary(missingA: a.missing, missingB: b.missing, surplus: surplus) }
}

/// A set of rowids from 0 up to a count.
private struct RowidSet: Sendable {
  private let count: Int64
  private var words: [UInt64]
  private var inserted: Int64 = 0

  init(count: Int64) {
    self.count = count
    words = Array(repeating: 0, count: Int((count + 63) / 64))
  }

  /// False when the rowid is there already or is none.
  mutating func insert(_ rowid: Int64) -> Bool {
    guard rowid >= 0, rowid < count else { return false }
    let (word, bit) = (Int(rowid >> 6), UInt64(1) << UInt64(rowid & 63))
    if words[word] & bit != 0 { return false }
    words[word] |= bit
    inserted += 1
    return true
  }

  var missing: Int64 { count - inserted }
}
