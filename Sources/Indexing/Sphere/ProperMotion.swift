import Glibc

/// A known proper motion. An unknown one is not zero: keep it as nil (or NaN in a column) and decide before it gets here.
public struct ProperMotion: Sendable, Hashable {
  /// μ_α* = μ_α cos δ, eastward, mas/yr.
  public let raMasPerYear: Double
  /// μ_δ, northward, mas/yr.
  public let decMasPerYear: Double

  /// A motion.
  /// - Precondition: Both components are finite.
  public init(raMasPerYear: Double, decMasPerYear: Double) {
    precondition(
      raMasPerYear.isFinite && decMasPerYear.isFinite,
      "a proper motion of \(raMasPerYear), \(decMasPerYear) mas/yr is unknown, and unknown is not a motion")
    self.raMasPerYear = raMasPerYear
    self.decMasPerYear = decMasPerYear
  }

  /// A motion, or nil if either component is unknown (not finite).
  public static func ifKnown(raMasPerYear: Double, decMasPerYear: Double) -> ProperMotion? {
    guard raMasPerYear.isFinite, decMasPerYear.isFinite else { return nil }
    return ProperMotion(raMasPerYear: raMasPerYear, decMasPerYear: decMasPerYear)
  }
}

/// A position after so many Julian years of linear motion along its great circle.
///
///     p = (cos δ cos λ, cos δ sin λ, sin δ),  e = (−sin λ, cos λ, 0),  n = (−sin δ cos λ, −sin δ sin λ, cos δ)
///     q = p + (μ_α* e + μ_δ n) Δt,   λ′ = atan2(q_y, q_x),   δ′ = atan2(q_z, √(q_x² + q_y²))
///
/// The motion at the starting epoch is a straight line in space, without parallax, radial velocity or light time. Right
/// at the poles and across them.
///
/// - Parameters:
///   - raDegrees: Right ascension, finite.
///   - decDegrees: Declination, |dec| ≤ 90.
///   - motion: The proper motion at the starting epoch.
///   - byYears: Julian years from the starting epoch, of either sign.
/// - Returns: The position, right ascension in [0, 360). With no motion or no time the same numbers to the bit.
/// - Source: docs/method.md §1 (1).
public func moved(
  raDegrees: Double, decDegrees: Double, motion: ProperMotion, byYears: Double
) -> (raDegrees: Double, decDegrees: Double) {
  let radiansPerMas = 1 / (1000 * arcsecondsPerRadian)
  let east = motion.raMasPerYear * byYears * radiansPerMas
  let north = motion.decMasPerYear * byYears * radiansPerMas
  if east == 0 && north == 0 { return (wrappedDegrees(raDegrees), decDegrees) }
  let ra = raDegrees * radiansPerDegree
  let (sinRA, cosRA) = (sin(ra), cos(ra))
  let (sinDec, cosDec) = (sin(decDegrees * radiansPerDegree), cosine(ofDeclination: decDegrees))
  // In the meridian plane of the start: outward, eastward, upward. Turned by λ only at the end.
  let outward = cosDec - north * sinDec
  let upward = sinDec + north * cosDec
  let x = outward * cosRA - east * sinRA
  let y = outward * sinRA + east * cosRA
  return (
    wrappedDegrees(atan2(y, x) * degreesPerRadian),
    declinationDegrees(z: upward, inPlane: (outward * outward + east * east).squareRoot())
  )
}
