internal import CSQLite

/// A value of the current row of a statement. Texts and blobs are borrowed: valid until the next `step` or `reset`.
public enum RowValue {
  case null
  case integer(Int64)
  case real(Double)
  /// Text as it is stored, which should be UTF-8.
  case text(UnsafeRawBufferPointer)
  case blob(UnsafeRawBufferPointer)
}

extension Statement {
  /// The value of a result column of the current row, in its storage class.
  public func value(_ index: Int) -> RowValue {
    guard let value = xsql_column_value(handle, Int32(index)) else { return .null }
    switch ValueType(rawValue: xsql_value_type(value)) ?? .null {
    case .null: return .null
    case .integer: return .integer(xsql_value_int64(value))
    case .real: return .real(xsql_value_double(value))
    case .text: return .text(Self.bytes(value))
    case .blob: return .blob(Self.bytes(value))
    }
  }

  private static func bytes(_ value: OpaquePointer) -> UnsafeRawBufferPointer {
    let start = xsql_value_blob(value)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(xsql_value_bytes(value)))
  }
}
