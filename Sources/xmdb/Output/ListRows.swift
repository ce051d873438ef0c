/// Values with a separator between them, as they are: for readers that know that no value holds it.
final class ListRows: RowWriter {
  private let output: TextOutput
  private let separator: String
  private let hasHeader: Bool
  private let null: String

  init(_ output: TextOutput, separator: String, hasHeader: Bool, null: String) {
    (self.output, self.separator, self.hasHeader, self.null) = (output, separator, hasHeader, null)
  }

  func begin(_ columns: [String]) throws { if hasHeader { try output.line(columns.joined(separator: separator)) } }

  func add(_ row: SQLRow) throws {
    try output.line((0..<row.count).map { row.exactText($0) ?? null }.joined(separator: separator))
    try output.flushIfStale()
  }

  func end() throws {}
}
