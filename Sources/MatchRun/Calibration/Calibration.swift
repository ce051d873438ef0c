public import CatalogStore
internal import Match

/// Tells whether the probabilities of a finished run can be trusted.
public struct Calibration {
  /// What is wanted.
  public struct Options: Sendable {
    /// The column that is equal for counterparts; nil: none is used.
    public var truth: String?
    /// Sources of both catalogues that are looked at when probabilities are held against separations: of a larger sky, some pieces.
    public var separationSources = Calibration.defaultSources
    /// The number of shifts; 0: none.
    public var shifts = 0
    /// How far sources are shifted, arcsec; nil: `defaultDistanceArcsec`.
    public var distanceArcsec: Double?
    /// The order of the pixels in the tables; nil: the finest that gives a few dozen.
    public var order: Int?
    /// Threads.
    public var threads = 1

    /// Nothing is asked yet.
    public init() {}
  }

  /// What one kind of evidence says.
  public struct Answer: Sendable {
    /// `separations`, `truth` or `shifts`.
    public let evidence: String
    /// Of the pairs: agrees, close, P too high, P too low, few.
    public let verdict: String
    /// All tables.
    public let tables: [CalibrationTable]
    /// Chance pairs that were solved and those they stand for, where they are not the same.
    public var sampled: (solved: Int64, found: Int64)?
    /// Sources that were looked at, of all there are, and in how many pieces of sky, where these are not all.
    public var sample: (sources: Double, all: Double, pieces: Int)?
    /// In one line: what was expected and found.
    public var summary: String?
    /// Whether the probabilities agree with the evidence, or nearly so.
    public var isTrusted: Bool { verdict == "agrees" || verdict == "close" }
  }

  /// What is being done, for a progress line.
  public enum Stage: Sendable {
    /// The catalogues are read.
    case reading
    /// The results are read: chunks done.
    case results(Int)
    /// Separations are looked at: pieces of sky done, of how many.
    case separations(Int, Int)
    /// Chance pairs are sought: chunks done.
    case shifts(Int)
  }

  /// The run.
  public let run: FinishedRun
  private let options: Options
  private let cancellation: Cancellation

  /// Sources of both catalogues whose separations are looked at.
  public static let defaultSources = 2_000_000.0
  /// As many after a match, where nobody has asked.
  public static let fewSources = 200_000.0
  /// Shifts where a number is not given.
  public static let defaultShifts = 8

  /// - Throws: `StoreError.usage` for a column that a catalogue has not, a distance or an order out of range.
  public init(_ run: FinishedRun, _ options: Options, cancellation: Cancellation = Cancellation()) throws {
    self.run = run
    self.options = options
    self.cancellation = cancellation
    try checkTruth()
    try checkShifts()
  }

  /// What separations say of a finished run, from some of its sky at most: for the report of a match.
  /// - Complexity: O(`fewSources`), whatever the size of the run.
  public static func atAGlance(
    database: SkyDatabase, run: Int64, threads: Int, cancellation: Cancellation = Cancellation()
  ) throws -> Answer {
    var options = Options()
    (options.separationSources, options.threads) = (fewSources, threads)
    let run = try FinishedRun(database: database, number: run, at: .byRegion)
    return try Calibration(run, options, cancellation: cancellation).separations { _ in }
  }

  /// Whether both catalogues of a run have a column.
  public static func hasColumn(_ column: String, _ run: FinishedRun) -> Bool {
    [run.plan.a, run.plan.b].allSatisfy { info in info.columns.contains { $0.name == column } }
  }

  /// How far sources are shifted, where nothing else is said: four times as far as any candidate pair can reach, and 10″ at
  /// least.
  public static func defaultDistanceArcsec(_ run: FinishedRun) -> Double {
    max(10, (4 * run.plan.reach.arcseconds).rounded(.up))
  }

  /// The distance of the shifts, arcsec.
  public var distanceArcsec: Double { options.distanceArcsec ?? Self.defaultDistanceArcsec(run) }

