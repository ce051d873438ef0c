internal import CatalogStore
internal import Indexing

/// One attempt to bring a run to its end: the stages, one after the other, and what is left of each.
struct RunAttempt {
  private let plan: MatchPlan
  private let run: Int64
  private let registry: Registry
  private let files: RunFiles
  private let crew: Crew
  private let limits: RunLimits
  private let cancellation: Cancellation
  private let stages: StageList

  /// - Parameter plan: Its chunks give way to those that the run has recorded.
  init(
    _ plan: MatchPlan, run: Int64, registry: Registry, crew: Crew, stages: @escaping StageList, limits: RunLimits,
    cancellation: Cancellation
  ) throws {
    self.stages = stages
    var plan = plan
    plan.take(chunks: try registry.plannedPixels(of: run))
    self.plan = plan
    self.run = run
    self.registry = registry
    self.crew = crew
    self.limits = limits
    self.cancellation = cancellation
    files = RunFiles(plan.database, run: run)
  }

  /// Does what is left, and closes the ledger if that was all.
  func complete(_ progress: @escaping @Sendable (RunProgress) -> Void) throws -> MatchDriver.Outcome {
    let start = CostClock.threadSeconds()
    let ledger = try RunLedger(registry, plan.database, run: run)
    let mended = try ledger.forgetDamaged(threads: crew.localThreads, cancellation)
    let flights = try FlightLog(files.flights)
    defer { flights.close() }
    var outcome = MatchDriver.Outcome(run: run, totals: RunTotals())
    outcome.chunksResumed = ledger.finished.count
    try registry.forgetProblems(of: run)
    let (context, unbelieved) = try gather()
    defer { withdrawOffer() }
    var conductor = RunConductor(
      RunWatch(context.stages, run: run, a: plan.a.name, b: plan.b.name), files: files, crew: crew, ledger: ledger,
      flights: flights, limits: limits, cancellation: cancellation, report: progress)
    for stage in context.stages where conductor.stop == nil {
      guard let work = try stage.begin(ledger) else { continue }
      if stage.readsProducts { try handOutProducts() }
      try conductor.carryOut(stage, work)
    }
    try crew.end()
    // At the end of the time work is given up by the same means.
    if conductor.stop != .deadline { try cancellation.check("match", isResumable: true) }
    outcome.problems = conductor.problems
    outcome.isCutShort = conductor.stop == .deadline
    outcome.totals = ledger.totals
    outcome.chunksReused = conductor.chunksReused
    outcome.damages = mended + unbelieved + conductor.damages
    if outcome.isComplete { try close(ledger) }
    outcome.managerSeconds = CostClock.threadSeconds() - start
    return outcome
  }

  /// Tells all processes of the run.
  /// - Returns: The run as this process sees it, and the damage for which the run before a catalogue was replaced is not taken over.
  private func gather() throws -> (RunContext, [StoreError]) {
    var damages: [StoreError] = []
    var base: RunInfo?
    do {
      base = try registry.supersededRun(
        plan.a.name, plan.b.name, configuration: plan.configuration.yaml, program: Program.version)
      if let base { _ = try registry.chunks(of: base.id) }
    } catch let error as StoreError where error.code == .damaged {
      damages.append(error)
      base = nil
    }
    if base != nil || crew.transport.isShared { try plan.database.writeSnapshot(of: registry, to: files.plan) }
    let snapshot = plan.database.reading(snapshot: files.plan)
    let baseRun = try base.map { try BaseRun(snapshot.registry(), run: $0.id) }
    let context = RunContext(
      plan: plan, run: run, base: baseRun, stages: stages, cancellation: cancellation)
    crew.begin(context)
    let order = RunOrder(
      database: FileSystem.absolute(plan.database.path), snapshot: FileSystem.absolute(files.plan), run: run,
      a: plan.a.name, b: plan.b.name, configuration: plan.configuration.yaml, base: base?.id)
    try crew.offer(order, files)
    return (context, damages)
  }

  /// Every process, this one too, reads what was recorded from a copy of the registry that nobody changes.
  private func handOutProducts() throws {
    try plan.database.writeSnapshot(of: registry, to: files.densities)
    try crew.handOut(products: FileSystem.absolute(files.densities))
  }

  /// Nobody can join any more.
  private func withdrawOffer() { try? plan.database.removeFile(RunFiles.crewName, ofRun: run) }

  private func close(_ ledger: RunLedger) throws {
    try ledger.totals.requireEverySourceOnce(plan.a, plan.b)
    try ledger.close()
    for path in [files.plan, files.densities, files.flights] {
      try plan.database.removeFile(FileSystem.name(path), ofRun: run)
    }
    plan.database.removeDrafts(ofRun: run)
  }
}
