import Glibc

/// The likelihood of pairs whose position errors are Gaussian with any covariances: closed forms, `GaussianAUF`.
///
/// The level is χ²/2 of the offset under the sum of both covariances, and the area in which strangers are candidates
/// is 2π √det(C_a + C_b) t.
///
/// - Source: docs/method.md §2.
public struct GaussianLikelihood: PairLikelihood {
  /// Makes it.
  public init() {}

  public var name: String { "gaussian" }

  @inline(__always)
  public func reachArcsec(of source: SourceState, level: Double) -> Double {
    GaussianAUF.reachArcsec(of: source.covariance, chiSquaredLimit: 2 * level)
  }

  public func evidence(_ a: SourceState, _ b: SourceState, separationArcsec: Double) -> PairEvidence {
    let covariance = PairGeometry.covariance(a, b)
    let chiSquared = GaussianAUF.chiSquared(dxArcsec: separationArcsec, dyArcsec: 0, covariance: covariance)
    return PairEvidence(
      level: chiSquared / 2, logDensity: GaussianAUF.logDensity(chiSquared: chiSquared, covariance: covariance))
  }

  @inline(__always)
  public func candidate(
    _ a: SourceState, _ b: SourceState, separationArcsec: Double, below level: Double
  ) -> PairEvidence? {
    let covariance = PairGeometry.covariance(a, b)
    let chiSquared = GaussianAUF.chiSquared(dxArcsec: separationArcsec, dyArcsec: 0, covariance: covariance)
    guard chiSquared / 2 < level else { return nil }
    return PairEvidence(
      level: chiSquared / 2, logDensity: GaussianAUF.logDensity(chiSquared: chiSquared, covariance: covariance))
  }

  public func candidateAreaArcsec2(_ a: SourceState, _ b: SourceState, level: Double) -> Double {
    .pi * (2 * level) * (a.covariance + b.covariance).determinant.squareRoot()
  }

  /// √det of its covariance: its variance, if the error is circular. Sums are exact for circular errors.
  public func spreadArcsec2(of source: SourceState) -> Double { source.covariance.determinant.squareRoot() }

  public func areaFactor(level: Double) -> Double { level }
}
