internal import Glibc

/// Whether a position is one.
enum PositionCheck {
  /// Right ascensions a turn or so beyond [0, 360) are angles; far outside they are placeholders such as −999.
  private static let plausibleRA = -360.0...720.0

  static func verdict(ra: Double, dec: Double) -> ProblemReason {
    if ra.isNaN { return .raMissing }
    if dec.isNaN { return .decMissing }
    if ra.isInfinite || dec.isInfinite { return .positionNotFinite }
    if !plausibleRA.contains(ra) { return .raOutOfRange }
    return abs(dec) <= 90 ? .ok : .decOutOfRange
  }

  /// The same direction in [0, 360). Values in that range stay as they are, bit for bit.
  static func normalised(_ ra: Double) -> Double {
    if ra >= 0 && ra < 360 { return ra }
    let turned = ra - 360 * (ra / 360).rounded(.down)
    return turned < 360 ? turned : 0
  }
}

/// The covariance of a position error in arcsec², x east and y north, or why there is none.
enum ErrorCovariance {
  typealias Outcome = Result<(xx: Double, yy: Double, xy: Double), ProblemReason>

  /// Why a σ, given with its square, is not one.
  private static func flaw(_ sigma: Double, square: Double) -> ProblemReason? {
    if sigma.isNaN { return .errorMissing }
    if !(sigma > 0) || square == 0 { return .errorNotPositive }
    return square < .infinity ? nil : .errorNotFinite
  }

  static func circular(_ sigma: Double) -> Outcome {
    let variance = sigma * sigma
    if let flaw = flaw(sigma, square: variance) { return .failure(flaw) }
    return .success((variance, variance, 0))
  }

  /// Errors along the axes with a third number: correlation, co-sigma s (the covariance is s |s|) or covariance.
  ///
  /// Source of the co-sigma: AllWISE Explanatory Supplement II.1.a, V_αδ = σ_αδ |σ_αδ|.
  static func axes(
    _ sigmaX: Double, _ sigmaY: Double, _ third: Double, _ kind: RoleAssignment.Correlation
  ) -> Outcome {
    let xx = sigmaX * sigmaX
    let yy = sigmaY * sigmaY
    if let flaw = flaw(sigmaX, square: xx) ?? flaw(sigmaY, square: yy) { return .failure(flaw) }
    let xy =
      switch kind {
      case .none: 0.0
      case .coefficient: third * sigmaX * sigmaY
      case .coSigma: third * abs(third)
      case .covariance: third
      }
    guard abs(xy) < sigmaX * sigmaY else { return .failure(.correlationOutOfRange) }
    return .success((xx, yy, xy))
  }

  /// An ellipse whose major axis has position angle θ from north through east:
  ///
  ///     xx = a² sin²θ + b² cos²θ,  yy = a² cos²θ + b² sin²θ,  xy = (a² − b²) sin θ cos θ
  ///
  /// The angle does not matter for a circle and may then be missing.
  static func ellipse(_ major: Double, _ minor: Double, positionAngleDegrees: Double) -> Outcome {
    let aa = major * major
    let bb = minor * minor
    if let flaw = flaw(major, square: aa) ?? flaw(minor, square: bb) { return .failure(flaw) }
    if aa == bb { return .success((aa, bb, 0)) }
    guard positionAngleDegrees.isFinite else { return .failure(.errorMissing) }
    let angle = positionAngleDegrees * .pi / 180
    let (s, c) = (sin(angle), cos(angle))
    return .success((aa * s * s + bb * c * c, aa * c * c + bb * s * s, (aa - bb) * s * c))
  }
}
extension ProblemReason: Error {}
