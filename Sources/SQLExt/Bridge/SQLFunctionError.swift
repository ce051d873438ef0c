import CSQLite

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

/// The message and result code that SQLite is given for any error thrown inside the operator called `name`.
func sqliteReport(of error: any Error, in name: String) -> (message: String, code: CInt) {
  let code = (error as? SQLFunctionError)?.sqliteCode ?? SQLITE_ERROR
  return ("\(name): \(error)", code == SQLITE_OK ? SQLITE_ERROR : code)
}
