internal import CArrow

/// One open Parquet file. It reads its footer when made, and rows only through `forEachBatch`.
final class ParquetFile {
  let path: String
  private let handle: OpaquePointer

  init(path: String) throws(IngestError) {
    var handle: OpaquePointer?
    var error = xarrow_error()
    guard xarrow_open(path, &handle, &error) == 0, let handle else { throw IngestError(error, path: path) }
    self.path = path
    self.handle = handle
  }

  deinit { xarrow_close(handle) }

  var rowCount: Int64 { xarrow_row_count(handle) }

  /// Every top-level column; `type` is nil for nested ones.
  func columns() -> [(column: SourceColumn, isNested: Bool)] {
    (0..<xarrow_column_count(handle)).map { index in
      var facts = xarrow_column()
      xarrow_column_at(handle, index, &facts)
      let type = ColumnType(facts)
      return (SourceColumn(facts, type: type ?? .binary), type == nil)
    }
  }

  /// Runs `body` over the file's rows in order, at most `batchRows` at a time. `indices` are positions in `columns()`.
  func forEachBatch(indices: [Int], batchRows: Int, _ body: (Int, [ColumnBuffer]) throws -> Void) throws {
    var stream: OpaquePointer?
    var error = xarrow_error()
    let wanted = indices.map { Int32($0) }
    let opened = xarrow_stream_open(handle, wanted, Int32(wanted.count), Int64(batchRows), &stream, &error)
    guard opened == 0, let stream else { throw IngestError(error, path: path) }
    defer { xarrow_stream_close(stream) }
    let forms = formsOf(indices)
    while true {
      var rows: Int64 = 0
      var values: UnsafePointer<xarrow_values>?
      guard xarrow_stream_next(stream, &rows, &values, &error) == 0 else { throw IngestError(error, path: path) }
      if rows == 0 { return }
      let buffers = forms.indices.map { ColumnBuffer(values![$0], form: forms[$0], rows: Int(rows)) }
      try body(Int(rows), buffers)
    }
  }

  private func formsOf(_ indices: [Int]) -> [Int32] {
    indices.map { index in
      var facts = xarrow_column()
      xarrow_column_at(handle, Int32(index), &facts)
      return facts.form
    }
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
  }
}

extension SourceColumn {
  fileprivate init(_ facts: xarrow_column, type: ColumnType) {
    func text(_ pointer: UnsafePointer<CChar>?) -> String? {
      guard let pointer, pointer.pointee != 0 else { return nil }
      return String(cString: pointer)
    }
    self.init(
      name: text(facts.name) ?? "", type: type, arrowType: text(facts.arrow_type), unit: text(facts.unit),
      ucd: text(facts.ucd), description: text(facts.description), isNullable: facts.nullable != 0)
  }
}

extension IngestError {
  fileprivate init(_ error: xarrow_error, path: String) {
    let message = withUnsafeBytes(of: error.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch Int(error.code) {
    case Int(XARROW_ERROR_OPEN): self.init(.notReadable, subject: path, "cannot be opened: \(message)")
    case Int(XARROW_ERROR_EMPTY): self.init(.empty, subject: path, message)
    case Int(XARROW_ERROR_NOT_PARQUET): self.init(.notParquet, subject: path, message)
    case Int(XARROW_ERROR_TRUNCATED): self.init(.truncated, subject: path, message)
    case Int(XARROW_ERROR_UNSUPPORTED): self.init(.unsupported, subject: path, message)
    case Int(XARROW_ERROR_MEMORY): self.init(.memory, subject: path, "not enough memory to decode it: \(message)")
    default: self.init(.damaged, subject: path, "the Parquet file is damaged: \(message)")
    }
  }
}
