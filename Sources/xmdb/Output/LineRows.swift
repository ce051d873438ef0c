/// A line `name = value` for each value, and an empty line between rows: for wide rows.
final class LineRows: RowWriter {
  private let output: TextOutput
  private let null: String
  private var names: [String] = []
  private var isFirst = true

  init(_ output: TextOutput, null: String) { (self.output, self.null) = (output, null) }

  func begin(_ columns: [String]) throws {
    let printable = columns.map(TextTable.printable)
    let width = printable.map(TextTable.width).max() ?? 0
    names = printable.map { String(repeating: " ", count: width - TextTable.width($0)) + $0 }
  }

  func add(_ row: SQLRow) throws {
    if !isFirst { try output.line() }
    isFirst = false
    for column in 0..<row.count {
      try output.line("\(names[column]) = \(TextTable.printable(row.exactText(column) ?? null))")
    }
    try output.flushIfStale()
  }

  func end() throws {}
}
