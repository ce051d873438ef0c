import CatalogStore
import MatchRun

/// Matches one or several pairs of catalogues: what `match` and `match-all` share.
struct MatchSession {
  let database: SkyDatabase
  let pairs: [ProjectFile.Pair]
  let settings: WorkSettings
  let options: WorkOptions
  let facts: FactsOptions
  let quiet: Bool
  /// Whether errors are learned first.
  var correctsFirst = false
  /// When the process began, `Program.seconds()`.
  let started: Double
  let process: CommandProcess

  /// Plans everything before anything is done, so that a mistake in the last pair is known at once.
  func plans() throws -> [MatchPlan] {
    try pairs.map {
      try MatchPlan(
        database: database, a: $0.a, b: $0.b, configuration: $0.configuration,
        memoryPerWorkerBytes: settings.memoryPerThread, cancellation: process.signals.cancellation)
    }
  }

  /// Learns the errors of every second catalogue that has no corrections from the first.
  /// - Parameter say: Called with the report of each.
  func correct(crew: Crew, say: (CorrectionReport) throws -> Void) throws {
    for pair in pairs where try database.registry().corrections(of: pair.b) == nil {
      var configuration = CorrectionConfiguration()
      (configuration.epoch, configuration.psf) = (pair.configuration.epoch, pair.configuration.psfOfB)
      configuration.frame = pair.configuration.frame
      let plan = try CorrectionPlan(
        database: database, catalogue: pair.b, against: pair.a, configuration: configuration,
        cancellation: process.signals.cancellation)
      let session = CorrectionSession(
        database: database, settings: settings, options: options, facts: facts, quiet: quiet, process: process)
      let report = try session.report(of: plan, crew: crew)
      try say(report)
      if let left = WorkLeft(report.outcome) { throw left }
    }
  }

  /// Shows the plans, or carries them out.
  /// - Parameter asList: JSON is a list, of one pair, too.
  /// - Throws: `WorkLeft` when something is left to be done, when all has been said about it.
  func run(crew: Crew, asList: Bool) throws {
    if correctsFirst && !options.plan {
      try correct(crew: crew) { report in
        if !facts.json && !quiet { for line in report.answer.lines { try process.output.line(line) } }
      }
    }
    let plans = try plans()
    if options.plan { return try PlanReport.print(plans, settings, asList: asList, facts, to: process.output) }
    let reports = try reports(of: plans, crew: crew) { report in
      if !facts.json && !quiet { for line in report.lines { try process.output.line(line) } }
    }
    if facts.json {
      let values = reports.map(\.json)
      try process.output.line((asList ? .list(values) : values[0]).pretty)
    }
    if let left = WorkLeft(reports, pairsLeft: plans.count - reports.count) { throw left }
  }

  /// Carries out plans, one after the other.
  /// - Parameter say: Called with the report of each.
  func reports(
    of plans: [MatchPlan], crew: Crew, say: (MatchReport) throws -> Void = { _ in }
  ) throws -> [MatchReport] {
    for plan in plans { try checkMemory(of: plan) }
    let sink = try LogSink(path: settings.log, standardError: !quiet && !Progress.hasTerminal)
    var reports: [MatchReport] = []
    for plan in plans {
      let report = try match(plan, crew, sink)
      reports.append(report)
      try say(report)
      if report.outcome.isCutShort { break }
    }
    return reports
  }

  /// Refuses what would not stay within the memory that was given. A finished run takes none.
  private func checkMemory(of plan: MatchPlan) throws {
    if try !options.redo && MatchDriver.finishedRun(of: plan) != nil { return }
    let shortage = PlanSummary(plan).shortage(ofPerThread: settings.memoryPerThread, threads: settings.threads)
    guard let shortage else { return }
    throw StoreError(.usage, "match \(plan.a.name) \(plan.b.name)", shortage)
  }

  private func match(_ plan: MatchPlan, _ crew: Crew, _ sink: LogSink) throws -> MatchReport {
    let start = Program.seconds()
    let reporter = RunReporter(database: database, quiet: quiet, sink: sink, level: settings.logLevel)
    let driver = MatchDriver(
      plan: plan, crew: crew, limits: settings.limits(plan, started: started),
      cancellation: process.signals.cancellation)
    do {
      let outcome = try driver.run(redo: options.redo) { reporter.take($0) }
      reporter.end(outcome)
      let seconds = Program.seconds() - start
      return MatchReport(
        plan: plan, outcome: outcome, seconds: seconds, calibration: try calibration(of: outcome),
        counterparts: outcome.isComplete ? try database.registry().measuredCounterparts(of: outcome.run) : nil)
    } catch {
      reporter.end(error)
      throw error
    }
  }

  /// Whether the probabilities of a run can be trusted; nil: nobody asks, or somebody is in a hurry. The run is whole by then.
  private func calibration(of outcome: MatchDriver.Outcome) throws -> Calibration.Answer? {
    guard outcome.isComplete, facts.json || !quiet else { return nil }
    do {
      return try Calibration.atAGlance(
        database: database, run: outcome.run, threads: settings.threads, cancellation: process.signals.cancellation)
    } catch let error as StoreError where error.code == .interrupted {
      return nil
    }
  }
}
