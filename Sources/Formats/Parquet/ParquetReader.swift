internal import CArrow

/// One open Parquet file. It reads its footer when made, and rows only through `forEachBatch`.
final class ParquetReader: TableReader {
  let path: String
  private let handle: OpaquePointer

  /// - Parameters:
  ///   - path: The file, for messages.
  ///   - contents: Where its bytes are, if elsewhere.
  init(path: String, contents: String? = nil) throws(FormatError) {
    var handle: OpaquePointer?
    var error = xarrow_error()
    guard xarrow_open(contents ?? path, &handle, &error) == 0, let handle else { throw FormatError(error, path: path, format: "Parquet") }
    self.path = path
    self.handle = handle
  }

  deinit { xarrow_close(handle) }

  var rowCount: Int64 { xarrow_row_count(handle) }

  /// Every top-level column.
  func columns() -> [FileColumn] {
    (0..<xarrow_column_count(handle)).map { index in
      var facts = xarrow_column()
      xarrow_column_at(handle, index, &facts)
      let type = ColumnType(facts)
      return FileColumn(
        column: TableColumn(facts, type: type ?? .binary), isNested: type == nil, isAllMissing: facts.all_missing != 0)
    }
  }

  /// The text under a key of the footer.
  func metadata(_ key: String) -> String? {
    var length: Int64 = 0
    guard let bytes = xarrow_note(handle, key, &length) else { return nil }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
  }

  /// Runs `body` over the file's rows in order: at most `batchRows` at a time, and fewer when their texts take more than
  /// about `batchBytes`. `wanted` names columns by their positions in `columns()`.
  func forEachBatch(
    _ wanted: [WantedColumn], batchRows: Int, batchBytes: Int, _ body: (Int, [ColumnBuffer]) throws -> Void
  ) throws {
    let stream = try open(wanted, batchRows: batchRows, batchBytes: batchBytes)
    defer { xarrow_stream_close(stream) }
    var error = xarrow_error()
    let forms = wanted.map(\.type.form)
    while true {
      var rows: Int64 = 0
      var values: UnsafePointer<xarrow_values>?
      guard xarrow_stream_next(stream, &rows, &values, &error) == 0 else { throw FormatError(error, path: path, format: "Parquet") }
      if rows == 0 { return }
      let buffers = UnsafeBufferPointer(start: values, count: values == nil ? 0 : forms.count)
      try body(Int(rows), zip(buffers, forms).map { ColumnBuffer($0, form: $1, rows: Int(rows)) })
    }
  }

  private func open(_ wanted: [WantedColumn], batchRows: Int, batchBytes: Int) throws -> OpaquePointer {
    var stream: OpaquePointer?
    var error = xarrow_error()
    let opened = withArrowColumns(wanted) {
      xarrow_stream_open(
        handle, $0.baseAddress, Int32($0.count), Int64(batchRows), Int64(batchBytes), &stream, &error)
    }
    guard opened == 0, let stream else { throw FormatError(error, path: path, format: "Parquet") }
    return stream
  }
}

extension TableColumn {
  fileprivate init(_ facts: xarrow_column, type: ColumnType) {
    func text(_ pointer: UnsafePointer<CChar>?) -> String? {
      guard let pointer, pointer.pointee != 0 else { return nil }
      return String(cString: pointer)
    }
    self.init(
      name: text(facts.name) ?? "", type: type, fileType: text(facts.arrow_type), unit: text(facts.unit),
      ucd: text(facts.ucd), description: text(facts.description), isNullable: facts.nullable != 0)
  }
}
