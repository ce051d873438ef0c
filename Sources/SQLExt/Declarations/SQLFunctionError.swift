import CSQLite
import CatalogStore

/// What a function or table has to say when it cannot answer. The bridge puts the operator's name in front.
package struct SQLFunctionError: Error, Hashable, CustomStringConvertible {
  /// Given, allowed, and what to do; without the operator's name.
  package let message: String
  /// SQLite's result code; 1 (SQLITE_ERROR) unless the cause is known better, such as 11 (SQLITE_CORRUPT).
  package let sqliteCode: Int32

  package init(_ message: String, sqliteCode: Int32 = 1) {
    self.message = message
    self.sqliteCode = sqliteCode
  }

  package var description: String { message }
}

/// The message and result code that SQLite is given for any error thrown inside the operator called `name`. Where the host
/// has pinned the database, the message does not tell where that is.
func sqliteReport(of error: any Error, in name: String, _ context: XMDBContext) -> (message: String, code: CInt) {
  let code =
    switch error {
    case let error as SQLFunctionError: error.sqliteCode
    case let error as StoreError where error.code == .interrupted: SQLITE_INTERRUPT
    case let error as StoreError where error.code == .damaged: SQLITE_CORRUPT
    case let error as StoreError: error.sqliteCode ?? SQLITE_ERROR
    default: SQLITE_ERROR
    }
  return (context.withoutPath("\(name): \(error)"), isFailure(code) ? code : SQLITE_ERROR)
}

/// Result codes that mean something else than failure to SQLite must not come out of an error.
private func isFailure(_ code: CInt) -> Bool {
  ![SQLITE_OK, SQLITE_ROW, SQLITE_DONE, SQLITE_CONSTRAINT].contains(code & 0xff)
}
