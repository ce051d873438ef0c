internal import CatalogStore

/// What a run has achieved, as the registry knows it. Files are in place before they are made known, several at a time.
///
/// It belongs to the manager: workers never touch the registry.
final class RunLedger {
  private let registry: Registry
  private let database: SkyDatabase
  private let run: Int64
  private var chunks: [RunChunk] = []
  private var regions: [(position: Int, region: RunRegion)] = []
  private var photometry: [RunPhotometry] = []
  private var pairModels: [RunPairModel] = []
  private var products: [RunProduct] = []
  private var nextFlush = 0.0
  /// Row counts of all finished chunks.
  private(set) var totals = RunTotals()
  /// The finished chunks, by position, those that are not made known yet included.
  private(set) var finished: Set<Int>

  /// The shortest time between two transactions, seconds, while few chunks wait.
  private static let interval = 0.02

  init(_ registry: Registry, _ database: SkyDatabase, run: Int64) throws {
    (self.registry, self.database, self.run) = (registry, database, run)
    let done = try registry.chunks(of: run)
    finished = Set(done.map(\.position))
    for chunk in done { totals += chunk.totals }
  }

  /// Reads the files of the finished chunks, and forgets those chunks whose file is not the one that was written: they are
  /// computed again.
  /// - Returns: What is wrong with them.
  /// - Throws: `StoreError.interrupted`, or `.system` for files that may not be read.
  func forgetDamaged(threads: Int, _ cancellation: Cancellation) throws -> [StoreError] {
    let chunks = try registry.chunks(of: run)
    let damages = Guarded<[Int: StoreError]>([:])
    let database = database
    try WorkerThreads.run(count: chunks.count, threads: threads) { index in
      try cancellation.check("match", isResumable: true)
      do { try chunks[index].file(in: database).check() } catch let error as StoreError where error.code == .damaged {
        damages.withLock { $0[index] = error }
      }
    }
    let found = damages.withLock { $0 }
    if found.isEmpty { return [] }
    let damaged = found.keys.sorted()
    try registry.forget(damaged.map { chunks[$0].position }, of: run)
    finished = []
    totals = RunTotals()
    for (index, chunk) in chunks.enumerated() where found[index] == nil {
      finished.insert(chunk.position)
      totals += chunk.totals
    }
    return damaged.compactMap { found[$0] }
  }

  /// A chunk is done; its file is in place.
  func add(_ chunk: RunChunk) {
    chunks.append(chunk)
    totals += chunk.totals
    finished.insert(chunk.position)
  }

  /// Records the photometric classes of the run.
  /// - Returns: The regions that are measured.
  func beginRegions(_ classes: [RunClass]) throws -> Set<Int> {
    try flush()
    try registry.record(classes, of: run)
    return Set(try registry.measuredRegions(of: run))
  }

  /// The pieces of a stage that have a product.
  func beginProducts(_ name: String) throws -> Set<Int> {
    try flush()
    return Set(try registry.products(of: run, named: name).map(\.position))
  }

  /// A stage has a product for a piece.
  func add(_ product: RunProduct) { products.append(product) }

  /// Regions are measured.
  func add(_ measurement: RunMeasurement, at positions: [Int]) {
    regions += zip(positions, measurement.regions).map { ($0, $1) }
    photometry += measurement.photometry
    pairModels += measurement.pairModels
  }

  /// Something failed for good.
  func add(_ problem: RunProblem) throws { try registry.record(problem, of: run) }

  /// Makes known what is waiting, if the last time is long enough ago, or as much is waiting as there are workers. A kill
  /// loses, beside the chunks in flight, those that were finished during the transaction that it cut short.
  func flushIfDue(workers: Int) throws {
    if chunks.count >= max(1, workers) || Program.seconds() >= nextFlush { try flush() }
  }

  /// Makes known what is waiting.
  func flush() throws {
    let start = Program.seconds()
    if !chunks.isEmpty {
      for folder in Set(chunks.map { FileSystem.parent($0.path) }) { try FileSystem.sync(database.path + "/" + folder) }
      try FileSystem.sync(database.path + "/" + SkyDatabase.runPath(run))
      try registry.record(chunks, of: run)
      chunks.removeAll()
    }
    if !regions.isEmpty {
      try registry.record(regions, photometry: photometry, pairModels: pairModels, of: run)
      regions.removeAll()
      photometry.removeAll()
      pairModels.removeAll()
    }
    try registry.record(products, of: run)
    products.removeAll()
    let end = Program.seconds()
    // Where the disk is slow, half of the manager's time is enough for it.
    nextFlush = end + max(Self.interval, end - start)
  }

  /// Makes the run visible.
  func close() throws {
    try flush()
    try registry.finishRun(run, totals: totals, now: Program.now())
  }
}
