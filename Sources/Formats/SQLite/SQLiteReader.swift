internal import CatalogStore

/// One table of a SQLite file. All of it is read once when it is opened for the first time, to find what its values are.
///
/// A column is `int64` if all its values are integers, `bool` if it is declared so and all are 0 or 1, `float64` if all are numbers,
/// `binary` if all are blobs, else `text`.
final class SQLiteReader: NativeReader {
  let path: String
  let format = "SQLite"
  private let file: TableFile
  private let found: SQLiteSurvey

  /// Integers up to here are doubles.
  private static let exact: Int64 = 1 << 53

  init(_ file: TableFile) throws(FormatError) {
    (self.file, path) = (file, file.path)
    if let known = file.survey as? SQLiteSurvey, known.state == FileState(file.path), known.named == file.table {
      found = known
    } else {
      found = try SQLiteSurvey(SQLiteTable(file), file)
    }
  }

  var rowCount: Int64 { found.rowCount }
  var survey: (any Sendable)? { found }
  func columns() -> [FileColumn] { found.columns }
  func metadata(_ key: String) -> String? { nil }

  func forEachNativeBatch(
    _ columns: [Int], batchRows: Int, batchBytes: Int, _ body: (Int, [ColumnBuffer]) throws -> Void
  ) throws {
    let table = try SQLiteTable(file)
    guard table.columns.map(\.name) == found.columns.map(\.column.name) else {
      throw FormatError(.damaged, subject: path, "the file has changed while it was being read; ingest it again")
    }
    let memory = columns.map { ColumnMemory(found.columns[$0].column.type, capacity: batchRows) }
    var (rows, row): (Int, Int64) = (0, 0)
    func lend() throws {
      if rows > 0 { try body(rows, memory.map { $0.buffer(rows: rows) }) }
      row += Int64(rows)
      rows = 0
      for column in memory { column.removeAll() }
    }
    try table.forEachRow(columns) { statement in
      for (index, column) in memory.enumerated() {
        guard take(statement, index, column, rows) else {
          throw FormatError(
            .schemaMismatch, subject: path,
            "column '\(table.columns[columns[index]].name)' has in row \(row + Int64(rows) + 1) the value '\(statement.text(index).prefix(40))', which does not fit its type \(column.type); leave the column out with --exclude"
          )
        }
      }
      rows += 1
      let isLong = rows & 63 == 0 && memory.reduce(0) { $0 + $1.byteCount } >= batchBytes
      if rows == batchRows || isLong { try lend() }
    }
    try lend()
  }

  /// Takes a value; false if it does not fit the type of its column.
  private func take(_ statement: Statement, _ index: Int, _ column: ColumnMemory, _ row: Int) -> Bool {
    let kind = statement.type(index)
    if column.isVariable {
      if kind == .null { column.appendMissing() } else { statement.withBytes(index) { column.append($0.bytes) } }
      return column.type == .text || kind == .blob || kind == .null
    }
    switch (kind, column.type) {
    case (.null, _): column.setMissing(row)
    case (.text, _):
      column.setMissing(row)
      return SQLiteSurvey.isMissing(statement, index)
    case (.integer, .int64): column.numbers(Int64.self)[row] = statement.int64(index)
    case (.integer, .bool): column.numbers(UInt8.self)[row] = statement.int64(index) == 0 ? 0 : 1
    case (.integer, .float64):
      let value = statement.int64(index)
      column.numbers(Double.self)[row] = Double(value)
      return value.magnitude <= Self.exact.magnitude
    case (.real, .float64): column.numbers(Double.self)[row] = statement.double(index)
    default: return false
    }
    return true
  }
}

extension UnsafeRawBufferPointer {
  fileprivate var bytes: UnsafeBufferPointer<UInt8> { assumingMemoryBound(to: UInt8.self) }
}
