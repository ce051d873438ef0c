internal import CatalogStore
internal import Indexing

/// The manager of one run: hands out the pieces of a stage, takes what comes back, and tells how it goes.
struct RunConductor {
  /// Why no more work is handed out.
  enum Stop: Sendable, Equatable {
    case deadline
    case signal
  }

  private let files: RunFiles
  private let crew: Crew
  private let ledger: RunLedger
  private var flights: FlightLog
  private let limits: RunLimits
  private let cancellation: Cancellation
  private let report: @Sendable (RunProgress) -> Void
  private var manager: RunManager
  private var watch: RunWatch
  /// What could not be done.
  private(set) var problems: [RunProblem] = []
  /// Why the run stopped before its end.
  private(set) var stop: Stop?
  /// Damage of what could have been taken over, and was computed again instead.
  private(set) var damages: [StoreError] = []
  /// Whether what was in flight at the end of the time was given up.
  private var hasGivenUp = false
  /// Chunks taken over from the run before.
  var chunksReused: Int { watch.progress.reused }

  /// Seconds between two ticks.
  private static let tick = 1.0
  /// How soon a signal is noticed, seconds.
  private static let attention = 0.1

  init(
    _ watch: RunWatch, files: RunFiles, crew: Crew, ledger: RunLedger, flights: FlightLog, limits: RunLimits,
    cancellation: Cancellation, report: @escaping @Sendable (RunProgress) -> Void
  ) {
    self.files = files
    self.crew = crew
    self.ledger = ledger
    self.flights = flights
    self.limits = limits
    self.cancellation = cancellation
    self.report = report
    manager = RunManager(attempts: limits.attempts)
    self.watch = watch
    manager.join(0, threads: crew.localThreads)
    for (rank, threads) in crew.others.sorted(by: { $0.key < $1.key }) { manager.join(rank, threads: threads) }
  }

  /// Does what is left of a stage.
  mutating func carryOut(_ stage: any Stage, _ work: StageWork) throws {
    guard stop == nil else { return }
    let all = work.left.map { RunPiece(stage: stage.id, position: $0) }
    watch.begin(stage.id, all, of: work.total)
    let pieces = try setAsideTheGuilty(watch.byCost(all))
    manager.begin(pieces, suspects: suspects)
    tell(.began)
    var nextTick = Program.seconds() + Self.tick
    while !manager.isOver {
      try heed()
      for (piece, rank) in manager.assignments() { try handOut(piece, to: rank) }
      if manager.isStranded { throw StoreError(.system, "match", "no process can take part in the run any more") }
      if let (rank, event) = try crew.next(waiting: Self.attention) {
        switch event {
        case .message(let message): try handle(message, from: rank, of: stage)
        case .lost(let reason): try lose(rank, reason)
        }
      }
      try ledger.flushIfDue(workers: manager.threads)
      if Program.seconds() >= nextTick {
        nextTick += Self.tick
        tell(.tick)
      }
    }
    try ledger.flush()
  }

  // MARK: Suspicion

  private var suspects: Set<RunPiece> { Set(flights.kills.filter { $0.value >= FlightLog.suspicious }.keys) }

  /// Pieces that were alone in flight at kill after kill are not tried again.
  private mutating func setAsideTheGuilty(_ pieces: [RunPiece]) throws -> [RunPiece] {
    var rest: [RunPiece] = []
    for piece in pieces {
      let kills = flights.kills[piece, default: 0]
      if kills < FlightLog.guilty {
        rest.append(piece)
      } else {
        try setAsideGuilty(piece, kills)
      }
    }
    return rest
  }

  private mutating func setAsideGuilty(_ piece: RunPiece, _ kills: Int) throws {
    try setAside(
      piece, attempts: kills,
      StoreError(
        .system, "match",
        "the process was killed \(kills) times while it worked on this piece, at last on nothing else; "
          + "to try again, remove the file \(files.flights)"))
  }

  /// What a lost process worked on may be what ended it: it is tried again, at last alone, and then set aside.
  private mutating func lose(_ rank: Int, _ reason: String) throws {
    for piece in manager.lose(rank) {
      watch.drop(piece)
      let kills = flights.lose(piece)
      if kills >= FlightLog.guilty {
        try setAsideGuilty(piece, kills)
      } else {
        manager.putBack(piece, isSuspect: kills >= FlightLog.suspicious)
      }
    }
    watch.progress.failures += 1
    tell(.left(rank: rank, reason: reason))
  }

