internal import CArrow

/// Brings values that a reader lends in its file's own types into the types wanted: masks, constants, wider types, and
/// texts in which what is not UTF-8 is replaced.
final class BatchAdapter {
  /// Positions in the file of the columns to be lent, each once.
  let columns: [Int]
  private let path: String
  private let format: String
  private let forms: [Int32]
  private let handle: OpaquePointer

  /// - Parameters:
  ///   - wanted: What is wanted.
  ///   - file: The columns of the file.
  init(_ wanted: [WantedColumn], of file: [FileColumn], path: String, format: String) throws(FormatError) {
    (self.path, self.format) = (path, format)
    var places: [Int: Int] = [:]
    var columns: [Int] = []
    func place(_ column: Int) -> Int {
      if let known = places[column] { return known }
      places[column] = columns.count
      columns.append(column)
      return columns.count - 1
    }
    let placed = wanted.map { column in
      guard case .file(let position, let mask) = column.origin else { return column }
      return WantedColumn(origin: .file(column: place(position), mask: mask.map(place)), type: column.type)
    }
    if let nested = columns.first(where: { file[$0].isNested }) {
      throw FormatError(.unsupported, subject: path, "column '\(file[nested].column.name)' holds no single values")
    }
    self.columns = columns
    forms = wanted.map(\.type.form)
    handle = try Self.open(columns.map { file[$0].column }, placed, path, format)
  }

  deinit { xarrow_adapter_close(handle) }

  private static func open(
    _ natives: [TableColumn], _ wanted: [WantedColumn], _ path: String, _ format: String
  ) throws(FormatError) -> OpaquePointer {
    var handle: OpaquePointer?
    var error = xarrow_error()
    let status = withNatives(natives[...]) { natives in
      withArrowColumns(wanted) {
        xarrow_adapter_open(natives, Int32(natives.count), $0.baseAddress, Int32($0.count), &handle, &error)
      }
    }
    guard status == 0, let handle else { throw FormatError(error, path: path, format: format) }
    return handle
  }

  /// Each level of the recursion keeps the texts of one column in place.
  private static func withNatives<Result>(
    _ columns: ArraySlice<TableColumn>, _ done: [xarrow_native] = [], _ body: ([xarrow_native]) -> Result
  ) -> Result {
    guard let column = columns.first else { return body(done) }
    return column.name.withCString { name in
      column.fileType.withCString { type in
        let native = xarrow_native(
          name: name, type: type, form: column.type.form,
          count_nanoseconds_log10: column.type.step?.log10Nanoseconds ?? 0)
        return withNatives(columns.dropFirst(), done + [native], body)
      }
    }
  }

  /// The values wanted; valid until the next call, as long as what is lent.
  /// - Parameter lent: One buffer for each of `columns`.
  func adapt(_ lent: [ColumnBuffer], rows: Int, firstRow: Int64) throws(FormatError) -> [ColumnBuffer] {
    var values: UnsafePointer<xarrow_values>?
    var error = xarrow_error()
    guard xarrow_adapt(handle, lent.map(xarrow_values.init), Int64(rows), firstRow, &values, &error) == 0 else {
      throw FormatError(error, path: path, format: format)
    }
    let buffers = UnsafeBufferPointer(start: values, count: values == nil ? 0 : forms.count)
    return zip(buffers, forms).map { ColumnBuffer($0, form: $1, rows: rows) }
  }
}

/// A reader that lends values in its file's own types; what else is wanted is made of them here.
protocol NativeReader: TableReader {
  /// The format, for messages.
  var format: String { get }

  /// Runs `body` over the rows in order with the values of some columns, each in its own type, valid until it returns.
  /// - Throws: `FormatError`; whatever `body` throws.
  func forEachNativeBatch(
    _ columns: [Int], batchRows: Int, batchBytes: Int, _ body: (Int, [ColumnBuffer]) throws -> Void) throws
}

extension NativeReader {
  func forEachBatch(
    _ wanted: [WantedColumn], batchRows: Int, batchBytes: Int, _ body: (Int, [ColumnBuffer]) throws -> Void
  ) throws {
    let adapter = try BatchAdapter(wanted, of: columns(), path: path, format: format)
    var row: Int64 = 0
    func lend(_ rows: Int, _ lent: [ColumnBuffer]) throws {
      let first = row
      row += Int64(rows)
      guard row <= rowCount else { return }
      try body(rows, try adapter.adapt(lent, rows: rows, firstRow: first))
    }
    if adapter.columns.isEmpty {
      while row < rowCount { try lend(Int(min(Int64(batchRows), rowCount - row)), []) }
    } else {
      try forEachNativeBatch(adapter.columns, batchRows: batchRows, batchBytes: batchBytes, lend)
    }
    guard row == rowCount else {
      throw FormatError(
        .damaged, subject: path, "the file has \(row) rows or more where it had \(rowCount); ingest it again")
    }
  }
}
