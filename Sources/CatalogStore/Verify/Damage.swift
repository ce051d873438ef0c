/// Something in a database that is not as the registry says.
public struct Damage: Sendable, Equatable, CustomStringConvertible {
  /// The file, or the catalogue or run.
  public let subject: String
  /// What is wrong: found, and expected.
  public let finding: String
  /// What the user can do about it.
  public let remedy: String

  init(_ subject: String, _ finding: String, remedy: String) {
    self.subject = subject
    self.finding = finding
    self.remedy = remedy
  }

  /// `subject: finding; remedy`.
  public var description: String { "\(subject): \(finding); \(remedy)" }
}

/// What was looked at, and what was found wrong.
public struct VerificationReport: Sendable {
  /// `catalogue gaia`, `run 7`, `registry`.
  public let subject: String
  /// Files read from end to end.
  public var files = 0
  /// Rows read and compared.
  public var rows: Int64 = 0
  /// What is wrong; empty when all is well.
  public var damages: [Damage] = []
  /// What a user may want to know, though nothing is wrong.
  public var notes: [String] = []

  init(_ subject: String) { self.subject = subject }
}
