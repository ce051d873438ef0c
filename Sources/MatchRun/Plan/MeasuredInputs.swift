internal import CatalogStore
internal import Indexing
internal import Match

/// How sources are placed and compared, as a sample of the sky shows it: how far the search reaches, how the frames lie, how often an object
/// is listed twice, and which neighbours are hidden.
struct MeasuredInputs {
  /// With all that was measured.
  private(set) var inputs: MatchInputs
  /// How the frame of b lies against that of a, where it was measured.
  private(set) var frame: FrameMeasurement?
  /// How often either catalogue lists an object twice.
  private(set) var duplicates = (a: CatalogueDuplicates.none, b: CatalogueDuplicates.none)
  /// In how large an area strangers are candidates.
  let pairArea: PairArea

  /// Nothing is measured: for likelihoods and methods with a search of their own.
  init(asGiven inputs: MatchInputs) {
    self.inputs = inputs
    pairArea = PairArea(sampling: inputs)
  }

  /// - Throws: `StoreError` when a shard cannot be read, or a PSF cannot be used; what `stop` throws.
  init(
    _ given: MatchInputs, _ regions: PriorRegions, _ epoch: EpochPlan, _ configuration: MatchConfiguration,
    coverage: (a: CoverageMap, b: CoverageMap), stop: inout StopCheck
  ) throws {
    let (a, b) = (given.a.info, given.b.info)
    var bands = try CatalogueBands(
      a, psfOfA: configuration.psfOfA, b, psfOfB: configuration.psfOfB)
    let motions =
      configuration.unknownMotions == .modelled
      ? try UnknownMotions(
        a, b, restYears: epoch.restYears, longestDrift: epoch.longestDrift,
        errorsArcsec: (Self.bestErrorArcsec(given, isA: true), Self.bestErrorArcsec(given, isA: false))) : nil
    func search(_ bands: CatalogueBands) throws -> MatchInputs {
      try WideSearch(given, regions, pullsArcsec: bands.farthestPullArcsec, driftsArcsec: motions?.farthestArcsec ?? 0)
        .inputs
    }
    inputs = try search(bands)
    let sample = try PlanSample(
      inputs, within: MatchPlan.reach(inputs, epoch), coverage.a, coverage.b, stop: &stop)
    duplicates.a = try CatalogueDuplicates(sample.neighbourhood.a, in: sample.core, stop: &stop)
    duplicates.b = try CatalogueDuplicates(sample.neighbourhood.b, in: sample.core, stop: &stop)
    if configuration.frame == .measured, let search = (inputs.likelihood as? WideLikelihood)?.reach {
      frame = FrameMeasurement(sample, search)
    }
    if !bands.isEmpty {
      let assumed = bands
      bands = try bands.resolved(
        CatalogueResolution(inputs, isA: true, coverage.a, stop: &stop).fit,
        CatalogueResolution(inputs, isA: false, coverage.b, stop: &stop).fit)
      if bands.farthestPullArcsec != assumed.farthestPullArcsec {
        inputs = try search(bands)
      }
    }
    inputs.frame = frame?.fit.rotation.reversed ?? .none
    pairArea = PairArea(sampling: inputs)
    // Models are made where sources are placed from here on: not for samples of the whole sky.
    inputs.motions = motions
    (inputs.a.crowding, inputs.b.crowding) = try bands.crowding(
      a, coverage.a, b, coverage.b, skies: try configuration.skies(in: given.database.registry()))
    if configuration.photometry { inputs.seen = try Self.seen(inputs, sample, coverage, stop: &stop) }
  }

  /// How sources inside the PSF of the blurred catalogue are weighed; nil where no PSF is known, or too few sources tell their magnitudes.
  private static func seen(
    _ inputs: MatchInputs, _ sample: PlanSample, _ coverage: (a: CoverageMap, b: CoverageMap), stop: inout StopCheck
  ) throws -> SeenNeighbours? {
    guard let setting = SeenNeighbours.Setting(inputs) else { return nil }
    let (blurred, sharp) = setting.blurredIsA ? (inputs.a, inputs.b) : (inputs.b, inputs.a)
    guard let limit = blurred.crowding?.completeMagnitude,
      let law = try BandLawSample(sample, setting, limit: limit, stop: &stop).law(stop: &stop)
    else { return nil }
    return SeenNeighbours(
      setting, law: law, blurred.info,
      sharpLimit: CatalogueCrowding.completeness(
        of: sharp.info, band: setting.sharpBand, setting.blurredIsA ? coverage.b : coverage.a))
  }

  private static let sampled = 64

  /// The error of the best tenth of some sources at fixed places of a catalogue, arcsec.
  private static func bestErrorArcsec(_ inputs: MatchInputs, isA: Bool) throws -> Double {
    let states = try NeighbourhoodReader(inputs).places(isA: isA, count: sampled)
    let errors = states.map(\.covariance.largestSigma).sorted()
    return errors.isEmpty ? 0 : errors[errors.count / 10]
  }
}
