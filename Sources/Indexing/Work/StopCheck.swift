/// How long loops ask whether they should stop: one value for all the work of one thread, passed from loop to loop.
///
/// Indexing and Match know neither signals nor SQL; whoever calls them says how to ask, and which error to throw. A loop counts
/// its steps, and asks once in `stepsBetweenChecks` of them. A step is the work of a source, a pair, an edge or an entry of a
/// table: some nanoseconds. So asking costs nothing that can be measured, and an answer is a few milliseconds away.
///
/// ```swift
/// for pair in pairs {
///   try stop.after(steps: 1)
///   …
/// }
/// ```
///
/// A copy counts by itself. Pass it `inout`, or many short loops never ask.
public struct StopCheck {
  /// Steps between two questions.
  public static let stepsBetweenChecks = 1 << 18

  private let check: () throws -> Void
  @usableFromInline
  var stepsLeft = StopCheck.stepsBetweenChecks

  /// - Parameter check: Throws if the work should stop. Called on the thread that works.
  public init(_ check: @escaping () throws -> Void) { self.check = check }

  /// For work that nothing stops, such as that of tests.
  public static var never: StopCheck { StopCheck {} }

  /// Asks if enough steps have been done since the last time.
  /// - Parameter steps: Those just done, or just about to be done; 0 or more.
  /// - Throws: What the check throws.
  @inlinable
  @inline(__always)
  public mutating func after(steps: Int) throws {
    stepsLeft -= steps
    if stepsLeft <= 0 { try now() }
  }

  /// Asks at once.
  /// - Throws: What the check throws.
  public mutating func now() throws {
    stepsLeft = Self.stepsBetweenChecks
    try check()
  }
}
