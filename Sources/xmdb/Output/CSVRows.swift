import CatalogStore
import Formats

/// CSV in the style `DelimitedText.Style.quoted`: a header, then a line per row.
final class CSVRows: RowWriter {
  private let output: StandardOutput
  private var text = DelimitedText(.quoted)

  init(_ output: StandardOutput) { self.output = output }

  func begin(_ columns: [String]) throws {
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
