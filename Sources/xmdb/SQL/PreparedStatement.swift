import CSQLite
import Formats

/// A statement that is run many times with other values; it goes away with this.
final class PreparedStatement: SQLiteRow {
  let handle: OpaquePointer

  init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { _ = xsql_finalize(handle) }

  func bindNull(_ column: Int) { _ = xsql_bind_null(handle, Int32(column)) }
  func bind(_ column: Int, _ value: Int64) { _ = xsql_bind_int64(handle, Int32(column), value) }
  func bind(_ column: Int, _ value: Double) { _ = xsql_bind_double(handle, Int32(column), value) }

  func bindText(_ column: Int, copying text: UnsafeRawBufferPointer) {
    let start = text.baseAddress?.assumingMemoryBound(to: CChar.self) ?? xsql_empty()
    _ = xsql_bind_text_copy(handle, Int32(column), start, Int32(clamping: text.count))
  }

  func bindBlob(_ column: Int, copying bytes: UnsafeRawBufferPointer) {
    _ = xsql_bind_blob_copy(
      handle, Int32(column), bytes.baseAddress ?? UnsafeRawPointer(xsql_empty()), Int32(clamping: bytes.count))
  }
}
