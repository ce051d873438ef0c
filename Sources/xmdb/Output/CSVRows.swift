/// CSV after RFC 4180, lines ended by a line feed: a header, then a line per row. NULL is an empty field and an empty
/// text is `""`; numbers are in the shortest form that reads back to the same bits; blobs in hexadecimal.
struct CSVRows: RowWriter {
  private let output: StandardOutput

  init(_ output: StandardOutput) { self.output = output }

  func begin(_ columns: [String]) throws { try output.line(columns.map(Self.field).joined(separator: ",")) }

  func add(_ row: SQLRow) throws {
    for column in 0..<row.count {
      if column > 0 { try output.write(",") }
      try output.write(Self.field(row, column))
    }
    try output.line()
    try output.flushIfStale()
  }

  func end() throws {}

  private static func field(_ row: SQLRow, _ column: Int) -> String {
    switch row.type(column) {
    case .null: ""
    case .integer: String(row.integer(column))
    case .real: row.real(column).description
    case .text: field(row.text(column))
    case .blob: row.hexadecimal(column)
    }
  }

  /// Quoted where it is empty, or holds a comma, a quote, a line end or a blank at an end, or is what ends PostgreSQL's data.
  static func field(_ text: String) -> String {
    let bytes = text.utf8
    let blank = UInt8(ascii: " ")
    let needsQuotes =
      bytes.isEmpty || bytes.first == blank || bytes.last == blank || bytes.contains(where: isSpecial) || text == "\\."
    if !needsQuotes { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
