import Glibc

/// The astrometric uncertainty function of a pair whose position errors are Gaussian, in closed form.
///
/// The offset of two detections of one object is Gaussian with the summed covariance C of both. With
/// χ² = dᵀ C⁻¹ d for an offset d,
///
///     G(d)   = exp(−χ²/2) / (2π √det C)          the density of the offset
///     CDF(d) = 1 − exp(−χ²/2)                    the probability inside the ellipse through d
///
/// A pairing needs nothing else of an AUF than ln G and the CDF of a pair, and a radius for its candidates; AUFs
/// with further terms offer the same three quantities.
///
/// Offsets are in the tangent plane at the pair, x east and y north, arcsec; `covariance` is that of the
/// *pair*, the sum of both sources', and must be valid (`PositionCovariance.isValid`).
///
/// - Source: docs/method.md §2 (3), (4) (no quadrature, no error of it; full ellipses).
public enum GaussianAUF {
  /// χ² = dᵀ C⁻¹ d, dimensionless and never negative.
  ///
  /// By elimination of x, as a sum of two squares: no cancellation between the terms of the quadratic form.
  public static func chiSquared(dxArcsec: Double, dyArcsec: Double, covariance: PositionCovariance) -> Double {
    if covariance.isCircular {
      return (dxArcsec * dxArcsec + dyArcsec * dyArcsec) / covariance.xx
    }
    let slope = covariance.xy / covariance.xx
    let residual = dyArcsec - slope * dxArcsec
    return dxArcsec * dxArcsec / covariance.xx + residual * residual * (covariance.xx / covariance.determinant)
  }

  /// ln G, the natural logarithm of the density of the offset, G in deg⁻².
  ///
  ///     ln G = ln 3600² − ln 2π − ½ ln det C − χ²/2
  ///
  /// Finite for every finite offset, long after G itself has underflowed.
  public static func logDensity(dxArcsec: Double, dyArcsec: Double, covariance: PositionCovariance) -> Double {
    let chiSquared = chiSquared(dxArcsec: dxArcsec, dyArcsec: dyArcsec, covariance: covariance)
    return logDensity(chiSquared: chiSquared, covariance: covariance)
  }

  /// ln G (G in deg⁻²) of a pair whose χ² is known already.
  public static func logDensity(chiSquared: Double, covariance: PositionCovariance) -> Double {
    let logRootDeterminant = covariance.isCircular ? log(covariance.xx) : 0.5 * log(covariance.determinant)
    return logPeakOfUnitError - logRootDeterminant - 0.5 * chiSquared
  }

  /// ln G at no offset of a pair whose covariance has the determinant `spreadArcsec2`².
  static func logPeak(spreadArcsec2: Double) -> Double { logPeakOfUnitError - log(spreadArcsec2) }

  /// √det of the covariance of a pair whose ln G and level are known, arcsec²: the inverse of `logDensity`.
  public static func spreadArcsec2(logDensity: Double, level: Double) -> Double {
    exp(logPeakOfUnitError - level - logDensity)
  }

  /// The probability that the offset of a true pair falls inside the error ellipse through this offset, in [0, 1).
  ///
  /// For circular errors, the probability within the separation. Exact for small offsets too (`expm1`).
  public static func cumulative(dxArcsec: Double, dyArcsec: Double, covariance: PositionCovariance) -> Double {
    cumulative(chiSquared: chiSquared(dxArcsec: dxArcsec, dyArcsec: dyArcsec, covariance: covariance))
  }

  /// The same of a pair whose χ² is known already.
  public static func cumulative(chiSquared: Double) -> Double { -expm1(-0.5 * chiSquared) }

  /// The χ² inside which a true pair falls with probability F: −2 ln(1 − F). A pair is an edge iff χ² < limit.
  ///
  /// - Precondition: 0 ≤ F < 1.
  public static func chiSquaredLimit(fraction: Double) -> Double {
    precondition(fraction >= 0 && fraction < 1, "chiSquaredLimit: fraction is \(fraction); allowed: 0 ≤ F < 1")
    return -2 * log1p(-fraction)
  }

  /// The reach of one source for a χ² limit, arcsec: √limit times its largest 1-σ error.
  ///
  /// Reaches add in quadrature to a safe radius for candidates: the larger eigenvalue of C_i + C_j is at most
  /// the sum of theirs, so every pair with χ² ≤ limit is within √(reach_i² + reach_j²). For circular errors that
  /// radius is the limit itself. Rounded up by a few parts in 10¹⁴ so that rounding never loses a pair.
  public static func reachArcsec(of covariance: PositionCovariance, chiSquaredLimit: Double) -> Double {
    chiSquaredLimit.squareRoot() * covariance.largestSigma * (1 + 0x1p-45)
  }

  /// ln of the peak density in deg⁻² for an error of 1 arcsec: ln(3600² / 2π).
  private static let logPeakOfUnitError = 14.539501182479057
}
