internal import CArrow

/// One open Parquet file. It reads its footer when made, and rows only through `forEachBatch`.
final class ParquetReader: TableReader {
  let path: String
  private let handle: OpaquePointer

  init(path: String) throws(FormatError) {
    var handle: OpaquePointer?
    var error = xarrow_error()
    guard xarrow_open(path, &handle, &error) == 0, let handle else { throw FormatError(error, path: path) }
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
      guard xarrow_stream_next(stream, &rows, &values, &error) == 0 else { throw FormatError(error, path: path) }
      if rows == 0 { return }
      let buffers = UnsafeBufferPointer(start: values, count: values == nil ? 0 : forms.count)
      try body(Int(rows), zip(buffers, forms).map { ColumnBuffer($0, form: $1, rows: Int(rows)) })
    }
  }

  private func open(_ wanted: [WantedColumn], batchRows: Int, batchBytes: Int) throws -> OpaquePointer {
    var stream: OpaquePointer?
    var error = xarrow_error()
    // The constants, end to end, each with a zero behind it.
    var texts: [CChar] = []
    let starts = wanted.map { column -> Int? in
      guard case .constant(let text?) = column.origin else { return nil }
      defer { texts += text.utf8CString }
      return texts.count
    }
    let opened = texts.withUnsafeBufferPointer { texts in
      let columns = zip(wanted, starts).map { column, start in
        xarrow_wanted(column, constant: start.flatMap { start in texts.baseAddress.map { $0 + start } })
      }
      return xarrow_stream_open(
        handle, columns, Int32(columns.count), Int64(batchRows), Int64(batchBytes), &stream, &error)
    }
    guard opened == 0, let stream else { throw FormatError(error, path: path) }
    return stream
  }
}

extension xarrow_wanted {
  fileprivate init(_ wanted: WantedColumn, constant: UnsafePointer<CChar>?) {
    self.init(
      column: -1, mask: -1, form: wanted.type.form, count: wanted.type.count,
      count_nanoseconds_log10: wanted.type.step?.log10Nanoseconds ?? 0, constant: constant)
    guard case .file(let column, let mask) = wanted.origin else { return }
    self.column = Int32(column)
    self.mask = mask.map { Int32($0) } ?? -1
  }
}

extension ColumnBuffer {
  fileprivate init(_ lent: xarrow_values, form: Int32, rows: Int) {
    func numbers<T>(_: T.Type) -> UnsafeBufferPointer<T> {
      UnsafeBufferPointer(start: lent.values?.assumingMemoryBound(to: T.self), count: lent.values == nil ? 0 : rows)
    }
    let strings = { ByteStrings(offsets: UnsafeBufferPointer(start: lent.offsets, count: rows + 1), base: lent.bytes) }
    switch Int(form) {
    case Int(XARROW_UINT64): values = .uint64(numbers(UInt64.self))
    case Int(XARROW_FLOAT64): values = .float64(numbers(Double.self))
    case Int(XARROW_FLOAT32): values = .float32(numbers(Float.self))
    case Int(XARROW_BOOL): values = .bool(numbers(UInt8.self))
    case Int(XARROW_TEXT): values = .text(strings())
    case Int(XARROW_BINARY): values = .binary(strings())
    default: values = .int64(numbers(Int64.self))
    }
    validity = Validity(bits: lent.validity, nullCount: Int(lent.null_count))
    repairedTexts = lent.repaired
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

extension FormatError {
  fileprivate init(_ error: xarrow_error, path: String) {
    let message = withUnsafeBytes(of: error.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch Int(error.code) {
    case Int(XARROW_ERROR_OPEN): self.init(.notReadable, subject: path, "cannot be opened: \(message)")
    case Int(XARROW_ERROR_EMPTY): self.init(.empty, subject: path, message)
    case Int(XARROW_ERROR_NOT_PARQUET): self.init(.otherFormat, subject: path, message)
    case Int(XARROW_ERROR_TRUNCATED): self.init(.truncated, subject: path, message)
    case Int(XARROW_ERROR_UNSUPPORTED): self.init(.unsupported, subject: path, message)
    case Int(XARROW_ERROR_MEMORY): self.init(.memory, subject: path, "not enough memory to decode it: \(message)")
    case Int(XARROW_ERROR_VALUE):
      self.init(.schemaMismatch, subject: path, "\(message); leave the column out with --exclude")
    default: self.init(.damaged, subject: path, "the Parquet file is damaged: \(message)")
    }
  }
}
