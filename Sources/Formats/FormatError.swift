/// Why files could not be read as tables.
///
/// The message says what was given, what is allowed and what to do; `subject` is the file or option it is about.
public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure; programs map it to an exit status.
  public enum Code: String, Sendable, CaseIterable {
    /// The file or directory cannot be opened.
    case notReadable
    /// A file of no bytes, or a directory without files that hold tables.
    case empty
    /// The file is of another format.
    case otherFormat
    /// The end of the file is missing.
    case truncated
    /// The file cannot be decoded.
    case damaged
    /// The file is sound, but holds something that is not read, such as nested columns.
    case unsupported
    /// Files of one source differ in their columns.
    case schemaMismatch
    /// An option (`--exclude`, `--only`) names something that does not exist.
    case usage
    /// Not enough memory.
    case memory
  }

  /// The kind of failure.
  public let code: Code
  /// The file or option.
  public let subject: String
  /// One sentence without the subject.
  public let message: String

  /// An error about `subject`.
  public init(_ code: Code, subject: String, _ message: String) {
    self.code = code
    self.subject = subject
    // Names and values of files are shown in it: whatever they hold, it stays one line.
    let isPlain = message.utf8.allSatisfy { $0 >= 32 }
    self.message = isPlain ? message : String(message.map { $0.isNewline || $0 < " " ? " " : $0 })
  }

  /// `subject: message`.
  public var description: String { "\(subject): \(message)" }
}
