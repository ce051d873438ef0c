internal import Glibc

/// Whether a position is one.
enum PositionCheck {
  static func verdict(ra: Double, dec: Double) -> ProblemReason {
    if ra.isNaN { return .raMissing }
    if dec.isNaN { return .decMissing }
    if ra.isInfinite || dec.isInfinite { return .positionNotFinite }
    if !RoleRange.ra.contains(ra) { return .raOutOfRange }
    return RoleRange.dec.contains(dec) ? .ok : .decOutOfRange
  }

  /// The same direction in [0, 360). Values in that range stay as they are, bit for bit.
  static func normalised(_ ra: Double) -> Double { PositionCircle.normalised(ra) }
}

/// The covariance of a position error in arcsec², x east and y north, or why there is none.
enum ErrorCovariance {
  typealias Outcome = Result<(xx: Double, yy: Double, xy: Double), ProblemReason>

  /// Why a σ is not one.
  private static func flaw(_ sigma: Double) -> ProblemReason? {
    if RoleRange.positionError.contains(sigma) { return nil }
    if sigma.isNaN { return .errorMissing }
    if !(sigma > 0) { return .errorNotPositive }
    return sigma < .infinity ? .errorOutOfRange : .errorNotFinite
  }

  /// Whether the axes of an ellipse differ by no more than they may: the largest eigenvalue λ and the determinant λ λ'
  /// tell the squared ratio λ / λ'.
  private static func isRound(_ xx: Double, _ yy: Double, _ xy: Double) -> Bool {
    let half = (xx - yy) / 2
    let largest = (xx + yy) / 2 + (half * half + xy * xy).squareRoot()
    let ratio = RoleRange.axisRatio.bounds.upperBound
    return largest * largest <= ratio * ratio * (xx * yy - xy * xy)
  }

  static func circular(_ sigma: Double) -> Outcome {
    if let flaw = flaw(sigma) { return .failure(flaw) }
    let variance = sigma * sigma
    return .success((variance, variance, 0))
  }

  /// Errors along the axes with a third number: correlation, co-sigma s (the covariance is s |s|) or covariance.
  ///
  /// Source of the co-sigma: AllWISE Explanatory Supplement II.1.a, V_αδ = σ_αδ |σ_αδ|.
  static func axes(
    _ sigmaX: Double, _ sigmaY: Double, _ third: Double, _ kind: RoleAssignment.Correlation
  ) -> Outcome {
    if let flaw = flaw(sigmaX) ?? flaw(sigmaY) { return .failure(flaw) }
    let (xx, yy) = (sigmaX * sigmaX, sigmaY * sigmaY)
    let xy =
      switch kind {
      case .none: 0.0
      case .coefficient: third * sigmaX * sigmaY
      case .coSigma: third * abs(third)
      case .covariance: third
      }
    guard abs(xy) < sigmaX * sigmaY else { return .failure(.correlationOutOfRange) }
    guard isRound(xx, yy, xy) else { return .failure(.errorTooElongated) }
    return .success((xx, yy, xy))
  }

  /// An ellipse whose major axis has position angle θ from north through east:
  ///
  ///     xx = a² sin²θ + b² cos²θ,  yy = a² cos²θ + b² sin²θ,  xy = (a² − b²) sin θ cos θ
  ///
  /// The angle does not matter for a circle and may then be missing.
  static func ellipse(_ major: Double, _ minor: Double, positionAngleDegrees: Double) -> Outcome {
    if let flaw = flaw(major) ?? flaw(minor) { return .failure(flaw) }
    let (aa, bb) = (major * major, minor * minor)
    if aa == bb { return .success((aa, bb, 0)) }
    guard isRound(aa, bb, 0) else { return .failure(.errorTooElongated) }
    if positionAngleDegrees.isNaN { return .failure(.errorMissing) }
    guard RoleRange.errorAngle.contains(positionAngleDegrees) else { return .failure(.angleOutOfRange) }
    let angle = positionAngleDegrees * .pi / 180
    let (s, c) = (sin(angle), cos(angle))
    return .success((aa * s * s + bb * c * c, aa * c * c + bb * s * s, (aa - bb) * s * c))
  }
}
extension ProblemReason: Error {}
