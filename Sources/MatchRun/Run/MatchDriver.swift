public import CatalogStore
internal import Indexing

/// Runs a planned match over all its units and stores the results, so that a kill at any instant loses only the units in
/// flight and a repeated command finishes the job.
public struct MatchDriver: Sendable {
  /// What a run is doing, for a progress line.
  public struct Progress: Sendable {
    /// What is being done to the units: both stages go through all of them.
    public enum Stage: Sendable {
      /// Counting pairs, from which the densities of every region are measured.
      case measuring
      /// Pairing.
      case matching
    }

    /// The stage.
    public var stage = Stage.matching
    /// Units finished, those of earlier attempts included.
    public var unitsDone: Int
    /// Units in all.
    public var unitsTotal: Int
    /// Rows of results so far.
    public var totals: RunTotals
  }

  /// How a run ended.
  public struct Outcome: Sendable {
    /// The run's number.
    public var run: Int64
    /// Its row counts.
    public var totals: RunTotals
    /// Whether it was there already, finished, with the same inputs and configuration.
    public var wasThere: Bool
    /// Units found finished from an earlier attempt.
    public var unitsResumed: Int
  }

  private let plan: MatchPlan
  private let threads: Int
  private let cancellation: Cancellation

  /// A driver for a plan.
  public init(plan: MatchPlan, threads: Int, cancellation: Cancellation = Cancellation()) {
    self.plan = plan
    self.threads = threads
    self.cancellation = cancellation
  }

  /// Runs what is left to do.
  /// - Parameters:
  ///   - redo: Match again although there is a run with the same inputs and configuration. It stays until this one is finished.
  ///   - progress: Called after each unit, from the thread that finished it.
  /// - Throws: `StoreError`: `.busy`, `.interrupted` (resumable), `.system`, or `.damaged` when the ledger does not close.
  public func run(redo: Bool = false, progress: @escaping @Sendable (Progress) -> Void = { _ in }) throws -> Outcome {
    let database = plan.database
    let fingerprint = plan.fingerprint.description
    if !redo, let outcome = try finished(fingerprint) { return outcome }
    let lock = try database.lockForWriting()
    defer { _ = lock }
    let registry = try database.writableRegistry()
    try requireCurrent(registry)
    let run = try findOrBegin(registry, fingerprint, redo: redo)
    let done = try registry.units(of: run)
    let models = try measured(registry, run, progress)
    let ledger = try RunLedger(
      registry: registry, database: database, run: run, done: done, unitsTotal: plan.units.count, progress: progress)
    try matchRemaining(Set(done.map(\.position)), models, ledger)
    return Outcome(run: run, totals: try close(ledger), wasThere: false, unitsResumed: done.count)
  }

  private func finished(_ fingerprint: String) throws -> Outcome? {
    guard let run = try plan.database.registry().run(fingerprint: fingerprint), run.finished != nil else { return nil }
    return Outcome(run: run.id, totals: run.totals, wasThere: true, unitsResumed: 0)
  }

  /// The plan was made before the lock was taken: another process may have replaced a catalogue since.
  private func requireCurrent(_ registry: Registry) throws {
    for info in [plan.a, plan.b] where try registry.catalogue(info.name).generation != info.generation {
      throw StoreError(.busy, info.name, "was replaced while the match was being planned; run the command again")
    }
  }

  private func findOrBegin(_ registry: Registry, _ fingerprint: String, redo: Bool) throws -> Int64 {
    if let old = try registry.run(fingerprint: fingerprint) {
      if !redo { return old.id }
      // A finished run stays visible until the new one takes its place; half of one is of no use.
      if old.finished == nil { try registry.removeRun(old.id) }
    }
    return try registry.beginRun(
      plan.a, plan.b, fingerprint: fingerprint, configuration: plan.configuration.yaml, program: Program.version,
      now: Program.now())
  }

  /// The densities of all regions: those of an earlier attempt, or measured now and recorded.
  private func measured(
    _ registry: Registry, _ run: Int64, _ progress: @escaping @Sendable (Progress) -> Void
  ) throws -> RegionModels {
    if let known = try registry.measurement(of: run) { return try RegionModels(known, of: plan) }
    let pass = MeasuringPass(plan: plan, threads: threads, cancellation: cancellation)
    let models = try pass.run { done in
      var report = Progress(unitsDone: done, unitsTotal: plan.units.count, totals: RunTotals())
      report.stage = .measuring
      progress(report)
    }
    try registry.record(models.measurement(of: plan, plan.regions.regions.indices), of: run)
    return models
  }

  private func matchRemaining(_ done: Set<Int>, _ models: RegionModels, _ ledger: RunLedger) throws {
    let remaining = plan.units.filter { !done.contains($0.position) }
    let staging = plan.database.stagingPath
    try FileSystem.createDirectories(staging)
    defer { try? FileSystem.remove(staging) }
    let workers = max(1, min(threads, remaining.count))
    let queue = UnitQueue(remaining)
    do {
      try WorkerThreads.run(count: workers, threads: workers) { _ in try work(queue, models, ledger) }
    } catch {
      try ledger.flush()
      throw error
    }
    try ledger.flush()
  }

  /// Takes unit after unit until none is left, or one fails: then the other threads get none either.
  private func work(_ queue: UnitQueue, _ models: RegionModels, _ ledger: RunLedger) throws {
    var matcher = UnitMatcher(plan: plan, models: models, cancellation: cancellation)
    try queue.work { unit in
      try cancellation.check("match")
      try finish(unit, &matcher, ledger)
    }
  }

  private func finish(_ unit: MatchUnit, _ matcher: inout UnitMatcher, _ ledger: RunLedger) throws {
    let start = Program.seconds()
    let result = try matcher.match(unit)
    let draft = plan.database.stagingPath + "/unit-\(unit.position).sqlite"
    let file = try ResultShardWriter.write(result, to: draft)
    try ledger.add(
      unit, draft: draft, bytes: file.bytes, fingerprint: file.fingerprint, totals: Self.totals(result),
      seconds: Program.seconds() - start)
  }

  private static func totals(_ result: UnitResult) -> RunTotals {
    var totals = RunTotals()
    totals.matches = Int64(result.matches.count)
    totals.nonmatchesA = Int64(result.nonmatches.count { $0.isA })
    totals.nonmatchesB = Int64(result.nonmatches.count) - totals.nonmatchesA
    totals.pairs = Int64(result.pairs.count)
    totals.islands = Int64(result.islands)
    return totals
  }

  /// Every source must be in exactly one row, or the run fails.
  private func close(_ ledger: RunLedger) throws -> RunTotals {
    let totals = ledger.totals
    for (info, unmatched) in [(plan.a, totals.nonmatchesA), (plan.b, totals.nonmatchesB)]
    where totals.matches + unmatched != info.rows {
      throw StoreError(
        .damaged, info.name,
        "the ledger does not close: \(totals.matches) matched + \(unmatched) unmatched ≠ \(info.rows) sources; "
          + "run `xmdb verify \(info.name)`, then match again with --redo")
    }
    try ledger.finish()
    return totals
  }
}
