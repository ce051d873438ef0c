internal import Indexing
internal import Match

/// Which neighbours are candidates: those inside the F_max ellipse of the pair and the largest separation.
struct CandidateTest {
  /// A candidate.
  struct Found {
    let separationArcsec: Double
    let chiSquared: Double
    /// Of the offset, arcsec².
    let covariance: PositionCovariance
  }

  let positionsA: PositionSet
  let positionsB: PositionSet
  private let a: PlacedSources
  private let b: PlacedSources
  private let chiSquaredLimit: Double
  private let largestSeparationArcsec: Double

  init(_ a: PlacedSources, _ b: PlacedSources, _ configuration: MatchConfiguration) {
    (self.a, self.b) = (a, b)
    positionsA = PositionSet(raDegrees: a.raDegrees, decDegrees: a.decDegrees, reachArcsec: a.reachArcsec)
    positionsB = PositionSet(raDegrees: b.raDegrees, decDegrees: b.decDegrees, reachArcsec: b.reachArcsec)
    chiSquaredLimit = GaussianAUF.chiSquaredLimit(fraction: configuration.candidateFraction)
    largestSeparationArcsec = configuration.largestSeparationArcsec
  }

  /// What is known of a source of a and one of b that are neighbours; nil if they are no candidates.
  @inline(__always)
  func candidate(_ i: Int, _ j: Int, _ separationArcsec: Double) -> Found? {
    let covariance = CandidateEdges.covariance(a, i, b, j)
    let chiSquared = GaussianAUF.chiSquared(dxArcsec: separationArcsec, dyArcsec: 0, covariance: covariance)
    guard chiSquared < chiSquaredLimit, separationArcsec <= largestSeparationArcsec else { return nil }
    return Found(separationArcsec: separationArcsec, chiSquared: chiSquared, covariance: covariance)
  }
}
