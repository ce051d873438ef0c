internal import Indexing
internal import Match

/// The candidate pairs of a unit: those inside the F_max ellipse, as columns, sorted by source of a, then of b.
struct CandidateEdges {
  private(set) var a: [Int32] = []
  private(set) var b: [Int32] = []
  private(set) var separationArcsec: [Double] = []
  private(set) var chiSquared: [Double] = []
  /// ln G, G in deg⁻².
  private(set) var logDensity: [Double] = []

  var count: Int { a.count }

  /// Finds them.
  /// - Complexity: O(sources + neighbours within reach).
  init(_ sourcesA: PlacedSources, _ sourcesB: PlacedSources, _ configuration: MatchConfiguration) {
    let neighbours = PairSearch.pairs(
      a: PositionSet(raDegrees: sourcesA.raDegrees, decDegrees: sourcesA.decDegrees, reachArcsec: sourcesA.reachArcsec),
      b: PositionSet(raDegrees: sourcesB.raDegrees, decDegrees: sourcesB.decDegrees, reachArcsec: sourcesB.reachArcsec))
    let limit = GaussianAUF.chiSquaredLimit(fraction: configuration.candidateFraction)
    for pair in 0..<neighbours.count {
      let (i, j) = (Int(neighbours.a[pair]), Int(neighbours.b[pair]))
      let separation = neighbours.separationArcsec[pair]
      let covariance = Self.covariance(sourcesA, i, sourcesB, j)
      let chiSquared = GaussianAUF.chiSquared(dxArcsec: separation, dyArcsec: 0, covariance: covariance)
      guard chiSquared < limit, separation <= configuration.largestSeparationArcsec else { continue }
      a.append(neighbours.a[pair])
      b.append(neighbours.b[pair])
      separationArcsec.append(separation)
      self.chiSquared.append(chiSquared)
      logDensity.append(GaussianAUF.logDensity(chiSquared: chiSquared, covariance: covariance))
    }
  }

  /// The covariance of the offset between two sources in the frame of their great circle.
  static func covariance(_ a: PlacedSources, _ i: Int, _ b: PlacedSources, _ j: Int) -> PositionCovariance {
    PairGeometry.covariance(
      a.covariances[i], ra1: a.raDegrees[i], dec1: a.decDegrees[i], b.covariances[j], ra2: b.raDegrees[j],
      dec2: b.decDegrees[j])
  }
}
