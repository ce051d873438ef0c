internal import Indexing

/// The candidates of a search in the order in which they are found.
struct CandidateList {
  /// One candidate.
  struct Entry {
    let a: Int32
    let b: Int32
    let separationArcsec: Double
    let evidence: PairEvidence
  }

  private var entries: [Entry] = []

  /// Searches for candidates; nil if there are more than so many.
  /// - Throws: What `stop` throws.
  init?(_ test: CandidateTest<some PairLikelihood>, atMost limit: Int, stop: inout StopCheck) throws {
    entries.reserveCapacity(min(limit, max(test.positionsA.count, test.positionsB.count)))
    var isWithin = true
    try PairSearch.forEachPair(a: test.positionsA, b: test.positionsB, stop: &stop) { i, j, separation in
      guard let found = test.candidate(i, j, separation) else { return true }
      isWithin = entries.count < limit
      if isWithin {
        entries.append(
          Entry(
            a: Int32(truncatingIfNeeded: i), b: Int32(truncatingIfNeeded: j),
            separationArcsec: found.separationArcsec, evidence: found.evidence))
      }
      return isWithin
    }
    guard isWithin else { return nil }
    try stop.after(steps: entries.count)
  }

  /// The candidates by source of a, then of b: a counting sort by a, and each source's few candidates by b.
  /// - Complexity: O(candidates + sources of a), and O(k log k) for the k candidates of a source.
  func sorted(countA: Int) -> [Entry] {
    var next = [Int](repeating: 0, count: countA + 1)
    for entry in entries { next[Int(entry.a) + 1] += 1 }
    for source in 0..<countA { next[source + 1] += next[source] }
    var sorted = [Entry](unsafeUninitializedCapacity: entries.count) { target, count in
      for entry in entries {
        (target.baseAddress! + next[Int(entry.a)]).initialize(to: entry)
        next[Int(entry.a)] += 1
      }
      count = entries.count
    }
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].a == sorted[start].a { end += 1 }
      if end - start > 1 { sorted[start..<end].sort { $0.b < $1.b } }
      start = end
    }
    return sorted
  }
}
