internal import CatalogStore
internal import Indexing
internal import Match
internal import Survivors

/// What is known of counterparts and strangers in every region of a match.
struct RegionModels: Sendable {
  /// One region.
  struct Model: Sendable {
    /// The densities N.
    var priors: PriorDensities
    /// Those of every band pair; nil if they are the same.
    var bandPriors: BandPriors?
    /// The shares of magnitudes; nil when photometry is not used or could not be measured.
    var photometry: PhotometricDensities?
    /// What pairs are judged by, where the method has a model of them.
    var pairs: PairJudge?
    /// What their sources are marked with.
    var flags: MatchFlags = []
    /// Where they were measured and how well; nil: they come from counts.
    var measured: Measurement?

    /// The densities N of a pair of classes.
    func priors(a: Int32, b: Int32) -> PriorDensities { bandPriors?.priors(a: a, b: b) ?? priors }
  }

  /// Where and how well densities were measured.
  struct Measurement: Sendable {
    /// Whose pairs were counted.
    var sky: MeasuredSky
    /// 1-σ error of N_c, deg⁻².
    var errorPerDegree2: Double
  }

  /// By region; nil where it is not known here.
  private var models: [Model?]
  /// Knows what is missing; nil if nothing is.
  private let source: (any RegionModelSource)?
  /// Those taken from the source.
  private var held = 0
  /// More than so many are not held at a time, so that memory follows the chunk and not the sky.
  private static let mostHeld = 16

  /// Densities from counts alone, no photometry.
  init(counting regions: PriorRegions) { self.init(regions.regions.map { Model(priors: $0.priors) }) }

  /// All regions, known.
  init(_ models: [Model]) {
    self.models = models
    source = nil
  }

  /// The regions of a plan, each measured when it is needed first.
  init(measuring plan: MatchPlan) { self.init(of: plan, from: RegionMeasurer(plan: plan)) }

  /// The regions of a plan, each asked for when it is needed first.
  init(of plan: MatchPlan, from source: some RegionModelSource) {
    models = Array(repeating: nil, count: plan.regions.regions.count)
    self.source = source
  }

  /// Makes sure that regions are known.
  /// - Throws: What `stop` throws, too.
  mutating func require(_ regions: some Sequence<Int32>, stop: inout StopCheck) throws {
    guard let source else { return }
    if held > Self.mostHeld {
      for region in models.indices { models[region] = nil }
      held = 0
    }
    for region in regions where models[Int(region)] == nil {
      models[Int(region)] = try source.model(of: Int(region), stop: &stop)
      held += 1
    }
  }

  /// The model of a region.
  /// - Precondition: It is known.
  subscript(region: Int) -> Model { models[region]! }

  /// The priors of a pair of sources in two regions. In one region they are its own; across a border N_A is taken where
  /// a is, N_B where b is, and N_c is the geometric mean, so that exchanging the catalogues changes nothing.
  func priors(
    ofA regionA: Int, class classA: Int32 = MagnitudeClasses.none, ofB regionB: Int,
    class classB: Int32 = MagnitudeClasses.none
  ) -> PriorDensities {
    let a = self[regionA].priors(a: classA, b: classB)
    if regionA == regionB { return a }
    let b = self[regionB].priors(a: classA, b: classB)
    return PriorDensities(
      counterpartsPerDegree2: (a.counterpartsPerDegree2 * b.counterpartsPerDegree2).squareRoot(),
      unmatchedAPerDegree2: a.unmatchedAPerDegree2, unmatchedBPerDegree2: b.unmatchedBPerDegree2)
  }

  /// What the models of pairs say of a pair; across a border the mean of what both regions say. Nil where the method has no such
  /// models.
  func verdict(
    on pair: PairModel.Pair, pulls: PairModel.Pulls?, blend: SeenBlend? = nil, ofA regionA: Int, ofB regionB: Int
  ) -> PairModel.Verdict? {
    guard let own = judge(of: regionA)?.verdict(on: pair, pulls: pulls, blend: blend) else { return nil }
    if regionA == regionB { return own }
    return judge(of: regionB).map { own.mean(with: $0.verdict(on: pair, pulls: pulls, blend: blend)) } ?? own
  }

  /// What the pairs of a region are judged by, where the method has a model of them.
  func judge(of region: Int) -> PairJudge? {
    models[region]?.pairs
  }

  /// ln[c / (f_A f_B)] of a pair; across a border the mean of what both regions say.
  func logPhotometricRatio(ofA regionA: Int, class a: Int32, ofB regionB: Int, class b: Int32) -> Double {
    let own = self[regionA].photometry?.logRatio(a: a, b: b) ?? 0
    if regionA == regionB { return own }
    return (own + (self[regionB].photometry?.logRatio(a: a, b: b) ?? 0)) / 2
  }
}

/// Knows the densities of regions that somebody asks for.
protocol RegionModelSource: Sendable {
  /// The model of a region.
  func model(of region: Int, stop: inout StopCheck) throws -> RegionModels.Model
}
