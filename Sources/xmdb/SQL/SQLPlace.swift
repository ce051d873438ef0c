/// A place in the text of statements, for people: its line, and a caret below it.
struct SQLPlace: Equatable {
  /// The line in which it is, from 1, and whether there are others.
  let line: Int
  let isOneOfMany: Bool
  /// That line as it is printed, cut around the place, and how many characters stand before the place.
  private let excerpt: String
  private let column: Int

  /// Characters of a line that are shown.
  private static let width = 76

  /// - Parameters:
  ///   - offset: Bytes before the place; beyond the end it is the end.
  ///   - firstLine: The number of the first line of `sql`, in a file of more than that; nil: there is no more.
  init(in sql: String, offset: Int, firstLine: Int? = nil) {
    let bytes = Array(sql.utf8)
    let place = min(max(0, offset), bytes.count)
    let newline = UInt8(ascii: "\n")
    let start = (bytes[..<place].lastIndex(of: newline) ?? -1) + 1
    let end = bytes[place...].firstIndex(of: newline) ?? bytes.count
    line = (firstLine ?? 1) + bytes[..<place].count { $0 == newline }
    let last = bytes.lastIndex { $0 > 0x20 } ?? 0
    isOneOfMany = firstLine != nil || bytes[..<last].contains(newline)
    let before = Self.printed(bytes[start..<place])
    let text = before + Self.printed(bytes[place..<end])
    (excerpt, column) = Self.cut(text, before.count)
  }

  /// Every character in one place: what would move the cursor is a blank.
  private static func printed(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.map {
      $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? " " : $0
    }
  }

  private static func cut(_ text: [Unicode.Scalar], _ place: Int) -> (String, Int) {
    func joined(_ part: ArraySlice<Unicode.Scalar>) -> String {
      var result = ""
      result.unicodeScalars.append(contentsOf: part)
      return result
    }
    if text.count <= width { return (joined(text[...]), place) }
    let start = max(0, min(place - width / 2, text.count - width))
    let end = min(text.count, start + width)
    let beginning = start > 0 ? "…" : ""
    return (beginning + joined(text[start..<end]) + (end < text.count ? "…" : ""), place - start + beginning.count)
  }

  /// Two lines: the text, and a caret below the place.
  var text: String {
    let label = isOneOfMany ? "  line \(line): " : "  "
    return label + excerpt + "\n" + String(repeating: " ", count: label.count + column) + "^"
  }
}