  private func checkTruth() throws {
    guard let column = options.truth else { return }
    for info in [run.plan.a, run.plan.b] where !info.columns.contains(where: { $0.name == column }) {
      throw StoreError(
        .usage, info.name,
        "has no column '\(column)'; --truth needs a column that both catalogues have and that is equal for counterparts; "
          + "without one, --shifts \(Self.defaultShifts) needs none. Columns: "
          + info.columns.map(\.name).joined(separator: ", "))
    }
  }

  private func checkShifts() throws {
    let reach = run.plan.reach.arcseconds
    if let distance = options.distanceArcsec, !(distance > 2 * reach && distance <= 36_000) {
      throw StoreError(
        .usage, "--distance",
        "is \(distance); allowed: more than \(2 * reach) arcsec, twice the reach of a candidate pair of this run, "
          + "up to 36000")
    }
    if let order = options.order, !(0...SourceGroups.finestOrder).contains(order) {
      throw StoreError(.usage, "--order", "is \(order); allowed: 0 to \(SourceGroups.finestOrder)")
    }
  }

  /// Does the work.
  /// - Complexity: A pass over the run's pairs and non-matches, one over the narrow form of a, one over the truth columns,
  ///   and for every shift two searches for pairs and an amount of solving that is bounded by sources and pairs.
  public func answers(progress: @escaping @Sendable (Stage) -> Void = { _ in }) throws -> [Answer] {
    var answers = [try separations(progress)]
    if options.truth == nil && options.shifts == 0 { return answers }
    let plan = run.plan
    let check = { try cancellation.check("calibrate") }
    progress(.reading)
    let groups = try SourceGroups(
      database: plan.database, plan.a, plan.coverageA, order: options.order, check: check)
    let truth = try options.truth.map {
      try TruthKeys(database: plan.database, plan.a, plan.b, column: $0, check: check)
    }
    var magnitudes = MagnitudesByRowid(database: plan.database, plan.a, groups)
    let sums = try runSums(groups, magnitudes, truth, progress)
    if let truth {
      let counterparts = try truth.counterparts(groups, &magnitudes)
      answers.append(answer(sums, .truth(counterparts: counterparts), groups))
    }
    if options.shifts > 0 {
      let shifts = SkyShift.directions(options.shifts, distanceArcsec: distanceArcsec)
      let pass = ChancePass(run: run, shifts: shifts, groups: groups)
      let counts = try pass.counts(threads: options.threads, cancellation: cancellation) { progress(.shifts($0)) }
      answers.append(answer(sums, .shifts(counts), groups))
    }
    return answers
  }

  /// Holds the probabilities against the separations.
  private func separations(_ progress: @escaping @Sendable (Stage) -> Void) throws -> Answer {
    let pass = try SeparationPass(run, sources: options.separationSources, order: options.order)
    let pieces = pass.sample.pieces.count
    let tally = try pass.tally(threads: options.threads, cancellation: cancellation) {
      progress(.separations($0, pieces))
    }
    let tables = SeparationTables(tally: tally, groups: pass.groups)
    var answer = Answer(evidence: "separations", verdict: tables.verdict.rawValue, tables: tables.tables)
    if pass.sample.isPart { answer.sample = (pass.sample.sources, pass.sample.allSources, pieces) }
    answer.summary = tables.summary
    return answer
  }

  private func runSums(
    _ groups: SourceGroups, _ magnitudes: MagnitudesByRowid, _ truth: TruthKeys?, _ progress: (Stage) -> Void
  ) throws -> RunSums {
    var sums = RunSums(groups, magnitudes, truth: truth)
    for (position, chunk) in run.chunks.enumerated() {
      try cancellation.check("calibrate")
      try sums.add(ResultReader(database: run.plan.database, chunk: chunk))
      progress(.results(position + 1))
    }
    return sums
  }

  private func answer(_ sums: RunSums, _ evidence: Evidence, _ groups: SourceGroups) -> Answer {
    let tables = CalibrationTables(sums: sums, evidence: evidence, groups: groups)
    return Answer(
      evidence: evidence.name, verdict: tables.verdict.rawValue, tables: tables.tables, sampled: evidence.sampled)
  }
}
