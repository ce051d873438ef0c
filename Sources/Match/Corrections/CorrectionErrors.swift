/// How well m and n are known.
///
/// In the quadratic relation m² and n² are normal, not m and n: near 0 the range of n is wide and reaches 0.
public struct CorrectionErrors: Sendable {
  private let scale: CorrectionScale
  private let point: [Double]
  /// Row by row; nil if the pairs do not tell m from n.
  private let covariance: [Double]?

  init(_ scale: CorrectionScale, _ point: [Double], hessian: [Double]) {
    (self.scale, self.point) = (scale, point)
    covariance = Self.inverse(hessian)
  }

  /// The inverse of the information −H; nil unless it is positive definite.
  private static func inverse(_ hessian: [Double]) -> [Double]? {
    let (a, b, c) = (-hessian[0], -hessian[1], -hessian[3])
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
