/// A setting of a model that is outside its range.
public struct SimulationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The setting, spelt like the option of `xmdb simulate` without its dashes.
  public let setting: String
  /// What was given and what is allowed.
  public let message: String

  /// `setting: message`.
  public var description: String { "\(setting): \(message)" }
}
