internal import CArrow

/// One open Parquet or Arrow file. It reads its footer when made, and rows only through `forEachBatch`.
final class ArrowReader: TableReader {
  let path: String
  private let handle: OpaquePointer

  private let format: String
  /// What is read, if it is a copy: it lives as long.
  private let copy: TemporaryCopy?

  /// The C door's function that opens a file.
  typealias Opening = (
    UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<xarrow_error>
  ) -> Int32

  init(_ file: TableFile, format: String, open: Opening) throws(FormatError) {
    var handle: OpaquePointer?
    var error = xarrow_error()
    guard open(file.contents, &handle, &error) == 0, let handle else {
      throw FormatError(error, path: file.path, format: format)
    }
    (path, self.format, copy) = (file.path, format, file.copy)
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
      guard xarrow_stream_next(stream, &rows, &values, &error) == 0 else {
        throw FormatError(error, path: path, format: format)
      }
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
    guard opened == 0, let stream else { throw FormatError(error, path: path, format: format) }
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
