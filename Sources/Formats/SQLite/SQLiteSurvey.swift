internal import CatalogStore

/// What reading all rows of a table of a SQLite file has found: there, each value has a type of its own.
struct SQLiteSurvey: Sendable {
  /// What the values of a column are.
  private struct Seen {
    var (integers, reals, texts, blobs, flags) = (false, false, false, false, true)
  }

  let state: FileState?
  let named: String?
  private(set) var rowCount: Int64 = 0
  private(set) var columns: [FileColumn] = []

  init(_ table: SQLiteTable, _ file: TableFile) throws(FormatError) {
    (state, named) = (FileState(file.path), file.table)
    var seen = [Seen](repeating: Seen(), count: table.columns.count)
    do {
      try table.forEachRow(Array(table.columns.indices)) { row in
        rowCount += 1
        for index in table.columns.indices { Self.look(row, index, table.columns[index], &seen[index]) }
      }
    } catch { throw SQLiteTable.error(error, file.path) }
    columns = zip(table.columns, seen).map(Self.column)
  }

  private static func look(_ row: Statement, _ index: Int, _ column: SQLiteTable.Column, _ seen: inout Seen) {
    switch row.type(index) {
    case .integer:
      seen.integers = true
      if seen.flags && !(0...1).contains(row.int64(index)) { seen.flags = false }
    case .real: seen.reals = true
    case .text: if !column.isNumeric || !isMissing(row, index) { seen.texts = true }
    case .blob: seen.blobs = true
    case .null: break
    }
  }

  /// Whether a text in a column of numbers says that there is none: as programs leave it that load text files.
  static func isMissing(_ row: Statement, _ index: Int) -> Bool {
    row.withBytes(index) { bytes in
      bytes.count <= 4 && missing.contains(ColumnNames.folded(String(decoding: bytes, as: UTF8.self)))
    }
  }

  private static let missing: Set<String> = ["", "nan", "null", "none", "na", "n/a", "--", "\\n"]

  private static func column(_ column: SQLiteTable.Column, _ seen: Seen) -> FileColumn {
    let type: ColumnType =
      switch (seen.texts, seen.blobs, seen.reals, seen.integers) {
      case (true, _, _, _): .text
      case (_, true, _, _): .binary
      case (_, _, true, _): .float64
      case (_, _, _, true): column.isBool && seen.flags ? .bool : .int64
      default: .text
      }
    let isEmpty = !seen.texts && !seen.blobs && !seen.reals && !seen.integers
    let isMixed = seen.blobs && (seen.reals || seen.integers)
    let fileType =
      isEmpty ? "null" : isMixed ? "bytes and numbers" : column.declared.isEmpty ? "\(type)" : column.declared
    return FileColumn(
      column: TableColumn(name: column.name, type: type, fileType: fileType), isNested: isMixed, isAllMissing: isEmpty)
  }
}
