internal import Indexing

/// The sources of one catalogue as a `PairLikelihood` sees them, one array per quantity, with how far each one looks.
public struct SourceStates: Sendable {
  /// Right ascensions, degrees.
  public private(set) var raDegrees: [Double]
  /// Declinations, degrees.
  public private(set) var decDegrees: [Double]
  /// The covariance of each position, arcsec².
  public private(set) var covariances: [PositionCovariance]
  /// How far each source looks for candidates, arcsec; the reaches of two sources add in quadrature. Empty before `look`.
  public private(set) var reachArcsec: [Double] = []

  /// Sources at positions.
  /// - Precondition: Equal counts.
  public init(raDegrees: [Double], decDegrees: [Double], covariances: [PositionCovariance]) {
    precondition(
      raDegrees.count == decDegrees.count && raDegrees.count == covariances.count,
      "SourceStates: \(raDegrees.count) right ascensions, \(decDegrees.count) declinations, \(covariances.count) errors"
    )
    self.raDegrees = raDegrees
    self.decDegrees = decDegrees
    self.covariances = covariances
  }

  /// The number of sources.
  public var count: Int { raDegrees.count }

  /// One source.
  @inline(__always)
  public subscript(source: Int) -> SourceState {
    get {
      SourceState(
        raDegrees: raDegrees[source], decDegrees: decDegrees[source], covariance: covariances[source])
    }
    set {
      (raDegrees[source], decDegrees[source]) = (newValue.raDegrees, newValue.decDegrees)
      covariances[source] = newValue.covariance
    }
  }

  /// Finds out how far each source looks.
  /// - Returns: The sources that would look farther than √½ of the largest separation: a pair of two such sources may be cut short.
  public mutating func look(_ likelihood: any PairLikelihood, _ limits: CandidateLimits) -> [Int] {
    // The loop over sources is compiled for the likelihood of nearly every match.
    reachArcsec =
      if let gaussian = likelihood as? GaussianLikelihood {
        reaches(gaussian, limits.level)
      } else if let wide = likelihood as? WideLikelihood {
        reaches(wide, limits.level)
      } else {
        reaches(likelihood, limits.level)
      }
    let suspicious = limits.largestSeparationArcsec / 2.0.squareRoot()
    let far = reachArcsec.indices.filter { reachArcsec[$0] > suspicious }
    for source in far { reachArcsec[source] = min(reachArcsec[source], limits.largestSeparationArcsec) }
    return far
  }

  private func reaches(_ likelihood: some PairLikelihood, _ level: Double) -> [Double] {
    (0..<count).map { likelihood.reachArcsec(of: self[$0], level: level) }
  }

  /// The positions, for searches for neighbours.
  var positions: PositionSet {
    PositionSet(raDegrees: raDegrees, decDegrees: decDegrees, reachArcsec: reachArcsec)
  }
}
