public import CatalogStore
internal import Indexing

/// Runs a planned match over all its chunks and stores the results, so that a kill at any instant loses only the chunks in
/// flight and a repeated command finishes the job.
public struct MatchDriver: Sendable {
  /// How a run ended.
  public struct Outcome: Sendable {
    /// The run's number.
    public var run: Int64
    /// Its row counts.
    public var totals: RunTotals
    /// Whether it was there already, finished, with the same inputs and configuration.
    public var wasThere = false
    /// Chunks found finished from an earlier attempt.
    public var chunksResumed = 0
    /// Chunks taken over from the run before a catalogue was replaced.
    public var chunksReused = 0
    /// Damage of results that an earlier attempt or the run before had left: they were computed again.
    public var damages: [StoreError] = []
    /// What could not be done; the same command tries only that again.
    public var problems: [RunProblem] = []
    /// Whether the deadline came first.
    public var isCutShort = false
    /// Processor seconds of the managing thread.
    public var managerSeconds = 0.0

    /// Whether every source has its answer, so that the run is visible.
    public var isComplete: Bool { problems.isEmpty && !isCutShort }
  }

  private let plan: MatchPlan
  private let crew: Crew
  private let ownsCrew: Bool
  private let limits: RunLimits
  private let stages: StageList
  private let cancellation: Cancellation

  /// A driver for a plan, with the threads of this process.
  public init(plan: MatchPlan, threads: Int, cancellation: Cancellation = Cancellation()) {
    self.plan = plan
    stages = RunContext.standardStages
    crew = Crew(threads: threads, cancellation: cancellation)
    ownsCrew = true
    limits = RunLimits()
    self.cancellation = cancellation
  }

  /// A driver for a plan, with a crew that is there for other runs, too.
  public init(plan: MatchPlan, crew: Crew, limits: RunLimits = RunLimits(), cancellation: Cancellation) {
    self.init(
      plan: plan, crew: crew, stages: RunContext.standardStages, limits: limits, cancellation: cancellation)
  }

  /// A driver for a run with other stages, those of its crew.
  init(
    plan: MatchPlan, crew: Crew, stages: @escaping StageList, limits: RunLimits = RunLimits(),
    cancellation: Cancellation
  ) {
    self.plan = plan
    self.stages = stages
    self.crew = crew
    ownsCrew = false
    self.limits = limits
    self.cancellation = cancellation
  }

  /// Runs what is left to do.
  /// - Parameters:
  ///   - redo: Match again although there is a run with the same inputs and configuration. It stays until this one is finished.
  ///   - progress: Called on this thread with every event, and about once a second.
  /// - Throws: `StoreError`: `.busy`, `.interrupted` (resumable), `.system`, or `.damaged` when the ledger does not close.
  public func run(
    redo: Bool = false, progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) throws -> Outcome {
    defer { if ownsCrew { try? crew.dismiss() } }
    let fingerprint = plan.fingerprint.description
    if !redo, let run = try Self.finishedRun(of: plan) {
      return Outcome(run: run.id, totals: run.totals, wasThere: true)
    }
    let lock = try plan.database.lockForWriting()
    defer { _ = lock }
    let registry = try plan.database.writableRegistry()
    if redo { try registry.forgetDamagedRuns() }
    try requireCurrent(registry)
    let run = try findOrBegin(registry, fingerprint, redo: redo)
    try plan.database.makeFolder(ofRun: run, holding: lock)
    let attempt = try RunAttempt(
      plan, run: run, registry: registry, crew: crew, stages: stages, limits: limits, cancellation: cancellation)
    let outcome = try attempt.complete(progress)
    if outcome.isComplete { try plan.database.removeLeftovers(holding: lock) }
    return outcome
  }

  /// The finished run that does what a plan is to do.
  public static func finishedRun(of plan: MatchPlan) throws -> RunInfo? {
    let run = try plan.database.registry().run(plan.a.name, plan.b.name, fingerprint: plan.fingerprint.description)
    return run?.finished == nil ? nil : run
  }

  /// The plan was made before the lock was taken: another process may have replaced a catalogue since.
  private func requireCurrent(_ registry: Registry) throws {
    for info in [plan.a, plan.b] where try registry.catalogue(info.name).generation != info.generation {
      throw StoreError(.busy, info.name, "was replaced while the match was being planned; run the command again")
    }
  }

  private func findOrBegin(_ registry: Registry, _ fingerprint: String, redo: Bool) throws -> Int64 {
    if let old = try registry.run(plan.a.name, plan.b.name, fingerprint: fingerprint) {
      if !redo {
        try plan.configuration.keepSkyTables(in: registry)
        return old.id
      }
      // A finished run stays visible until the new one takes its place; half of one is of no use.
      if old.finished == nil { try registry.removeRun(old.id) }
    }
    try plan.configuration.keepSkyTables(in: registry)
    return try registry.beginRun(
      plan.a, plan.b, fingerprint: fingerprint, configuration: plan.configuration.yaml, program: Program.version,
      now: Program.now(), chunks: plan.chunks.map(\.pixel))
  }
}
