public import CatalogStore
internal import Indexing

/// Runs a planned correction over all its sightlines and stores what it finds, so that a kill loses only the sightlines in flight and a repeated
/// command finishes the job.
public struct CorrectionDriver: Sendable {
  /// How a run ended.
  public struct Outcome: Sendable {
    /// The run's number.
    public var run: Int64
    /// Whether it was there already, finished, with the same inputs and configuration.
    public var wasThere = false
    /// Sightlines found finished from an earlier attempt.
    public var resumed = 0
    /// What could not be done; the same command tries only that again.
    public var problems: [RunProblem] = []
    /// Whether the deadline came first.
    public var isCutShort = false

    /// Whether every sightline is done, so that matches use it.
    public var isComplete: Bool { problems.isEmpty && !isCutShort }
  }

  private let plan: CorrectionPlan
  private let crew: Crew
  private let limits: RunLimits
  private let cancellation: Cancellation

  /// A driver for a plan, with a crew that is there for other runs, too.
  public init(plan: CorrectionPlan, crew: Crew, limits: RunLimits = RunLimits(), cancellation: Cancellation) {
    (self.plan, self.crew, self.limits, self.cancellation) = (plan, crew, limits, cancellation)
  }

  /// Runs what is left to do.
  /// - Parameters:
  ///   - database: Where the catalogues are.
  ///   - redo: Correct again although there is a run with the same inputs and configuration.
  ///   - progress: Called on this thread with every event, and about once a second.
  /// - Throws: `StoreError`: `.busy`, `.interrupted` (resumable), `.system`, or `.usage` when there are too few pairs.
  public func run(
    redo: Bool = false, progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) throws -> Outcome {
    let database = plan.inputs.database
    if !redo, let known = try finished(database.registry()) { return Outcome(run: known, wasThere: true) }
    let lock = try database.lockForWriting()
    defer { _ = lock }
    let registry = try database.writableRegistry()
    if redo { try registry.forgetDamagedRuns() }
    for info in [plan.catalogue, plan.reference] where try registry.catalogue(info.name).generation != info.generation {
      throw StoreError(.busy, info.name, "was replaced while the correction was being planned; run the command again")
    }
    let run = try findOrBegin(registry, redo: redo)
    try database.makeFolder(ofRun: run, holding: lock)
    let outcome = try complete(run, registry, database, progress)
    if outcome.isComplete {
      try close(run, registry)
      try database.removeLeftovers(holding: lock)
    }
    return outcome
  }

  private func finished(_ registry: Registry) throws -> Int64? {
    guard let known = try registry.corrections(of: plan.catalogue.name),
      known.catalogueB == plan.reference.name, known.fingerprint == plan.fingerprint.description
    else { return nil }
    return known.id
  }

  private func findOrBegin(_ registry: Registry, redo: Bool) throws -> Int64 {
    let (a, b, fingerprint) = (plan.catalogue, plan.reference, plan.fingerprint.description)
    if let old = try registry.run(a.name, b.name, fingerprint: fingerprint), old.finished == nil {
      if !redo { return old.id }
      try registry.removeRun(old.id)
    }
    try plan.configuration.counts?.keep(in: registry)
    try plan.configuration.extinction.keep(in: registry)
    return try registry.beginRun(
      a, b, kind: .corrections, fingerprint: fingerprint, configuration: plan.configuration.yaml,
      program: Program.version, now: Program.now())
  }

  private func complete(
    _ run: Int64, _ registry: Registry, _ database: SkyDatabase,
    _ progress: @escaping @Sendable (RunProgress) -> Void
  ) throws -> Outcome {
    let files = RunFiles(database, run: run)
    let ledger = try RunLedger(registry, database, run: run)
    let flights = try FlightLog(files.flights)
    defer { flights.close() }
    try registry.forgetProblems(of: run)
    let context = try gather(run, registry, database, files)
    defer { try? database.removeFile(RunFiles.crewName, ofRun: run) }
    var conductor = RunConductor(
      RunWatch(context.stages, run: run, a: plan.catalogue.name, b: plan.reference.name), files: files, crew: crew,
      ledger: ledger, flights: flights, limits: limits, cancellation: cancellation, report: progress)
    var outcome = Outcome(run: run)
    for stage in context.stages {
      guard let work = try stage.begin(ledger) else { continue }
      outcome.resumed = work.total - work.left.count
      try conductor.carryOut(stage, work)
    }
    try crew.end()
    if conductor.stop != .deadline { try cancellation.check("correct", isResumable: true) }
    outcome.problems = conductor.problems
    outcome.isCutShort = conductor.stop == .deadline
    if outcome.isComplete {
      for path in [files.plan, files.flights] { try database.removeFile(FileSystem.name(path), ofRun: run) }
    }
    return outcome
  }

  /// Tells all processes of the run.
  private func gather(
    _ run: Int64, _ registry: Registry, _ database: SkyDatabase, _ files: RunFiles
  ) throws -> CorrectionContext {
    if crew.transport.isShared { try database.writeSnapshot(of: registry, to: files.plan) }
    let context = CorrectionContext(plan, cancellation: cancellation)
    crew.begin(context)
    let order = RunOrder(
      kind: .corrections, database: FileSystem.absolute(database.path), snapshot: FileSystem.absolute(files.plan),
      run: run, a: plan.catalogue.name, b: plan.reference.name, configuration: plan.configuration.yaml)
    try crew.offer(order, files)
    return context
  }

  /// Makes the corrections known, if any sightline is measured.
  private func close(_ run: Int64, _ registry: Registry) throws {
    let found = try registry.products(of: run, named: CatalogueCorrections.product).map {
      try SightlineCorrection(payload: $0.payload)
    }
    guard found.contains(where: \.record.isMeasured) else {
      try registry.removeRun(run)
      let pairs = found.map(\.record.pairs).max() ?? 0
      throw StoreError(
        .usage, plan.catalogue.name,
        "no pairs with \(plan.reference.name) tell m from n: there are at most \(pairs) on any of \(found.count) sightlines, "
          + "and \(SightlineFit.fewestPairs) are needed; take larger sightlines (--order), or another reference")
    }
    try registry.finishCorrections(run, now: Program.now())
  }
}
