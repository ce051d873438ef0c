public import CatalogStore
public import Indexing
internal import Match

/// What a correction of errors will do: a catalogue, a better one, a configuration, and the sightlines.
public struct CorrectionPlan: Sendable {
  /// The catalogue whose errors are learned.
  public var catalogue: CatalogueInfo { inputs.b.info }
  /// The better one.
  public var reference: CatalogueInfo { inputs.a.info }
  /// The configuration.
  public let configuration: CorrectionConfiguration
  /// Where positions are moved.
  public let epoch: EpochPlan
  let sightlines: [Sightline]
  /// The better catalogue is a, and the other one b: its frame is turned into that of a.
  let inputs: MatchInputs
  let coverageA: CoverageMap
  let coverageB: CoverageMap
  /// The ranges of the column on which m and n may depend; nil: on none.
  let covariate: CovariateRanges?
  /// The corrections of the reference are learned from the catalogue itself, and not used.
  private let isCircular: Bool
  private let frame: FrameMeasurement?

  /// - Throws: `StoreError.usage` for unknown catalogues, equal catalogues, contradictory epochs, no common sky or too many sightlines.
  public init(
    database: SkyDatabase, catalogue name: String, against referenceName: String,
    configuration: CorrectionConfiguration = CorrectionConfiguration(), cancellation: Cancellation = Cancellation()
  ) throws {
    try configuration.validate()
    guard name != referenceName else {
      throw StoreError(
        .usage, "--against", "is '\(name)', the catalogue itself; errors are learned from another, better catalogue")
    }
    let registry = try database.registry()
    let (b, a) = (try registry.catalogue(name), try registry.catalogue(referenceName))
    (coverageA, coverageB) = (try registry.coverage(of: a), try registry.coverage(of: b))
    try CatalogueLimits.check(a, coverageA)
    try CatalogueLimits.check(b, coverageB)
    var configuration = configuration
    configuration.psf = configuration.psf.resolved(for: b)
    self.configuration = configuration
    epoch = try EpochPlan(a, b, configuration.epoch)
    sightlines = Sightline.all(coverageA, coverageB, order: configuration.order)
    try Self.check(sightlines, name, referenceName)
    let most = Self.ranges(sightlines)
    covariate = try configuration.covariate.map {
      try CovariateChoice(info: b, database: database).ranges($0, borders: configuration.borders, most: most)
    }
    var own = configuration.reference == .stored ? try CatalogueCorrections(of: referenceName, in: registry) : nil
    isCircular = own?.run.catalogueB == name
    if isCircular { own = nil }
    let none = MagnitudeClasses(histograms: [], minimum: 0)
    var match = MatchConfiguration()
    match.unknownMotions = configuration.unknownMotions
    (match.countsOfB, match.extinction) = (configuration.counts, configuration.extinction)
    (match.frame, match.psfOfA, match.psfOfB) = (configuration.frame, .none, configuration.psf)
    let given = MatchInputs(
      database: database,
      a: MatchInputs.Side(
        info: a, classes: none, meanDensityPerDegree2: coverageA.meanDensityPerDegree2, corrections: own,
        givenErrors: Self.given(configuration.reference)),
      b: MatchInputs.Side(info: b, classes: none, meanDensityPerDegree2: coverageB.meanDensityPerDegree2),
      targetYears: epoch.targetYears, likelihood: GaussianLikelihood(), limits: match.candidateLimits)
    var stop = cancellation.stopCheck("correct", isResumable: true)
    let measured = try MeasuredInputs(
      given, PriorRegions(coverageA, coverageB), epoch, match, coverage: (coverageA, coverageB), stop: &stop)
    (inputs, frame) = (measured.inputs, measured.frame)
  }

  private static func given(_ reference: CorrectionConfiguration.ReferenceErrors) -> ErrorCorrection? {
    guard case .corrected(let factor, let floor) = reference else { return nil }
    return ErrorCorrection(checked: .quadratic, factor: factor, floorArcsec: floor)
  }

  /// As many ranges of a covariate as half of the sightlines have pairs for.
  private static func ranges(_ sightlines: [Sightline]) -> Int {
    let pairs = sightlines.map(\.expectedPairs).sorted()
    return Int(pairs[pairs.count / 2] / pairsPerRange)
  }

  private static let pairsPerRange = 500.0

  private static func check(_ sightlines: [Sightline], _ name: String, _ reference: String) throws {
    guard !sightlines.isEmpty else {
      throw StoreError(
        .usage, name, "has no sky in common with \(reference); choose a reference that covers some of the same sky")
    }
    guard sightlines.count <= CorrectionMap.mostSites else {
      throw StoreError(
        .usage, "--order",
        "gives too many sightlines; allowed: up to \(CorrectionMap.mostSites); take a smaller one, or leave it out"
      )
    }
  }

  /// What a user should know: epochs and motions, frames, hidden neighbours.
  public var notes: [String] {
    let own = inputs.a.corrections?.note(reference.name).replacing(
      "--no-corrections takes", with: "--reference-errors quoted takes")
    let circle =
      isCircular
      ? "the corrections of \(reference.name) were learned from \(catalogue.name) itself and are not used" : nil
    let frameNote = frame?.note(reference.name, catalogue.name)
    return [own, circle].compactMap(\.self) + epoch.notes
      + (inputs.motions?.notes(reference, catalogue) ?? epoch.motionNotes) + [frameNote].compactMap(\.self)
      + [inputs.b.crowdingNote(counts: configuration.counts)].compactMap(\.self)
  }

  /// The pixels of its sightlines, along the curve.
  public var pixels: [HealpixPixel] { sightlines.map(\.pixel) }

  /// What they take, seconds of one thread.
  public var seconds: Double { sightlines.reduce(0) { $0 + $1.seconds } }

  /// What a run can be taken up by: the contents of the catalogues and the configuration.
  public var fingerprint: Fingerprint {
    Fingerprint(
      of: [
        "xmdb correct 2", catalogue.inputsFingerprint, reference.inputsFingerprint, configuration.yaml,
        inputs.motions?.text ?? "",
        inputs.a.corrections.map { "\($0.digest)" } ?? "",
        "\(inputs.frame.vectorArcsec) \(inputs.b.crowding?.text ?? "none")", Program.version,
      ].joined(separator: "\n"))
  }
}
