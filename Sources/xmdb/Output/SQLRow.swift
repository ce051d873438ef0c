import CSQLite
import CatalogStore

/// The current row of a running statement; valid until the next one.
struct SQLRow {
  private let statement: OpaquePointer
  /// The number of columns.
  let count: Int

  init(_ statement: OpaquePointer) {
    self.statement = statement
    count = Int(xsql_column_count(statement))
  }

  /// The names of the columns.
  var names: [String] { (0..<count).map { String(cString: xsql_column_name(statement, Int32($0))) } }

  /// The storage class of a value.
  func type(_ column: Int) -> ValueType { ValueType(rawValue: xsql_column_type(statement, Int32(column))) ?? .null }
  /// A value; texts and blobs are valid until the next row.
  func value(_ column: Int) -> RowValue {
    switch type(column) {
    case .null: .null
    case .integer: .integer(integer(column))
    case .real: .real(real(column))
    case .text: .text(bytes(column))
    case .blob: .blob(bytes(column))
    }
  }

  private func bytes(_ column: Int) -> UnsafeRawBufferPointer {
    let start = xsql_column_blob(statement, Int32(column))
    return UnsafeRawBufferPointer(
      start: start, count: start == nil ? 0 : Int(xsql_column_bytes(statement, Int32(column))))
  }

  /// A value as text from which it can be read back, blobs in hexadecimal; nil for NULL.
  func exactText(_ column: Int) -> String? {
    switch type(column) {
    case .null: nil
    case .integer: String(integer(column))
    case .real: real(column).description
    case .text: text(column)
    case .blob: hexadecimal(column)
    }
  }

  /// An integer.
  func integer(_ column: Int) -> Int64 { xsql_column_int64(statement, Int32(column)) }
  /// A real number.
  func real(_ column: Int) -> Double { xsql_column_double(statement, Int32(column)) }
  /// A text.
  func text(_ column: Int) -> String {
    guard let start = xsql_column_text(statement, Int32(column)) else { return "" }
    let count = Int(xsql_column_bytes(statement, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
  /// The bytes of a blob, two hexadecimal digits each.
  func hexadecimal(_ column: Int) -> String {
    guard let start = xsql_column_blob(statement, Int32(column)) else { return "" }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(xsql_column_bytes(statement, Int32(column))))
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
