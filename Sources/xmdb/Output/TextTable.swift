/// A table for people: columns two blanks apart, a line of dashes below the header.
struct TextTable {
  /// Where a column's cells stand.
  enum Alignment { case left, right }

  /// What is drawn around cells.
  enum Frame { case none, box, markdown }

  private let frame: Frame
  private let headers: [String]
  private var alignments: [Alignment]
  private var widths: [Int]
  private var rows: [[String]] = []

  /// A table with these headers; numbers stand on the right.
  init(_ columns: [(title: String, alignment: Alignment)], frame: Frame = .none) {
    self.frame = frame
    headers = columns.map { Self.printed($0.title, frame) }
    alignments = columns.map(\.alignment)
    widths = headers.map(Self.width)
  }

  /// Adds a row of as many cells as there are columns.
  mutating func add(_ cells: [String]) {
    let cells = cells.map { Self.printed($0, frame) }
    for (column, cell) in cells.enumerated() { widths[column] = max(widths[column], Self.width(cell)) }
    rows.append(cells)
  }

  /// What comes before the rows: header and dashes.
  var heading: [String] {
    switch frame {
    case .none: [line(headers), line(widths.map { String(repeating: "-", count: $0) })]
    case .box: [rule("┌", "┬", "┐"), line(headers), rule("├", "┼", "┤")]
    case .markdown: [line(headers), "|" + zip(widths, alignments).map(Self.markdownRule).joined(separator: "|") + "|"]
    }
  }

  /// What comes before the rows of a table without header.
  var opening: [String] { frame == .box ? [rule("┌", "┬", "┐")] : [] }

  /// What comes behind the rows.
  var closing: [String] { frame == .box ? [rule("└", "┴", "┘")] : [] }

  private func rule(_ left: String, _ middle: String, _ right: String) -> String {
    left + widths.map { String(repeating: "─", count: $0 + 2) }.joined(separator: middle) + right
  }

  private static func markdownRule(_ width: Int, _ alignment: Alignment) -> String {
    String(repeating: "-", count: width + 1) + (alignment == .right ? ":" : "-")
  }

  /// A cell as it is printed: what stands for the end of a cell in Markdown is escaped.
  private static func printed(_ text: String, _ frame: Frame) -> String {
    let text = printable(text)
    return frame == .markdown
      ? text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") : text
  }

  /// The rows that were added since the last call, with the widths known by now.
  mutating func takeRows() -> [String] {
    defer { rows.removeAll(keepingCapacity: true) }
    return rows.map(line)
  }

  /// The whole table.
  var lines: [String] { heading + rows.map(line) + closing }

  private func line(_ cells: [String]) -> String {
    switch frame {
    case .none: return plainLine(cells)
    case .box: return "│ " + cells.indices.map { padded(cells[$0], $0) }.joined(separator: " │ ") + " │"
    case .markdown: return "| " + cells.indices.map { padded(cells[$0], $0) }.joined(separator: " | ") + " |"
    }
  }

  private func padded(_ cell: String, _ column: Int) -> String {
    let padding = blanks(max(0, widths[column] - Self.width(cell)))
    return alignments[column] == .right ? padding + cell : cell + padding
  }

  private func plainLine(_ cells: [String]) -> String {
    var text = ""
    for (column, cell) in cells.enumerated() {
      let padding = max(0, widths[column] - Self.width(cell))
      let isLast = column == cells.count - 1
      if alignments[column] == .right { text += blanks(padding) }
      text += cell
      if alignments[column] == .left && !isLast { text += blanks(padding) }
      if !isLast { text += "  " }
    }
    return text
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  /// Characters of a cell, as far as every one takes one place.
  static func width(_ cell: String) -> Int {
    cell.utf8.count { $0 & 0xc0 != 0x80 }
  }

  /// Control characters would move the cursor; they are shown by their names.
  static func printable(_ text: String) -> String {
    // Bytes from 0x80 on may be part of a control character of two bytes; plain text has none.
    if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case let control where isControl(control):
        let digits = String(control.value, radix: 16)
        result += "\\x" + (digits.utf8.count == 1 ? "0" : "") + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
  }
}
