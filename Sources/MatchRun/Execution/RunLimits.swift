/// How far a run may go before it stops by itself.
public struct RunLimits: Sendable {
  /// `Program.seconds()` after which no work is handed out any more; what is in flight is finished.
  public var deadline: Double?
  /// `Program.seconds()` at which what is in flight is given up, too, so that the run ends in time; nil: never.
  public var end: Double?
  /// How often a piece of work may fail before the run goes on without it.
  public var attempts = 3

  /// No deadline, three attempts.
  public init() {}
}
