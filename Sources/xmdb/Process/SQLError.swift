import CSQLite

/// SQLite refused a statement or failed while running it. The message is SQLite's, or that of our own function.
struct SQLError: Error, CustomStringConvertible {
  /// What the user is told.
  let description: String
  /// SQLite's extended result code.
  let code: Int32

  /// - Parameter place: Lines that show where in the statement it is; nil: nowhere in particular.
  init(description: String, code: Int32, place: String? = nil) {
    self.description = place.map { description + "\n" + $0 } ?? description
    self.code = code
  }

  /// The statement was stopped by a signal.
  var isInterruption: Bool { code & 0xff == SQLITE_INTERRUPT }
  /// A file is damaged.
  var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xff) }
}
