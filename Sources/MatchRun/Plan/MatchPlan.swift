public import CatalogStore
internal import Glibc
public import Indexing
internal import Match

/// What a match will do: two catalogues, a configuration, the epoch, the priors, and the chunks.
public struct MatchPlan: Sendable {
  /// The first catalogue.
  public var a: CatalogueInfo { inputs.a.info }
  /// The second catalogue.
  public var b: CatalogueInfo { inputs.b.info }
  /// The configuration.
  public let configuration: MatchConfiguration
  /// Where positions are moved.
  public let epoch: EpochPlan
  /// The chunks along the curve; together they hold every source of both catalogues.
  public private(set) var chunks: [MatchChunk] = []
  /// What chunks cost on this machine.
  public let costs: CostModel
  /// No pair farther apart than this, at the catalogues' own epochs, can be a candidate.
  public let reach: Angle
  /// What a row tells lies no farther than this from the sky in which its island lies.
  let sight: Angle

  /// The catalogues, and how their sources are placed and compared.
  private(set) var inputs: MatchInputs
  let coverageA: CoverageMap
  let coverageB: CoverageMap
  let regions: PriorRegions
  private var pairArea = PairArea.none
  /// How the frame of b lies against that of a, where it was measured.
  private var frame: FrameMeasurement?
  /// How often either catalogue lists an object twice.
  private(set) var duplicates = (a: CatalogueDuplicates.none, b: CatalogueDuplicates.none)

  /// Sources of both catalogues in a chunk: at most this many, unless they lie in one tiny pixel, or the halo of smaller
  /// chunks would take too much of their time.
  static let largestChunk = 150_000.0
  /// A sky so rich that it would have more chunks than this has larger ones, up to `largestOfMany`: every chunk costs the
  /// manager a moment, and a thousand threads at a time.
  static let mostChunks = 5000.0
  static let largestOfMany = 1_000_000.0
  /// Those of a chunk that is larger for the sake of its halo.
  static let largestGrownChunk = 2_400_000.0
  /// Chunks are not made smaller than this for the sake of parallel work.
  static let smallestChunk = 16_000.0
  /// Parallel work wants so many chunks at least.
  static let fewestChunks = 16.0
  /// A worker needs as much, however small its chunk.
  public static let leastMemory: Int64 = 64_000_000

  /// Plans a match from the registry and a sample of the sources.
  /// - Parameters:
  ///   - sourcesPerChunk: Overrides the size of chunks; the answer does not depend on it.
  ///   - memoryPerWorkerBytes: No chunk should need more than this, however dense the sky; nil: as much as it takes.
  /// - Throws: `StoreError.usage` for unknown catalogues, equal catalogues, contradictory epochs or too little memory;
  ///   `StoreError.damaged` when the registry says what cannot be.
  public init(
    database: SkyDatabase, a nameA: String, b nameB: String, configuration: MatchConfiguration = MatchConfiguration(),
    sourcesPerChunk: Int? = nil, memoryPerWorkerBytes: Int64? = nil, cancellation: Cancellation = Cancellation()
  ) throws {
    try self.init(
      database: database, a: nameA, b: nameB, configuration: configuration, likelihood: GaussianLikelihood(),
      sourcesPerChunk: sourcesPerChunk, memoryPerWorkerBytes: memoryPerWorkerBytes, cancellation: cancellation)
  }

  /// Plans a match with another likelihood of positions.
  init(
    database: SkyDatabase, a nameA: String, b nameB: String, configuration: MatchConfiguration,
    likelihood: any PairLikelihood, sourcesPerChunk: Int? = nil, memoryPerWorkerBytes: Int64? = nil,
    cancellation: Cancellation = Cancellation()
  ) throws {
    try configuration.validate()
    try Self.check(memoryPerWorkerBytes)
    guard nameA != nameB else {
      throw StoreError(.usage, "match", "both catalogues are '\(nameA)'; a match needs two different ones")
    }
    let registry = try database.registry()
    let (a, b) = (try registry.catalogue(nameA), try registry.catalogue(nameB))
    coverageA = try registry.coverage(of: a)
    coverageB = try registry.coverage(of: b)
    try CatalogueLimits.check(a, coverageA)
    try CatalogueLimits.check(b, coverageB)
    let corrections = try PlannedCorrections(configuration.corrections, a, b, registry)
    var configuration = configuration
    configuration.corrections = corrections.setting
    configuration.psfOfA = configuration.psfOfA.resolved(for: a)
    configuration.psfOfB = configuration.psfOfB.resolved(for: b)
    self.configuration = configuration
    epoch = try EpochPlan(a, b, configuration.epoch)
    regions = PriorRegions(coverageA, coverageB, sourcesPerRegion: Double(configuration.sourcesPerRegion))
    let inCommon = regions.regions.count { $0.coverage.areaDegrees2 > 0 }
    let (classesA, classesB) = Self.classes(a, b, regions: max(1, inCommon), configuration)
    let given = MatchInputs(
      database: database,
      a: MatchInputs.Side(
        info: a, classes: classesA, meanDensityPerDegree2: coverageA.meanDensityPerDegree2,
        corrections: corrections.a),
      b: MatchInputs.Side(
        info: b, classes: classesB, meanDensityPerDegree2: coverageB.meanDensityPerDegree2,
        corrections: corrections.b),
      targetYears: epoch.targetYears, likelihood: likelihood, limits: configuration.candidateLimits)
    // Other likelihoods than that of Gaussian errors have their own search.
    let isWide =
      configuration.method == .mixture && configuration.needsMeasurement && likelihood is GaussianLikelihood
    let measured: MeasuredInputs
    if isWide {
      var stop = StopCheck { try cancellation.check("match", isResumable: true) }
      measured = try MeasuredInputs(
        given, regions, epoch, configuration, coverage: (coverageA, coverageB), stop: &stop)
    } else {
      measured = MeasuredInputs(asGiven: given)
    }
    (inputs, frame, duplicates) = (measured.inputs, measured.frame, measured.duplicates)
    reach = Self.reach(inputs, epoch)
    sight = BlendCircles(inputs).sight(reach, inputs, epoch)
    costs = CostModel(measuredBy: registry)
    pairArea = measured.pairArea
    chunks = try cut(sourcesPerChunk: sourcesPerChunk, memory: memoryPerWorkerBytes) {
      try cancellation.check("match", isResumable: true)
    }
  }

