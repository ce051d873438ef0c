internal import Glibc

/// The Gaussian likelihood with a search that reaches beyond the counterparts, so that chance pairs are among what it finds.
///
/// A pair is a candidate below `SearchReach.limit`, which is far out in the errors that are quoted: what errors really are is
/// measured on these pairs.
public struct WideLikelihood: PairLikelihood {
  private let gaussian = GaussianLikelihood()
  /// How far the search reaches.
  public let reach: SearchReach

  /// Makes it.
  public init(reach: SearchReach) { self.reach = reach }

  public var name: String { "wide gaussian \(reach.level) \(reach.tailArcsec)" }

  /// The squares of two reaches add up to at least 2 T₀ λ and r² λ/√|C|, with λ the larger axis of C = C_a + C_b: λ/√|C| of the sum
  /// is at most that of one of the two, and at least 1 for the other.
  @inline(__always)
  public func reachArcsec(of source: SourceState, level: Double) -> Double {
    let covariance = source.covariance
    let root = covariance.determinant.squareRoot()
    let ratio = covariance.isCircular || !(root > 0) ? 1 : covariance.largestSigma * covariance.largestSigma / root
    return max(gaussian.reachArcsec(of: source, level: level), reach.tailArcsec * (ratio - 0.5).squareRoot())
  }

  public func evidence(_ a: SourceState, _ b: SourceState, separationArcsec: Double) -> PairEvidence {
    gaussian.evidence(a, b, separationArcsec: separationArcsec)
  }

  @inline(__always)
  public func candidate(
    _ a: SourceState, _ b: SourceState, separationArcsec: Double, below level: Double
  ) -> PairEvidence? {
    let covariance = PairGeometry.covariance(a, b)
    let chiSquared = GaussianAUF.chiSquared(dxArcsec: separationArcsec, dyArcsec: 0, covariance: covariance)
    let limit = reach.limit(spreadArcsec2: covariance.determinant.squareRoot())
    guard chiSquared / 2 < limit else { return nil }
    return PairEvidence(
      level: chiSquared / 2, logDensity: GaussianAUF.logDensity(chiSquared: chiSquared, covariance: covariance))
  }

  public func candidateAreaArcsec2(_ a: SourceState, _ b: SourceState, level: Double) -> Double {
    let spread = (a.covariance + b.covariance).determinant.squareRoot()
    return 2 * .pi * spread * reach.limit(spreadArcsec2: spread)
  }

  public func spreadArcsec2(of source: SourceState) -> Double { gaussian.spreadArcsec2(of: source) }

  public func areaFactor(level: Double) -> Double { level }
}
