internal import CSQLite

/// One compiled SQL statement. Parameters count from 1, result columns from 0, as in SQLite.
public final class Statement {
  let handle: OpaquePointer
  private let connection: Connection
  /// The first binding that SQLite refused since the last `reset`; told by `step`.
  private var refusedBinding = SQLITE_OK

  init(_ handle: OpaquePointer, connection: Connection) {
    self.handle = handle
    self.connection = connection
  }

  deinit { _ = xsql_finalize(handle) }

  /// Advances to the next row.
  /// - Returns: False when there is none.
  public func step() throws -> Bool {
    if refusedBinding != SQLITE_OK {
      defer { reset() }
      throw connection.failure(refusedBinding, "bind")
    }
    switch xsql_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let error = connection.failure(code, "step")
      _ = xsql_reset(handle)
      throw error
    }
  }

  /// Runs a statement that returns no rows, then makes it ready to run again.
  public func run() throws {
    while try step() {}
    reset()
  }

  /// Makes the statement ready to run again; bindings stay.
  public func reset() {
    _ = xsql_reset(handle)
    refusedBinding = SQLITE_OK
  }

  // MARK: Binding
  //
  // SQLite reads bound bytes when it steps, so that all of them are copied: none is borrowed from a caller, whose memory
  // may be gone by then.

  /// Remembers a refusal: a value too large, or a parameter that does not exist.
  private func note(_ code: Int32) { if code != SQLITE_OK && refusedBinding == SQLITE_OK { refusedBinding = code } }

  /// SQLite counts bytes in 32 bits; more than that it refuses anyway.
  private func length(_ count: Int) -> Int32 { Int32(clamping: count) }

  /// Binds a 64-bit integer.
  public func bind(_ index: Int, _ value: Int64) { note(xsql_bind_int64(handle, Int32(index), value)) }
  /// Binds an integer.
  public func bind(_ index: Int, _ value: Int) { note(xsql_bind_int64(handle, Int32(index), Int64(value))) }
  /// Binds a real number; NaN, which SQLite cannot hold, becomes NULL: both mean unknown.
  public func bind(_ index: Int, _ value: Double) { note(xsql_bind_double(handle, Int32(index), value)) }
  /// Binds text.
  public func bind(_ index: Int, _ value: String) {
    var value = value
    value.withUTF8 { bindText(index, copying: UnsafeRawBufferPointer($0)) }
  }
  /// Binds a copy of UTF-8 text.
  public func bindText(_ index: Int, copying utf8: UnsafeRawBufferPointer) {
    let start = utf8.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText
    note(xsql_bind_text_copy(handle, Int32(index), start, length(utf8.count)))
  }
  /// Binds a copy of bytes.
  public func bindBlob(_ index: Int, copying bytes: UnsafeRawBufferPointer) {
    let start = bytes.baseAddress ?? UnsafeRawPointer(emptyText)
    note(xsql_bind_blob_copy(handle, Int32(index), start, length(bytes.count)))
  }
  /// Binds a copy of the array's bytes (little-endian elements).
  public func bindBlob<Element: BitwiseCopyable>(_ index: Int, copying values: [Element]) {
    values.withUnsafeBytes { bindBlob(index, copying: $0) }
  }
  /// Binds NULL.
  public func bindNull(_ index: Int) { note(xsql_bind_null(handle, Int32(index))) }
  /// Binds a value or NULL.
  public func bind(_ index: Int, _ value: Int64?) { value.map { bind(index, $0) } ?? bindNull(index) }
  /// Binds a value or NULL.
  public func bind(_ index: Int, _ value: Double?) { value.map { bind(index, $0) } ?? bindNull(index) }
  /// Binds a value or NULL.
  public func bind(_ index: Int, _ value: String?) { value.map { bind(index, $0) } ?? bindNull(index) }

  // MARK: Results

  /// The number of result columns.
  public var columnCount: Int { Int(xsql_column_count(handle)) }
  /// The name of a result column.
  public func columnName(_ index: Int) -> String { String(cString: xsql_column_name(handle, Int32(index))) }
  /// The storage class of the value in this row.
  public func type(_ index: Int) -> ValueType { ValueType(rawValue: xsql_column_type(handle, Int32(index))) ?? .null }
  /// Whether the value is NULL.
  public func isNull(_ index: Int) -> Bool { xsql_column_type(handle, Int32(index)) == SQLITE_NULL }
  /// The value as an integer (0 for NULL).
  public func int64(_ index: Int) -> Int64 { xsql_column_int64(handle, Int32(index)) }
  /// The value as an integer (0 for NULL).
  public func int(_ index: Int) -> Int { Int(xsql_column_int64(handle, Int32(index))) }
  /// The value as a real number (0 for NULL).
  public func double(_ index: Int) -> Double { xsql_column_double(handle, Int32(index)) }
  /// The value as text (empty for NULL).
  public func text(_ index: Int) -> String {
    guard let start = xsql_column_text(handle, Int32(index)) else { return "" }
    return String(
      decoding: UnsafeBufferPointer(start: start, count: Int(xsql_column_bytes(handle, Int32(index)))), as: UTF8.self)
  }
  /// The value, or nil for NULL.
  public func optionalInt64(_ index: Int) -> Int64? { isNull(index) ? nil : int64(index) }
  /// The value, or nil for NULL.
  public func optionalDouble(_ index: Int) -> Double? { isNull(index) ? nil : double(index) }
  /// The value, or nil for NULL.
  public func optionalText(_ index: Int) -> String? { isNull(index) ? nil : text(index) }
  /// The bytes of a blob or text, valid until the next `step` or `reset`.
  public func withBytes<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let start = xsql_column_blob(handle, Int32(index))
    return try body(
      UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(xsql_column_bytes(handle, Int32(index)))))
  }
  /// The `sqlite3_value` of a result column, to be handed to `sqlite3_result_value` while the row is current.
  public func rawValue(_ index: Int) -> OpaquePointer? { xsql_column_value(handle, Int32(index)) }
}

/// SQLite's storage classes.
public enum ValueType: Int32, Sendable {
  /// A 64-bit integer.
  case integer = 1
  /// A double.
  case real = 2
  /// UTF-8 text.
  case text = 3
  /// Bytes.
  case blob = 4
  /// Unknown.
  case null = 5
}

/// A non-null address for empty text: SQLite takes a null pointer for NULL.
private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
  // One byte, never freed, never written again.
  let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
  byte.pointee = 0
  return UnsafePointer(byte)
}()
