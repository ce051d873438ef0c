internal import Glibc

/// A way in which counterparts may be spread about each other: the quoted variance times a factor, and a floor beside it.
///
/// With t = χ²/2 of the quoted errors, such counterparts have the density e(t) = exp(−t/V)/V, where V = factor + floor²/c and c is
/// the square root of the determinant of the pair's covariance.
public struct WidthComponent: Sendable, Equatable {
  /// What the quoted variance is multiplied with.
  public let factor: Double
  /// An error that is not quoted, arcsec.
  public let floorArcsec: Double

  /// Errors as they are quoted.
  static let quoted = WidthComponent(factor: 1, floorArcsec: 0)

  /// All that there are: errors too large or too small by a factor, and floors such as blends and frames leave.
  public static let all =
    [0.25, 0.5, 1, 2, 4, 8, 16].map { WidthComponent(factor: $0, floorArcsec: 0) }
    + [0.1, 0.2, 0.4, 0.8].map { WidthComponent(factor: 1, floorArcsec: $0) }

  /// Those that can be told from chance pairs in a search to a level: none wider than a quarter of it.
  static func within(level: Double) -> [Int] { all.indices.filter { all[$0].factor <= max(1, level / 4) } }

  /// V for a pair whose covariance has the determinant `spreadArcsec2`².
  func width(spreadArcsec2: Double) -> Double { factor + floorArcsec * floorArcsec / spreadArcsec2 }

  /// The mean of e(t) between two values of t.
  static func meanDensity(from low: Double, to high: Double, width: Double) -> Double {
    // e^(−low/V) (1 − e^(−Δ/V)) / Δ: without cancellation for narrow bins.
    exp(-low / width) * -expm1(-(high - low) / width) / (high - low)
  }

  /// The share of such counterparts below a limit.
  static func share(below limit: Double, width: Double) -> Double { -expm1(-limit / width) }
}
