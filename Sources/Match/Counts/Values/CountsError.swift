/// Why counts cannot be made from what was given: who, what was given, what is allowed, in one line.
public struct CountsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The whole line.
  public let description: String

  /// Says it.
  public init(_ description: String) { self.description = description }

  /// The value itself, if it lies in the range that is allowed (NaN does not).
  static func checked(
    _ value: Double, _ name: String, unit: String, in allowed: ClosedRange<Double>
  ) throws -> Double {
    guard allowed.contains(value) else {
      throw CountsError("\(name) is \(value) \(unit); allowed: \(allowed.lowerBound) to \(allowed.upperBound) \(unit)")
    }
    return value
  }
}
