/// How position errors grow as a position is carried to another epoch.
///
///     C(t) = C + Δt² C_μ
///
/// for errors of position and motion without known correlation between them. The signed cross terms of a full five- or
/// six-parameter solution are not included.
public enum ErrorGrowth {
  /// The variance of one coordinate after `years`, arcsec².
  ///
  /// - Parameters:
  ///   - positionArcsec2: The variance of the position now, arcsec².
  ///   - motionSigmaMasPerYear: The 1-σ error of the motion in that coordinate, mas/yr; known and ≥ 0.
  ///   - years: Julian years, of either sign.
  @inline(__always)
  public static func variance(positionArcsec2: Double, motionSigmaMasPerYear: Double, years: Double) -> Double {
    let drift = motionSigmaMasPerYear * years / 1000
    return positionArcsec2 + drift * drift
  }

  /// The covariance of the two coordinates after `years`, arcsec².
  ///
  /// - Parameters:
  ///   - positionArcsec2: The covariance of the position now, arcsec².
  ///   - motionMas2PerYear2: The covariance of the two components of motion, (mas/yr)².
  ///   - years: Julian years, of either sign.
  @inline(__always)
  public static func covariance(positionArcsec2: Double, motionMas2PerYear2: Double, years: Double) -> Double {
    positionArcsec2 + motionMas2PerYear2 * 1e-6 * (years * years)
  }
}
