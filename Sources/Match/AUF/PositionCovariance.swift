import Glibc

/// The position error of one source, or of the difference of two, as a full 2×2 covariance in the
/// local tangent plane: x points east (Δα cos δ), y points north. All entries in arcsec².
///
/// Errors of independent positions add: the difference of sources i and j has the covariance `i + j`.
public struct PositionCovariance: Sendable, Hashable {
  /// The variance along east, arcsec².
  public var xx: Double
  /// The variance along north, arcsec².
  public var yy: Double
  /// The covariance of east and north, arcsec².
  public var xy: Double

  /// The covariance with these entries, arcsec². Any values are accepted; see `isValid`.
  public init(xx: Double, yy: Double, xy: Double) {
    self.xx = xx
    self.yy = yy
    self.xy = xy
  }

  /// A circular error: the same 1-σ error in every direction, arcsec.
  public init(circularSigmaArcsec sigma: Double) {
    self.init(xx: sigma * sigma, yy: sigma * sigma, xy: 0)
  }

  /// The 1-σ errors along RA (including cos δ) and Dec in arcsec, and their correlation coefficient in (−1, 1).
  public init(sigmaRA: Double, sigmaDec: Double, correlation: Double) {
    self.init(xx: sigmaRA * sigmaRA, yy: sigmaDec * sigmaDec, xy: correlation * sigmaRA * sigmaDec)
  }

  /// The semi-axes of the 1-σ ellipse in arcsec, and the position angle of `major`, degrees from north through east.
  ///
  /// Exchanging the axes is the same as turning by 90°, so `major` need not be the larger.
  public init(major: Double, minor: Double, positionAngleDegrees: Double) {
    let (sine, cosine) = sineAndCosine(degrees: positionAngleDegrees)
    let (majorVariance, minorVariance) = (major * major, minor * minor)
    self.init(
      xx: majorVariance * sine * sine + minorVariance * cosine * cosine,
      yy: majorVariance * cosine * cosine + minorVariance * sine * sine,
      xy: (majorVariance - minorVariance) * sine * cosine)
  }

  /// The covariance of the sum or difference of two independent positions.
  public static func + (a: PositionCovariance, b: PositionCovariance) -> PositionCovariance {
    PositionCovariance(xx: a.xx + b.xx, yy: a.yy + b.yy, xy: a.xy + b.xy)
  }

  /// Whether the error is the same in every direction, exactly.
  @inlinable public var isCircular: Bool { xx == yy && xy == 0 }

  /// Whether this is the covariance of a real measurement: finite and positive definite.
  public var isValid: Bool {
    xx.isFinite && yy.isFinite && xy.isFinite && xx > 0 && yy > 0 && determinant > 0
  }
}

extension PositionCovariance {
  /// xx·yy − xy², arcsec⁴. Correct to a rounding or two also when the terms nearly cancel (Kahan's method).
  public var determinant: Double {
    let square = xy * xy
    let squareError = square.addingProduct(-xy, xy)
    return (-square).addingProduct(xx, yy) + squareError
  }

  /// The eigenvalues, largest first, arcsec²: the variances along the axes of the error ellipse.
  ///
  /// The smaller is det / larger, not a difference, so thin ellipses keep their minor axis.
  public var eigenvalues: (largest: Double, smallest: Double) {
    let largest = 0.5 * (xx + yy) + hypot(0.5 * (xx - yy), xy)
    return (largest, isCircular ? xx : determinant / largest)
  }

  /// The 1-σ error along the major axis of the error ellipse, arcsec.
  public var largestSigma: Double { isCircular ? xx.squareRoot() : eigenvalues.largest.squareRoot() }

  /// The 1-σ error along the minor axis of the error ellipse, arcsec.
  public var smallestSigma: Double { eigenvalues.smallest.squareRoot() }
}

/// Sine and cosine of an angle in degrees, exact at the multiples of 90°.
private func sineAndCosine(degrees: Double) -> (sine: Double, cosine: Double) {
  let turned = fmod(degrees, 360)
  switch turned {
  case 0: return (0, 1)
  case 90, -270: return (1, 0)
  case 180, -180: return (0, -1)
  case 270, -90: return (-1, 0)
  default:
    let radians = turned * (Double.pi / 180)
    return (sin(radians), cos(radians))
  }
}
