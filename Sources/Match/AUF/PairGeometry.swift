import Glibc

/// The covariance of the offset between two sources, in the frame of the great circle that joins them.
public enum PairGeometry {
  /// The summed covariance with x along the great circle from the first source to the second and y across it, arcsec².
  ///
  /// Each source's errors refer to its own east and north. Near a pole these turn from one source to the next, so each
  /// covariance is turned into the frame of the common great circle at its own place before they are added. The offset
  /// in that frame is (separation, 0). Circular errors need no turning.
  /// - Source: docs/method.md §2.
  public static func covariance(_ a: SourceState, _ b: SourceState) -> PositionCovariance {
    if a.covariance.isCircular && b.covariance.isCircular { return a.covariance + b.covariance }
    let forward = direction(a.raDegrees, a.decDegrees, b.raDegrees, b.decDegrees)
    let backward = direction(b.raDegrees, b.decDegrees, a.raDegrees, a.decDegrees)
    return turned(a.covariance, forward) + turned(b.covariance, (x: -backward.x, y: -backward.y))
  }

  /// The covariance of a source that moves along the great circle from one position to another, arcsec²: from east and
  /// north at the first to east and north at the second. Near a pole these turn on the way; the ellipse does not.
  public static func carried(
    _ covariance: PositionCovariance, ra1: Double, dec1: Double, ra2: Double, dec2: Double
  ) -> PositionCovariance {
    if covariance.isCircular { return covariance }
    // The two axes of `turned` are a reflection of east and north, so that turning again turns back.
    return turned(turned(covariance, direction(ra1, dec1, ra2, dec2)), direction(ra2, dec2, ra1, dec1))
  }

  /// The unit vector (east, north) at the first position towards the second; north if they coincide.
  ///
  /// Differences of declination and right ascension enter through sines of the differences, and the cosine of the
  /// declination through the distance from the pole, so that it keeps its digits at small separations and near the poles.
  public static func direction(_ ra1: Double, _ dec1: Double, _ ra2: Double, _ dec2: Double) -> (x: Double, y: Double) {
    let radians = Double.pi / 180
    let (dRA, dDec) = ((ra2 - ra1) * radians, (dec2 - dec1) * radians)
    let (sin1, cos2) = (sin(dec1 * radians), sin((90 - abs(dec2)) * radians))
    let half = sin(dRA / 2)
    let east = sin(dRA) * cos2
    let north = sin(dDec) + 2 * sin1 * cos2 * half * half
    let length = hypot(east, north)
    return length > 0 ? (east / length, north / length) : (0, 1)
  }

  /// The covariance in the frame whose first axis is the unit vector `axis` and whose second lies a quarter turn from it.
  private static func turned(_ c: PositionCovariance, _ axis: (x: Double, y: Double)) -> PositionCovariance {
    let (s, k) = (axis.x, axis.y)
    return PositionCovariance(
      xx: s * s * c.xx + 2 * s * k * c.xy + k * k * c.yy,
      yy: k * k * c.xx - 2 * s * k * c.xy + s * s * c.yy,
      xy: s * k * (c.xx - c.yy) + (k * k - s * s) * c.xy)
  }
}
