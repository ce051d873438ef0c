/// How well m and n are known.
///
/// In the quadratic relation m² and n² are normal, not m and n: near 0 the range of n is wide and reaches 0.
public struct CorrectionErrors: Sendable {
  private let scale: CorrectionScale
  private let point: [Double]
  /// Row by row; nil if the pairs do not tell m from n.
  private let covariance: [Double]?

  /// From the derivatives of ln L at its maximum. Where that is at a bound, and ln L is not curved downwards there, it falls with its gradient g, as that of an
  /// exponential law of the variance 1/g²: g² adds to the information. Pairs that do not tell m from n have a determinant of 0, which is something else.
  init(_ scale: CorrectionScale, _ point: [Double], _ derivatives: Derivatives) {
    (self.scale, self.point) = (scale, point)
    let (a, b, c) = (-derivatives.hessian[0], -derivatives.hessian[1], -derivatives.hessian[3])
    let slopes = (0..<2).map { point[$0] <= scale.lower[$0] ? min(derivatives.gradient[$0], 0) : 0 }
    let isCurved = a * c - b * b > -Self.rounding * abs(a * c) && a > 0 && c > 0
    covariance =
      isCurved ? Self.inverse(a, b, c) : Self.inverse(a + slopes[0] * slopes[0], b, c + slopes[1] * slopes[1])
  }

  private static let rounding = 1e-6

  /// The inverse of the information; nil unless it is positive definite.
  private static func inverse(_ a: Double, _ b: Double, _ c: Double) -> [Double]? {
    let determinant = a * c - b * b
    guard a > 0, c > 0, determinant > 1e-12 * a * c, determinant < .infinity else { return nil }
    return [c / determinant, -b / determinant, -b / determinant, a / determinant]
  }

  /// Whether the pairs tell m from n.
  public var areKnown: Bool { covariance != nil }

  /// m within so many σ; all there can be if it is not known.
  public func factorRange(sigmas: Double) -> ClosedRange<Double> {
    covariance.map { scale.ranges(point, $0, sigmas: sigmas).factor } ?? 0...(.infinity)
  }

  /// n within so many σ, arcsec.
  public func floorRangeArcsec(sigmas: Double) -> ClosedRange<Double> {
    covariance.map { scale.ranges(point, $0, sigmas: sigmas).floorArcsec } ?? 0...(.infinity)
  }

  /// The larger half of the range of 1 σ of m; infinite if it is not known.
  public var factor: Double { Self.half(factorRange(sigmas: 1), scale.correction(point).factor) }

  /// The same of n, arcsec.
  public var floorArcsec: Double { Self.half(floorRangeArcsec(sigmas: 1), scale.correction(point).floorArcsec) }

  private static func half(_ range: ClosedRange<Double>, _ value: Double) -> Double {
    max(range.upperBound - value, value - range.lowerBound)
  }

  /// The correlation of the two numbers that are fitted; 0 if it is not known.
  public var correlation: Double {
    covariance.map { $0[1] / ($0[0] * $0[3]).squareRoot() } ?? 0
  }

  /// m² and n² (arcsec²) of the quadratic relation, m and n of the linear one, with their variances: what is normal. Infinite variances if they are not
  /// known.
  var fitted: (values: SIMD2<Double>, variances: SIMD2<Double>) {
    let units = scale.units
    let values = SIMD2(point[0], point[1]) * units
    guard let covariance else { return (values, SIMD2(repeating: .infinity)) }
    return (values, SIMD2(covariance[0], covariance[3]) * units * units)
  }
}
