import CSQLite

/// Where one value of a function or of a virtual table's column goes. Without a call the value is NULL.
/// Numbers are written without boxing. NaN means unknown and becomes NULL.
package struct ResultContext: ~Copyable {
  private let context: OpaquePointer

  init(_ context: OpaquePointer) { self.context = context }

  package func set(_ value: Int64) { xsql_result_int64(context, value) }
  package func set(_ value: Int) { xsql_result_int64(context, Int64(value)) }
  package func set(_ value: Double) { xsql_result_double(context, value) }
  /// The float's shortest decimal form would differ; this is the same number exactly.
  package func set(_ value: Float) { xsql_result_double(context, Double(value)) }
  package func setNull() { xsql_result_null(context) }

  package func set(_ value: Int64?) {
    if let value { set(value) } else { setNull() }
  }

  package func set(_ value: Double?) {
    if let value { set(value) } else { setNull() }
  }

  package func set(_ value: String) {
    var value = value
    value.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        xsql_result_text(context, $0.baseAddress ?? emptyText, UInt64($0.count))
      }
    }
  }

  package func set(_ value: [UInt8]) {
    value.withUnsafeBytes { xsql_result_blob(context, $0.baseAddress ?? UnsafeRawPointer(emptyText), UInt64($0.count)) }
  }

  package func set(_ value: SQLValue) {
    switch value {
    case .null: setNull()
    case .integer(let value): set(value)
    case .real(let value): set(value)
    case .text(let value): set(value)
    case .blob(let value): set(value)
    }
  }

  /// The answer of a function: a number that is not finite says nothing, and is NULL.
  func setFinite(_ value: SQLValue) {
    if case .real(let number) = value, !number.isFinite { setNull() } else { set(value) }
  }

  /// Copies a value as it is, for instance a column of a statement on another connection (`sqlite3_column_value`).
  package func set(copyOf value: OpaquePointer?) {
    if let value { xsql_result_value(context, value) } else { setNull() }
  }

  func fail(_ error: any Error, in name: String, _ xmdb: XMDBContext) {
    let report = sqliteReport(of: error, in: name, xmdb)
    xsql_result_error(context, report.message)
    if report.code != SQLITE_ERROR { xsql_result_error_code(context, report.code) }
  }

  /// SQLite takes a null pointer for NULL, so that empty text and blobs need an address.
  private var emptyText: UnsafePointer<CChar> { UnsafePointer(xsql_empty()) }
}
