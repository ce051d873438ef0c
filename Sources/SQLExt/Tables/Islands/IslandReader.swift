/// Reads the candidate pairs of a match one whole island after the other. An island's rows follow one another.
struct IslandReader {
  private let cursor: MatchCursor

  /// - Parameter cursor: On the first of any rows of `xm_pairs` that include every pair of their islands.
  init(_ cursor: MatchCursor) { self.cursor = cursor }

  /// The next island; empty after the last.
  mutating func next() throws -> [CandidatePair] {
    var pairs: [CandidatePair] = []
    while !cursor.isAtEnd {
      let pair = CandidatePair(cursor)
      if let first = pairs.first, first.island != pair.island { break }
      pairs.append(pair)
      try cursor.next()
    }
    return pairs
  }
}
