/// What a mistyped word may have been meant to be.
public enum Spelling {
  /// The longest word that is compared; no name of ours comes near, and the work grows as the square.
  private static let longest = 64

  /// The candidate nearest to a word, by the number of letters to insert, remove, replace or swap with a neighbour; case does
  /// not count. Of equally near ones the first.
  /// - Returns: nil when none is near: within a third of the word's letters, one at least.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let letters = Array(word.lowercased().unicodeScalars.prefix(longest + 1))
    guard !letters.isEmpty, letters.count <= longest else { return nil }
    var (best, least) = (String?.none, max(1, letters.count / 3) + 1)
    for candidate in candidates {
      let others = Array(candidate.lowercased().unicodeScalars.prefix(longest + 1))
      guard abs(others.count - letters.count) < least else { continue }
      let distance = distance(letters, others)
      if distance < least { (best, least) = (candidate, distance) }
    }
    return best
  }

  /// The edit distance with swaps of neighbours (optimal string alignment).
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var (older, row) = ([Int](), Array(0...b.count))
    for i in 0..<a.count {
      var next = [i + 1]
      for j in 0..<b.count {
        var cost = min(row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
        next.append(cost)
      }
      (older, row) = (row, next)
    }
    return row[b.count]
  }
}