  /// A process goes of its own will.
  private mutating func dismiss(_ rank: Int) {
    for piece in manager.lose(rank) {
      flights.end(piece)
      watch.drop(piece)
      manager.putBack(piece)
    }
    tell(.left(rank: rank, reason: "it was asked to stop"))
  }

  // MARK: Events

  private mutating func heed() throws {
    if stop != .signal, !hasGivenUp, cancellation.isRequested { try halt(.signal, "a signal asks to stop") }
    if stop == nil, let deadline = limits.deadline, Program.seconds() >= deadline {
      try halt(.deadline, "the time for this job is nearly over")
    }
    if stop == .deadline, !hasGivenUp, manager.inFlight > 0, let end = limits.end, Program.seconds() >= end {
      hasGivenUp = true
      try send(.halt(abandon: true))
      tell(.stopping(reason: "the time for this job is over; what is in flight is given up"))
    }
  }

  private mutating func halt(_ reason: Stop, _ text: String) throws {
    stop = reason
    manager.stop()
    try send(.halt(abandon: reason == .signal))
    tell(.stopping(reason: text))
  }

  private func send(_ message: ManagerMessage) throws {
    for rank in [0] + crew.others.keys.sorted() { try crew.send(message, to: rank) }
  }

  private mutating func handOut(_ piece: RunPiece, to rank: Int) throws {
    flights.begin(piece)
    watch.begin(piece, rank: rank)
    try crew.send(.piece(piece), to: rank)
  }

  private mutating func handle(_ message: ProcessMessage, from rank: Int, of stage: any Stage) throws {
    switch message {
    case .joined(let threads):
      manager.join(rank, threads: threads)
      tell(.joined(rank: rank, threads: threads))
    case .leaving: dismiss(rank)
    case .refused(let error): try refuse(rank, error)
    case .stopping: cancellation.request()
    case .returned(let piece):
      flights.end(piece)
      watch.drop(piece)
      manager.takeBack(piece, from: rank)
    case .done(let piece, let report): try finish(piece, report, by: rank, of: stage)
    case .failed(let piece, let error): try fail(piece, error, on: rank)
    }
  }

  private mutating func finish(_ piece: RunPiece, _ report: PieceReport, by rank: Int, of stage: any Stage) throws {
    flights.end(piece)
    guard manager.finish(piece, by: rank), piece.stage == stage.id else { return }
    try stage.record(report, of: piece.position, in: ledger)
    if let damage = report.damage { damages.append(damage) }
    watch.finish(piece, isReused: report.cost.isReused)
    tell(.done(watch.pixel(of: piece), rank: rank, seconds: report.cost.seconds))
  }

  private mutating func fail(_ piece: RunPiece, _ error: StoreError, on rank: Int) throws {
    flights.end(piece)
    watch.drop(piece)
    watch.progress.failures += 1
    switch manager.fail(piece, on: rank) {
    case .again(let failures):
      tell(.failed(watch.pixel(of: piece), rank: rank, attempt: failures, reason: error.description))
    case .setAside(let failures): try setAside(piece, attempts: failures, error)
    }
  }

  private mutating func setAside(_ piece: RunPiece, attempts: Int, _ error: StoreError) throws {
    let problem = RunProblem(
      stage: piece.stage.name, position: piece.position, pixel: watch.pixel(of: piece), attempts: attempts,
      code: error.code, reason: error.description)
    problems.append(problem)
    try ledger.add(problem)
    watch.progress.setAside += 1
    tell(.setAside(problem.pixel, reason: problem.reason))
  }

  private mutating func refuse(_ rank: Int, _ error: StoreError) throws {
    manager.leave(rank)
    watch.progress.failures += 1
    if rank == 0 { throw error }
    tell(.failed(HealpixPixel.basePixels[0], rank: rank, attempt: 1, reason: error.description))
  }

  private mutating func tell(_ event: RunProgress.Event) {
    watch.progress.totals = ledger.totals
    watch.progress.processes = manager.processCount
    watch.progress.workers = manager.threads
    report(watch.now(event))
  }
}
