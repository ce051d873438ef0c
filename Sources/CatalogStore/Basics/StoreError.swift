/// Something outside the program's control went wrong: a file, a database, an input, another process.
///
/// The description is one line that says who, what, what was given, what is allowed and what to do.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is; decides the exit status of the program.
  public enum Code: String, Sendable {
    /// The request cannot be carried out as given (unknown catalogue, contradictory options).
    case usage
    /// An input file or a row of it cannot be used.
    case input
    /// A file of the database is missing, damaged or written by a newer version.
    case damaged
    /// The operating system refused (disk full, permission, no such folder).
    case system
    /// Another process is writing to this database.
    case busy
    /// The work was interrupted and can be resumed.
    case interrupted
  }

  /// The kind of failure.
  public let code: Code
  /// Who: the file, catalogue or command that the message is about.
  public let subject: String
  /// What happened and what to do.
  public let message: String
  /// SQLite's extended result code, when SQLite reported the failure.
  public let sqliteCode: Int32?

  /// Makes an error from its parts.
  public init(_ code: Code, _ subject: String, _ message: String, sqliteCode: Int32? = nil) {
    self.code = code
    self.subject = subject
    self.message = message
    self.sqliteCode = sqliteCode
  }

  /// `subject: message`.
  public var description: String { "\(subject): \(message)" }
}
