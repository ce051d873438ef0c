internal import CatalogStore
internal import Match

/// The area around a source in which a stranger would be a candidate, on the average over pairs of both catalogues.
struct PairArea {
  /// Square degrees.
  let degrees2: Double

  /// Nothing is known.
  static let none = PairArea(degrees2: 0)

  /// Blocks of some thousand sources that are looked at.
  private static let blocks = 8
  private static let pairs = 4096

  /// Takes a sample of both catalogues: the registry knows their largest errors only.
  ///
  ///     area = ⟨ min(A(a, b), π d²) ⟩, A the area in which strangers are candidates, d the largest separation
  ///
  /// Nothing where no shard of either can be read.
  init(sampling inputs: MatchInputs) {
    // Impossible sources are the business of whoever needs those very ones, too.
    let reader = NeighbourhoodReader(inputs)
    let (a, b) = (
      try? reader.sample(isA: true, blocks: Self.blocks), try? reader.sample(isA: false, blocks: Self.blocks)
    )
    guard let a, let b, a.count > 0, b.count > 0 else {
      self = .none
      return
    }
    degrees2 = Self.mean(a.states, b.states, inputs.likelihood, inputs.limits)
  }

  private init(degrees2: Double) { self.degrees2 = degrees2 }

  private static func mean(
    _ a: SourceStates, _ b: SourceStates, _ likelihood: some PairLikelihood, _ limits: CandidateLimits
  ) -> Double {
    let largest = .pi * limits.largestSeparationArcsec * limits.largestSeparationArcsec
    var sum = 0.0
    for pair in 0..<pairs {
      // Two strides without a common rhythm: any source meets any other.
      let (one, other) = (a[pair * 7919 % a.count], b[pair * 104_729 % b.count])
      sum += min(likelihood.candidateAreaArcsec2(one, other, level: limits.level), largest)
    }
    return sum / Double(pairs) / (3600 * 3600)
  }
}
