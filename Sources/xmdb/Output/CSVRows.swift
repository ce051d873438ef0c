import CatalogStore
import Formats

/// CSV in the style `DelimitedText.Style.quoted`: a header, where there is one, then a line per row.
final class CSVRows: RowWriter {
  private let output: TextOutput
  private let hasHeader: Bool
  private var text: DelimitedText

  /// - Parameter separator: One ASCII character.
  init(_ output: TextOutput, separator: String, hasHeader: Bool, null: String) {
    self.output = output
    self.hasHeader = hasHeader
    text = DelimitedText(null: null, separator: separator.utf8.first ?? UInt8(ascii: ","))
  }

  func begin(_ columns: [String]) throws {
    guard hasHeader else { return }
    for column in columns { text.field(column) }
    text.endLine()
    try output.write(bytes: text.take())
  }

  func add(_ row: SQLRow) throws {
    for column in 0..<row.count { text.field(row.value(column)) }
    text.endLine()
    try output.write(bytes: text.take())
    try output.flushIfStale()
  }

  func end() throws {}
}