  /// Classes that hold at least 250 sources in a region on the average. To a model of pairs the magnitudes of one catalogue tell counterparts
  /// from others by themselves; elsewhere both need them, or neither is asked.
  private static func classes(
    _ a: CatalogueInfo, _ b: CatalogueInfo, regions: Int, _ configuration: MatchConfiguration
  ) -> (MagnitudeClasses, MagnitudeClasses) {
    let none = MagnitudeClasses(histograms: [], minimum: 0)
    let have = [a, b].map { $0.magnitudes.contains { $0.total > 0 } }
    let suffice = configuration.method == .mixture ? have.contains(true) : !have.contains(false)
    // Survivors are counted band by band, so that even the priors need magnitudes.
    let isAsked = configuration.photometry || configuration.method == .survivors
    guard isAsked, suffice else { return (none, none) }
    let minimum = Int64(250 * regions)
    let faintEnd: MagnitudeClasses.FaintEnd = configuration.survivors.bins == .report ? .standsAlone : .joinsLast
    func classes(of info: CatalogueInfo) -> MagnitudeClasses {
      let takesFirst = configuration.method != .survivors && !info.layout.has(.bestBand)
      return MagnitudeClasses(
        histograms: info.magnitudes, minimum: minimum, faintEnd: faintEnd, sources: takesFirst ? info.rows : nil)
    }
    return (classes(of: a), classes(of: b))
  }

  /// What a user should know before trusting the result: epochs and motions, frames, magnitudes that are missing.
  public var notes: [String] {
    let frameNote = frame?.note(a.name, b.name)
    return epoch.notes + (inputs.motions?.notes(a, b) ?? epoch.motionNotes) + [frameNote].compactMap(\.self)
      + [inputs.a, inputs.b].compactMap { side in side.corrections?.note(side.info.name) }
      + [
        inputs.a.crowdingNote(counts: configuration.countsOfA), inputs.b.crowdingNote(counts: configuration.countsOfB),
      ].compactMap(\.self) + duplicates.a.notes(a.name)
      + duplicates.b.notes(b.name)
      + magnitudeNotes
  }

  private var magnitudeNotes: [String] {
    guard configuration.photometry else { return [] }
    let without = [a, b].filter { info in !info.magnitudes.contains { $0.total > 0 } }.map(\.name)
    if without.isEmpty { return [] }
    let effect =
      configuration.method == .mixture && without.count == 1
      ? "those of the other are weighed by themselves" : "photometry is not used"
    return [
      "no magnitudes of \(without.joined(separator: " and ")) are known, so that \(effect); where there are some, ingest with "
        + "--map mag:BAND=COLUMN --replace"
    ]
  }

  /// The same plan, with the errors of magnitudes read beside what a match needs.
  var readingMagnitudeErrors: MatchPlan {
    var copy = self
    (copy.inputs.a.readsMagnitudeErrors, copy.inputs.b.readsMagnitudeErrors) = (true, true)
    return copy
  }

  var database: SkyDatabase { inputs.database }
  var classesA: MagnitudeClasses { inputs.a.classes }
  var classesB: MagnitudeClasses { inputs.b.classes }
  var likelihood: any PairLikelihood { inputs.likelihood }

  /// How far pairs are looked for by a method that has a model of them.
  var searchReach: SearchReach? { (inputs.likelihood as? WideLikelihood)?.reach }

