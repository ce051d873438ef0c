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
  ///     area = ⟨ min(π χ²_lim √det(C_i + C_j), π d²) ⟩, d the largest separation
  ///
  /// Nothing where no shard of either can be read.
  init(sampling plan: MatchPlan) {
    // Impossible sources are the business of whoever needs those very ones, too.
    func sample(isA: Bool) -> [PositionCovariance] {
      let reader = CatalogueReader(database: plan.database, info: isA ? plan.a : plan.b)
      let placed = try? PlacedSources(reader.sample(blocks: Self.blocks), plan: plan, isA: isA)
      return placed?.covariances ?? []
    }
    degrees2 = Self.mean(sample(isA: true), sample(isA: false), plan.configuration)
  }

  private init(degrees2: Double) { self.degrees2 = degrees2 }

  private static func mean(
    _ a: [PositionCovariance], _ b: [PositionCovariance], _ configuration: MatchConfiguration
  ) -> Double {
    if a.isEmpty || b.isEmpty { return 0 }
    let limit = GaussianAUF.chiSquaredLimit(fraction: configuration.candidateFraction)
    let largest = configuration.largestSeparationArcsec * configuration.largestSeparationArcsec
    var sum = 0.0
    for pair in 0..<pairs {
      // Two strides without a common rhythm: any source meets any other.
      let both = a[pair * 7919 % a.count] + b[pair * 104_729 % b.count]
      sum += min(limit * both.determinant.squareRoot(), largest)
    }
    return .pi * sum / Double(pairs) / (3600 * 3600)
  }
}
