import CSQLite

/// One value of SQL's five storage classes.
package enum SQLValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

extension SQLValue {
  /// A copy of a value that SQLite handed over.
  init(_ pointer: OpaquePointer?) {
    switch xsql_value_type(pointer) {
    case SQLITE_INTEGER: self = .integer(xsql_value_int64(pointer))
    case SQLITE_FLOAT: self = .real(xsql_value_double(pointer))
    case SQLITE_TEXT: self = .text(sqlText(pointer))
    case SQLITE_BLOB: self = .blob(sqlBytes(pointer))
    default: self = .null
    }
  }

  package var isNull: Bool { self == .null }

  /// The number, where the value is one.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .null, .text, .blob: nil
    }
  }

  /// How the value is shown in an error message: text in quotes and cut after 40 characters, blobs by their length.
  var inMessage: String {
    switch self {
    case .null: return "NULL"
    case .integer(let value): return String(value)
    case .real(let value): return value.description
    case .text(let value):
      let printable = value.prefix(40).map { $0.isNewline || $0 == "\u{0}" ? " " : $0 }
      return "'" + String(printable) + (value.count > 40 ? "…" : "") + "'"
    case .blob(let bytes): return "a blob of \(bytes.count) bytes"
    }
  }
}

/// The text of a value. The bytes belong to SQLite and are copied here; invalid UTF-8 is repaired.
func sqlText(_ pointer: OpaquePointer?) -> String {
  guard let bytes = xsql_value_text(pointer) else { return "" }
  return String(
    decoding: UnsafeBufferPointer(start: bytes, count: Int(xsql_value_bytes(pointer))), as: UTF8.self)
}

private func sqlBytes(_ pointer: OpaquePointer?) -> [UInt8] {
  let bytes = xsql_value_blob(pointer)
  return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(xsql_value_bytes(pointer))))
}