  private static func check(_ memory: Int64?) throws {
    guard let memory, memory < leastMemory else { return }
    throw StoreError(
      .usage, "memory",
      "is \(memory) bytes for each thread; allowed: \(leastMemory) or more. Give more, or fewer threads")
  }

  /// Cuts the sky as a run has recorded it.
  mutating func take(chunks pixels: [HealpixPixel]) {
    if pixels.isEmpty { return }
    chunks = pixels.enumerated().map { MatchChunk(position: $0, pixel: $1) }
  }

  /// The chunks that have some of a range of order-29 indices.
  /// - Complexity: O(log chunks + chunks found).
  func chunks(touching range: Range<Int64>) -> ArraySlice<MatchChunk> {
    chunks[chunks.binarySearch { $0.pixel.range29.upperBound > range.lowerBound }...].prefix {
      $0.pixel.range29.lowerBound < range.upperBound
    }
  }

  /// The same sky cut into chunks of another size; the answer is the same.
  public func chunks(sourcesPerChunk: Int) -> [MatchChunk] { cut(sourcesPerChunk: sourcesPerChunk, memory: nil) {} }

  /// Sources of both catalogues that a chunk of a sky with so many holds at most, where memory allows.
  static func usualChunk(sources: Double) -> Double { min(max(largestChunk, sources / mostChunks), largestOfMany) }

  private func cut(
    sourcesPerChunk: Int?, memory: Int64?, check: () throws -> Void
  ) rethrows -> [MatchChunk] {
    let share = Double(a.rows + b.rows) / Self.fewestChunks
    let size =
      sourcesPerChunk.map { Double(max(1, $0)) }
      ?? min(Self.usualChunk(sources: Double(a.rows + b.rows)), max(Self.smallestChunk, share))
    let cut = SkyCut(
      loads: loads, costs: costs, sources: size,
      grownSources: sourcesPerChunk == nil ? min(Self.largestGrownChunk, share) : 0,
      memory: memory.map(Double.init) ?? .infinity, finest: HealpixGeometry.safeOrder(reach: reach) ?? 0)
    return try cut.chunks(check: check)
  }

  /// What any pixel would have to do.
  var loads: SkyLoads {
    let columns =
      [a, b].reduce(0) { $0 + Double($1.rows) * Double($1.layout.forMatching.width) } / Double(max(1, a.rows + b.rows))
    return SkyLoads(
      coverageA, coverageB, reach: reach, sight: sight, pairAreaDegrees2: pairArea.degrees2, columns: columns,
      largestCandidates: configuration.largestCandidates, largestIslandPairs: configuration.largestIslandPairs)
  }

  /// As far as two sources with the largest errors and motions of their catalogues look.
  static func reach(_ inputs: MatchInputs, _ epoch: EpochPlan) -> Angle {
    var (squared, shift) = (0.0, 0.0)
    let limits = inputs.limits
    for side in [inputs.a, inputs.b] {
      let info = side.info
      let years = epoch.longestMove(info)
      let growth = info.largestSigmaMotionMasPerYear / 1000 * years
      let error = PositionCovariance(circularSigmaArcsec: hypot(side.largestSigmaArcsec, growth))
      let farthest = inputs.likelihood.reachArcsec(
        of: SourceState(raDegrees: 0, decDegrees: 0, covariance: error), level: limits.level)
      squared += farthest * farthest
      shift += info.largestMotionMasPerYear / 1000 * years
    }
    shift += inputs.frame.largestOffsetArcsec
    return .arcseconds((min(squared.squareRoot(), limits.largestSeparationArcsec) + shift) * 1.000001 + 1e-6)
  }

  /// What a run of the two catalogues can be taken up by: their contents and the configuration, which decide the answer. Names are
  /// not part of it, so that a catalogue can be renamed; how the work is cut is recorded with the run.
  public var fingerprint: Fingerprint {
    Fingerprint(
      of: [
        "xmdb match 8", a.inputsFingerprint, b.inputsFingerprint, configuration.yaml + likelihoodText, Program.version,
      ]
      .joined(separator: "\n"))
  }

  /// What pairs follow from besides the catalogues and the configuration. Nothing for Gaussian errors, so that what was recorded
  /// before there was a choice stays the same.
  var likelihoodText: String {
    let corrected = zip(["a", "b"], [inputs.a, inputs.b]).map { name, side in
      side.corrections.map { "corrections of \(name): \($0.digest)\n" } ?? ""
    }.joined()
    if likelihood is GaussianLikelihood { return corrected }
    return corrected + "likelihood: \(likelihood.name)\nframe: \(inputs.frame.vectorArcsec)\n"
      + [inputs.a, inputs.b].map { "crowding: \($0.crowding?.text ?? "none")\n" }.joined()
      + (inputs.motions.map { "motions: \($0.text)\n" } ?? "")
      + (inputs.seen.map { "seen neighbours: \($0.text)\n" } ?? "")
  }
}
