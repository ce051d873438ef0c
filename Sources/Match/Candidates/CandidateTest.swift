internal import Indexing

/// Which neighbours are candidates: those below the level of F_max, up to the largest separation.
struct CandidateTest<Likelihood: PairLikelihood> {
  /// A candidate.
  struct Found {
    let separationArcsec: Double
    let evidence: PairEvidence
  }

  let positionsA: PositionSet
  let positionsB: PositionSet
  private let a: SourceStates
  private let b: SourceStates
  private let likelihood: Likelihood
  private let limits: CandidateLimits

  init(_ a: SourceStates, _ b: SourceStates, _ likelihood: Likelihood, _ limits: CandidateLimits) {
    (self.a, self.b) = (a, b)
    (positionsA, positionsB) = (a.positions, b.positions)
    self.likelihood = likelihood
    self.limits = limits
  }

  /// What is known of a source of a and one of b that are neighbours; nil if they are no candidates.
  @inline(__always)
  func candidate(_ i: Int, _ j: Int, _ separationArcsec: Double) -> Found? {
    guard separationArcsec <= limits.largestSeparationArcsec else { return nil }
    return likelihood.candidate(a[i], b[j], separationArcsec: separationArcsec, below: limits.level).map {
      Found(separationArcsec: separationArcsec, evidence: $0)
    }
  }
}
