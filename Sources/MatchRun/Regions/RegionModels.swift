internal import CatalogStore
internal import Match

/// What is known of counterparts and strangers in every region of a match.
struct RegionModels: Sendable {
  /// One region.
  struct Model: Sendable {
    /// The densities N.
    var priors: PriorDensities
    /// The shares of magnitudes; nil when photometry is not used or could not be measured.
    var photometry: PhotometricDensities?
    /// Where they come from, if not from the region itself.
    var flags: MatchFlags = []
  }

  /// By region.
  let models: [Model]

  /// Densities from counts alone, no photometry.
  init(counting regions: PriorRegions) {
    models = regions.regions.map { Model(priors: $0.priors) }
  }

  init(_ models: [Model]) { self.models = models }

  /// The priors of a pair of sources in two regions. In one region they are its own; across a border N_A is taken where
  /// a is, N_B where b is, and N_c is the geometric mean, so that exchanging the catalogues changes nothing.
  func priors(ofA regionA: Int, ofB regionB: Int) -> PriorDensities {
    let a = models[regionA].priors
    if regionA == regionB { return a }
    let b = models[regionB].priors
    return PriorDensities(
      counterpartsPerDegree2: (a.counterpartsPerDegree2 * b.counterpartsPerDegree2).squareRoot(),
      unmatchedAPerDegree2: a.unmatchedAPerDegree2, unmatchedBPerDegree2: b.unmatchedBPerDegree2)
  }

  /// ln[c / (f_A f_B)] of a pair; across a border the mean of what both regions say.
  func logPhotometricRatio(ofA regionA: Int, class a: Int32, ofB regionB: Int, class b: Int32) -> Double {
    let own = models[regionA].photometry?.logRatio(a: a, b: b) ?? 0
    if regionA == regionB { return own }
    return (own + (models[regionB].photometry?.logRatio(a: a, b: b) ?? 0)) / 2
  }
}
