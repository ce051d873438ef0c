/// What `--exclude` and `--only` take: the name of a column, or a pattern with `*` (any characters) and `?` (any one).
///
/// A text that is the name of a column means that column, whatever characters it has.
struct NamePattern {
  let text: String

  private var isPattern: Bool { text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }

  /// The positions of the names that are meant: those of the same bytes, else of the same letters in another Unicode form,
  /// else those that fit the pattern.
  func matches(_ names: [String]) -> [Int] {
    let exact = names.indices.filter { ColumnNames.areIdentical(names[$0], text) }
    if !exact.isEmpty { return exact }
    let alike = names.indices.filter { names[$0] == text }
    if !alike.isEmpty || !isPattern { return alike }
    let pattern = Array(text.unicodeScalars)
    return names.indices.filter { Self.fits(Array(names[$0].unicodeScalars), pattern) }
  }

  /// In time of the product of the lengths at most: only the last `*` is ever tried again.
  private static func fits(_ name: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    var (at, place) = (0, 0)
    var star: (place: Int, at: Int)?
    while at < name.count {
      if place < pattern.count, pattern[place] == "*" {
        star = (place, at)
        place += 1
      } else if place < pattern.count, pattern[place] == "?" || pattern[place] == name[at] {
        at += 1
        place += 1
      } else if let last = star {
        star = (last.place, last.at + 1)
        (at, place) = (last.at + 1, last.place + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }
}
