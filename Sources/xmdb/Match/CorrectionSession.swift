import CatalogStore
import MatchRun

/// Corrects the errors of a catalogue: what `correct` and `match --correct` share.
struct CorrectionSession {
  let database: SkyDatabase
  let settings: WorkSettings
  let options: WorkOptions
  let facts: FactsOptions
  let quiet: Bool
  let process: CommandProcess

  /// Shows the plan, or carries it out.
  /// - Throws: `WorkLeft` when something is left to be done, when all has been said about it.
  func run(_ catalogue: String, against reference: String, _ configuration: CorrectionConfiguration, crew: Crew) throws
  {
    let plan = try CorrectionPlan(
      database: database, catalogue: catalogue, against: reference, configuration: configuration,
      cancellation: process.signals.cancellation)
    if options.plan { return try show(CorrectionReport(plan: plan).planned) }
    let report = try report(of: plan, crew: crew)
    try show(report.answer)
    if let left = WorkLeft(report.outcome) { throw left }
  }

  private func show(_ answer: CorrectionReport.Answer) throws {
    if facts.json {
      try process.output.line(answer.json.pretty)
    } else if !quiet {
      for line in answer.lines { try process.output.line(line) }
    }
  }

  /// Carries out a plan.
  func report(of plan: CorrectionPlan, crew: Crew) throws -> CorrectionReport {
    let start = Program.seconds()
    let sink = try LogSink(path: settings.log, standardError: !quiet && !Progress.hasTerminal)
    let reporter = RunReporter(database: database, quiet: quiet, sink: sink, level: settings.logLevel)
    var limits = RunLimits()
    limits.attempts = settings.attempts
    do {
      let driver = CorrectionDriver(
        plan: plan, crew: crew, limits: limits, cancellation: process.signals.cancellation)
      let outcome = try driver.run(redo: options.redo) { reporter.take($0) }
      reporter.end(outcome)
      return CorrectionReport(
        plan: plan, outcome: outcome, seconds: Program.seconds() - start,
        found: outcome.isComplete
          ? try CatalogueCorrections(of: plan.catalogue.name, in: database.registry()) : nil)
    } catch {
      reporter.end(error)
      throw error
    }
  }
}

extension WorkLeft {
  /// What a run of corrections has left; nil if nothing.
  init?(_ outcome: CorrectionDriver.Outcome?) {
    guard let outcome, let first = outcome.problems.first else { return nil }
    self.init(
      status: outcome.problems.allSatisfy { $0.code == .damaged } ? .damaged : .failed,
      description:
        "correct: \(Format.count(Int64(outcome.problems.count), "sightline")) set aside, \(first.pixel) after "
        + "\(Format.count(Int64(first.attempts), "attempt")): \(first.reason). The same command tries only what is missing"
    )
  }
}
