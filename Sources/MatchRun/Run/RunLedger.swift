internal import CatalogStore
internal import Synchronization

/// The units of a run that are finished. Files are renamed into place first and made known afterwards, several at a time.
final class RunLedger: Sendable {
  private struct State: ~Copyable {
    var registry: Registry
    var waiting: [RunUnit] = []
    var totals = RunTotals()
    var unitsDone: Int
    var lastFlush = Program.seconds()
  }

  private let state: Mutex<State>
  private let database: SkyDatabase
  private let run: Int64
  private let unitsTotal: Int
  private let progress: @Sendable (MatchDriver.Progress) -> Void

  /// The longest a finished unit waits to be made known, seconds.
  private static let flushInterval = 1.0

  init(
    registry: sending Registry, database: SkyDatabase, run: Int64, done: [RunUnit], unitsTotal: Int,
    progress: @escaping @Sendable (MatchDriver.Progress) -> Void
  ) throws {
    var start = State(registry: registry, unitsDone: done.count)
    for unit in done { start.totals += unit.totals }
    state = Mutex(start)
    self.database = database
    self.run = run
    self.unitsTotal = unitsTotal
    self.progress = progress
  }

  var totals: RunTotals { state.withLock { $0.totals } }

  /// Takes over the finished file of a unit.
  func add(
    _ unit: MatchUnit, draft: String, bytes: Int64, fingerprint: String, totals: RunTotals, seconds: Double
  ) throws {
    let folder = SkyDatabase.runPath(run) + "/Norder=\(unit.pixel.order)"
    let path = folder + "/Npix=\(unit.pixel.index).sqlite"
    try FileSystem.createDirectories(database.path + "/" + folder)
    try FileSystem.rename(draft, to: database.path + "/" + path)
    let entry = RunUnit(
      position: unit.position, pixel: unit.pixel, path: path, bytes: bytes, fingerprint: fingerprint, totals: totals,
      seconds: seconds)
    let report = try state.withLock { state in
      state.waiting.append(entry)
      state.totals += totals
      state.unitsDone += 1
      if Program.seconds() - state.lastFlush > Self.flushInterval { try flush(&state) }
      return MatchDriver.Progress(unitsDone: state.unitsDone, unitsTotal: unitsTotal, totals: state.totals)
    }
    progress(report)
  }

  /// Makes all finished units known.
  func flush() throws { try state.withLock { try flush(&$0) } }

  private func flush(_ state: inout State) throws {
    if state.waiting.isEmpty { return }
    for folder in Set(state.waiting.map { FileSystem.parent($0.path) }) {
      try FileSystem.sync(database.path + "/" + folder)
    }
    try FileSystem.sync(database.path + "/" + SkyDatabase.runPath(run))
    try state.registry.record(state.waiting, of: run)
    state.waiting.removeAll()
    state.lastFlush = Program.seconds()
  }

  /// Makes the run visible.
  func finish() throws {
    try state.withLock { state in
      try flush(&state)
      try state.registry.finishRun(run, totals: state.totals, now: Program.now())
    }
  }
}

/// Units in the order in which they are handed out.
final class UnitQueue: Sendable {
  private let units: Mutex<ArraySlice<MatchUnit>>

  init(_ units: [MatchUnit]) { self.units = Mutex(units[...]) }

  func next() -> MatchUnit? { units.withLock { $0.popFirst() } }

  /// Does work on unit after unit until none is left, or one fails: then nobody gets another.
  func work(_ body: (MatchUnit) throws -> Void) throws {
    do { while let unit = next() { try body(unit) } } catch {
      stop()
      throw error
    }
  }

  /// Hands out nothing more.
  func stop() { units.withLock { $0.removeAll() } }
}
