/// Which sources of both catalogues have been seen in result rows, one bit per source.
struct RunRanks: Sendable {
  /// What the bits say.
  struct Summary: Sendable {
    /// Sources that no row has.
    var missingA: Int64
    var missingB: Int64
    /// Rows whose source another row has too, or that no catalogue has.
    var surplus: Int64
  }

  private var a: RankSet
  private var b: RankSet
  private var surplus: Int64 = 0

  init(sourcesA: Int64, sourcesB: Int64) {
    a = RankSet(count: sourcesA)
    b = RankSet(count: sourcesB)
  }

  mutating func add(_ ranks: (a: [Int64], b: [Int64])) {
    for rank in ranks.a where !a.insert(rank) { surplus += 1 }
    for rank in ranks.b where !b.insert(rank) { surplus += 1 }
  }

  var summary: Summary { Summary(missingA: a.missing, missingB: b.missing, surplus: surplus) }
}

/// A set of ranks from 0 up to a count.
private struct RankSet: Sendable {
  private let count: Int64
  private var words: [UInt64]
  private var inserted: Int64 = 0

  init(count: Int64) {
    self.count = count
    words = Array(repeating: 0, count: Int((count + 63) / 64))
  }

  /// False when the rank is there already or is none.
  mutating func insert(_ rank: Int64) -> Bool {
    guard rank >= 0, rank < count else { return false }
    let (word, bit) = (Int(rank >> 6), UInt64(1) << UInt64(rank & 63))
    if words[word] & bit != 0 { return false }
    words[word] |= bit
    inserted += 1
    return true
  }

  var missing: Int64 { count - inserted }
}
