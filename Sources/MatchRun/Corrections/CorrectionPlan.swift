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
    self.configuration = configuration
    epoch = try EpochPlan(a, b, configuration.epoch)
    sightlines = Sightline.all(coverageA, coverageB, order: configuration.order)
    try Self.check(sightlines, name, referenceName)
    let none = MagnitudeClasses(histograms: [], minimum: 0)
    var match = MatchConfiguration()
    // The fit knows of no drifts.
    match.unknownMotions = .ignored
    (match.frame, match.psfOfA, match.psfOfB) = (configuration.frame, .none, configuration.psf)
    let given = MatchInputs(
      database: database,
      a: MatchInputs.Side(info: a, classes: none, meanDensityPerDegree2: coverageA.meanDensityPerDegree2),
      b: MatchInputs.Side(info: b, classes: none, meanDensityPerDegree2: coverageB.meanDensityPerDegree2),
      targetYears: epoch.targetYears, likelihood: GaussianLikelihood(), limits: match.candidateLimits)
    var stop = cancellation.stopCheck("correct", isResumable: true)
    let measured = try MeasuredInputs(
      given, PriorRegions(coverageA, coverageB), epoch, match, coverage: (coverageA, coverageB), stop: &stop)
    (inputs, frame) = (measured.inputs, measured.frame)
  }

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
    let frameNote = frame?.note(reference.name, catalogue.name)
    return epoch.notes + epoch.motionNotes + [frameNote].compactMap(\.self)
      + [inputs.b.crowding?.note(catalogue.name)].compactMap(\.self)
  }

  /// The pixels of its sightlines, along the curve.
  public var pixels: [HealpixPixel] { sightlines.map(\.pixel) }

  /// What they take, seconds of one thread.
  public var seconds: Double { sightlines.reduce(0) { $0 + $1.seconds } }

  /// What a run can be taken up by: the contents of the catalogues and the configuration.
  public var fingerprint: Fingerprint {
    Fingerprint(
      of: [
        "xmdb correct 1", catalogue.inputsFingerprint, reference.inputsFingerprint, configuration.yaml,
        "\(inputs.frame.vectorArcsec) \(inputs.b.crowding?.text ?? "none")", Program.version,
      ].joined(separator: "\n"))
  }
}
