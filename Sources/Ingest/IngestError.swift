/// Why the columns of files could not be understood as those of a catalogue.
///
/// The message says what was given, what is allowed and what to do; `subject` is the file, column or option it is about.
public struct IngestError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure; programs map it to an exit status.
  public enum Code: String, Sendable, CaseIterable {
    /// The file is sound, but holds something that no catalogue can have, such as identifiers that have lost digits.
    case unsupported
    /// Columns do not fit the catalogue that is to be replaced.
    case schemaMismatch
    /// An option (`--map`, `--epoch`) is malformed or names something that does not exist.
    case usage
    /// A role that every catalogue needs has no column.
    case missingRole
  }

  /// The kind of failure.
  public let code: Code
  /// The file, column or option.
  public let subject: String
  /// One sentence without the subject.
  public let message: String

  /// An error about `subject`.
  public init(_ code: Code, subject: String, _ message: String) {
    self.code = code
    self.subject = subject
    self.message = message
  }

  /// `subject: message`.
  public var description: String { "\(subject): \(message)" }
}
