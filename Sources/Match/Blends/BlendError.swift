/// A number that no blend or colour law can be made of.
public struct BlendError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Who refuses, what was given, what is allowed.
  public let description: String

  init(_ quantity: String, given: String, allowed: String) {
    description = "blends: \(quantity) is \(given); allowed: \(allowed)"
  }

  /// Refuses a number outside a range, and NaN.
  static func check(_ quantity: String, _ value: Double, in range: ClosedRange<Double>) throws(BlendError) {
    guard range.contains(value) else {
      throw BlendError(quantity, given: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}
