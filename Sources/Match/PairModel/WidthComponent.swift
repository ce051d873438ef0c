internal import Glibc

/// A way in which counterparts may be spread about each other: the quoted variance times a factor, and a floor beside it.
///
/// With t = χ²/2 of the quoted errors, such counterparts have the density e(t) = exp(−t/V)/V, where V = factor + floor²/c and c is
/// the square root of the determinant of the pair's covariance. Unknown motions widen it by their law, with all speeds times a scale, or
/// by speeds of their own.
public struct WidthComponent: Sendable, Equatable {
  /// What the quoted variance is multiplied with.
  public let factor: Double
  /// An error that is not quoted, arcsec.
  public let floorArcsec: Double
  /// What the speeds of unknown motions are multiplied with.
  public let motionScale: Double
  /// The speed per axis of unknown motions beside it, mas/yr.
  public let speedMasPerYear: Double

  init(factor: Double, floorArcsec: Double = 0, motionScale: Double = 1, speedMasPerYear: Double = 0) {
    (self.factor, self.floorArcsec) = (factor, floorArcsec)
    (self.motionScale, self.speedMasPerYear) = (motionScale, speedMasPerYear)
  }

  /// Errors as they are quoted.
  static let quoted = WidthComponent(factor: 1)

  /// All that there are: errors too large or too small by a factor, floors such as blends and frames leave, and motions that are
  /// slower or faster than the model of the Galaxy has them.
  public static let all =
    withoutDrifts + [0.5, 1, 2, 4, 8].map { WidthComponent(factor: $0, motionScale: 0) }
    + [0.5, 2].map { WidthComponent(factor: 1, motionScale: $0) }
    + [5, 10, 20, 40, 80, 160, 320].map { WidthComponent(factor: 1, motionScale: 0, speedMasPerYear: $0) }

  /// Those that there are where no motion is unknown: the first of all.
  static let withoutDrifts =
    [0.25, 0.5, 1, 2, 4, 8, 16].map { WidthComponent(factor: $0) }
    + [0.1, 0.2, 0.4, 0.8].map { WidthComponent(factor: 1, floorArcsec: $0) }

  /// The variance that its own speed adds over some years, arcsec² per axis.
  func speedVarianceArcsec2(squaredYears: Double) -> Double {
    speedMasPerYear * speedMasPerYear * 1e-6 * squaredYears
  }

  /// The inverse of the share of the counterparts that is expected to be spread so; 0: any is. Of the speeds of stars each twice as high is a
  /// quarter as frequent: in a wide search a few chance pairs more look like many fast stars.
  var rarity: Double {
    let ratio = speedMasPerYear / Self.commonSpeedMasPerYear
    return ratio > 1 ? ratio * ratio : 0
  }

  private static let commonSpeedMasPerYear = 10.0

  /// Whether it is another way than the rest only where motions are not known.
  var asksForDrifts: Bool { motionScale != 1 }

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
