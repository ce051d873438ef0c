internal import CArrow

/// A file of delimited text, open before its first row.
final class DelimitedFile {
  private let path: String
  private let handle: OpaquePointer

  init(_ path: String, _ dialect: DelimitedDialect) throws(FormatError) {
    var handle: OpaquePointer?
    var error = xarrow_error()
    var form = xarrow_dialect(
      skip: Int64(dialect.skip), delimiter: Int32(dialect.delimiter), has_names: dialect.hasNames ? 1 : 0,
      columns: Int32(clamping: dialect.columnCount ?? 0), length: dialect.length ?? -1,
      has_quotes: dialect.hasQuotes ? 1 : 0)
    guard xarrow_csv_open(path, &form, &handle, &error) == 0, let handle else {
      throw FormatError(error, path: path, format: "CSV")
    }
    self.path = path
    self.handle = handle
  }

  deinit { xarrow_csv_close(handle) }

  /// What all values of a column are.
  struct Column {
    var name: String
    var type: ColumnType
    var isAllMissing: Bool
    /// The row, from 1, and the value that make a column of numbers one of text.
    var odd: (row: Int64, value: String)?
  }

  /// Reads all rows.
  /// - Returns: Their number, and the columns.
  func survey() throws(FormatError) -> (rows: Int64, columns: [Column]) {
    var rows: Int64 = 0
    var error = xarrow_error()
    guard xarrow_csv_survey(handle, &rows, &error) == 0 else { throw FormatError(error, path: path, format: "CSV") }
    let columns = (0..<xarrow_csv_column_count(handle)).map { index in
      var facts = xarrow_csv_column()
      xarrow_csv_column_at(handle, index, &facts)
      var column = Column(
        name: String(cString: facts.name), type: Self.type(facts.form), isAllMissing: facts.all_missing != 0)
      if facts.odd_row > 0 { column.odd = (facts.odd_row, String(cString: facts.odd_value)) }
      return column
    }
    return (rows, columns)
  }

  private static func type(_ form: Int32) -> ColumnType {
    switch Int(form) {
    case Int(XARROW_INT64): .int64
    case Int(XARROW_UINT64): .uint64
    case Int(XARROW_FLOAT64): .float64
    case Int(XARROW_BOOL): .bool
    default: .text
    }
  }

  /// Runs `body` over the rows with some columns in the types given.
  func forEachBatch(
    _ columns: [(position: Int, type: ColumnType)], batchRows: Int, _ body: (Int, [ColumnBuffer]) throws -> Void
  ) throws {
    var error = xarrow_error()
    let forms = columns.map(\.type.form)
    let chosen = xarrow_csv_choose(
      handle, columns.map { Int32(clamping: $0.position) }, forms, Int32(clamping: columns.count), &error)
    guard chosen == 0 else { throw FormatError(error, path: path, format: "CSV") }
    while true {
      var rows: Int64 = 0
      var values: UnsafePointer<xarrow_values>?
      guard xarrow_csv_next(handle, Int64(batchRows), &rows, &values, &error) == 0 else {
        throw FormatError(error, path: path, format: "CSV")
      }
      if rows == 0 { return }
      let buffers = UnsafeBufferPointer(start: values, count: values == nil ? 0 : forms.count)
      try body(Int(rows), zip(buffers, forms).map { ColumnBuffer($0, form: $1, rows: Int(rows)) })
    }
  }
}
