/// An aligned table. Widths follow the first rows; later ones only widen what they must, so any number of rows streams.
final class TableRows: RowWriter {
  private let output: TextOutput
  private let frame: TextTable.Frame
  private let hasHeader: Bool
  private let null: String
  private var table = TextTable([])
  private var isNumeric: [Bool] = []
  private var names: [String] = []
  private var waiting: [[String]] = []
  private var hasHeading = false

  /// Rows that are looked at before the first is printed.
  private static let lookAhead = 500

  init(_ output: TextOutput, frame: TextTable.Frame, hasHeader: Bool, null: String) {
    (self.output, self.frame, self.hasHeader, self.null) = (output, frame, hasHeader, null)
  }

  func begin(_ columns: [String]) throws {
    names = columns
    isNumeric = Array(repeating: true, count: columns.count)
  }

  func add(_ row: SQLRow) throws {
    let cells = (0..<row.count).map { cell(row, $0) }
    if hasHeading {
      table.add(cells)
      try printRows()
    } else {
      waiting.append(cells)
      if waiting.count == Self.lookAhead { try printHeading() }
    }
  }

  func end() throws {
    if !hasHeading { try printHeading() }
    for line in table.closing { try output.line(line) }
  }

  private func printHeading() throws {
    let columns = zip(names, isNumeric).map { name, isNumeric in
      (title: hasHeader ? name : "", alignment: isNumeric && !waiting.isEmpty ? TextTable.Alignment.right : .left)
    }
    table = TextTable(columns, frame: frame)
    waiting.forEach { table.add($0) }
    waiting = []
    hasHeading = true
    for line in hasHeader ? table.heading : table.opening { try output.line(line) }
    try printRows()
  }

  private func printRows() throws {
    for line in table.takeRows() { try output.line(line) }
    try output.flushIfStale()
  }

  private func cell(_ row: SQLRow, _ column: Int) -> String {
    switch row.type(column) {
    case .null: return null
    case .integer: return String(row.integer(column))
    case .real: return Self.real(row.real(column))
    case .text, .blob:
      isNumeric[column] = isNumeric[column] && hasHeading
      return row.type(column) == .text ? row.text(column) : "x'" + row.hexadecimal(column) + "'"
    }
  }

  /// Ten significant digits; a whole number keeps its ".0".
  static func real(_ value: Double) -> String {
    let text = Format.significant(value, 10)
    return text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2d } ? text + ".0" : text
  }
}
