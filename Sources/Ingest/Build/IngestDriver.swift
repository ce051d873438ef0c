public import CatalogStore
internal import Indexing
internal import Synchronization

/// Ingests a catalogue: reads, sorts along the HEALPix curve, writes shards aside, and makes all of it known at once.
///
/// Killed at any instant it leaves the database as it was; the next writer removes what it left.
public struct IngestDriver: Sendable {
  /// What an ingest is doing, for a progress line.
  public enum Progress: Sendable {
    /// The inputs are being fingerprinted.
    case fingerprinting(file: String)
    /// Rows read, of all rows.
    case reading(rows: Int64, of: Int64)
    /// Shards written, of all shards.
    case writing(shards: Int, of: Int)
  }

  /// How an ingest ended.
  public struct Outcome: Sendable {
    /// The catalogue as it is now.
    public var catalogue: CatalogueInfo
    /// Whether the same input was there already, and nothing was done.
    public var wasThere: Bool
    /// Up to 20 identifiers that occur more than once.
    public var repeatedIDs: [String] = []
    /// Sources whose motion, or an error of it, was given as a placeholder or as infinite; it is unknown.
    public var placeholderMotions: Int64 = 0
    /// Columns with texts that were not UTF-8, and how many; they have U+FFFD now where they were not.
    public var repairedTexts: [(column: String, count: Int64)] = []
  }

  private let plan: IngestPlan
  private let cancellation: Cancellation
  private let sorting: Sorting

  /// How much is sorted at a time. It does not change the result.
  struct Sorting: Sendable {
    /// Rows gathered in memory before they are written as a run.
    var spillBytes = RowSpill.defaultBudgetBytes
    /// Rows read at a time; nil leaves it to the reader.
    var batchRows: Int?
  }

  /// A driver for a plan.
  public init(plan: IngestPlan, cancellation: Cancellation = Cancellation()) {
    self.init(plan: plan, cancellation: cancellation, sorting: Sorting())
  }

  /// A driver that sorts as it is told.
  init(plan: IngestPlan, cancellation: Cancellation = Cancellation(), sorting: Sorting) {
    self.plan = plan
    self.cancellation = cancellation
    self.sorting = sorting
  }

  /// Runs the ingest.
  /// - Throws: `IngestError` or `StoreError`; the database is then as before.
  public func run(into database: SkyDatabase, progress: @escaping @Sendable (Progress) -> Void = { _ in }) throws
    -> Outcome
  {
    try Self.sayingWhatIsKept(plan.name) { try ingest(into: database, progress) }
  }

  /// Runs a part of an ingest. Of one that is interrupted nothing is kept, and that is said.
  static func sayingWhatIsKept<Result>(_ subject: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as StoreError where error.code == .interrupted {
      throw StoreError(
        .interrupted, subject,
        "interrupted; nothing of this ingest is kept and the database is as it was; the same command begins again")
    }
  }

  private func ingest(into database: SkyDatabase, _ progress: @escaping @Sendable (Progress) -> Void) throws -> Outcome
  {
    try plan.requireComplete()
    let lock = try database.lockForWriting()
    defer { _ = lock }
    let registry = try database.writableRegistry()
    try CatalogueName.requireDistinct(plan.name, from: registry.catalogueNames())
    let inputs = try fingerprintInputs(progress)
    let fingerprint = Fingerprint(
      of: (["xmdb ingest 2", plan.optionsText]
        + zip(inputs, plan.source.files).map { input, file in
          file.table.map { "\(input.fingerprint) \($0)" } ?? input.fingerprint
        }).joined(separator: "\n")
    ).description
    // What is replaced is not looked at: it may be damaged.
    if !plan.options.replace, let old = try registry.findCatalogue(plan.name) {
      if old.inputsFingerprint == fingerprint { return Outcome(catalogue: old, wasThere: true) }
      throw StoreError(
        .usage, plan.name,
        "is there already, from other files, with other options or by an older version; --replace makes a new generation, --as NAME another catalogue"
      )
    }
    let number = try registry.nextNumber(of: plan.name)
    defer { try? database.clearStaging(holding: lock) }
    // What was replaced, or the files of a generation that nobody knows of, which take up the space that may have been
    // missing. What stays is cleared by the next writer.
    defer { try? database.removeLeftovers(holding: lock) }
    return try build(database, lock, registry, inputs, fingerprint, number, progress)
  }

  private func fingerprintInputs(_ progress: (Progress) -> Void) throws -> [InputFile] {
    try plan.source.files.map { file in
      try cancellation.check(plan.name)
      progress(.fingerprinting(file: plan.shown(file.path)))
      return InputFile(
        path: plan.options.shownPaths[file.path] ?? FileSystem.absolute(file.path),
        bytes: FileSystem.size(file.path) ?? 0, rows: file.rowCount,
        fingerprint: try Fingerprint(ofFile: file.path) { try cancellation.check(plan.name) }.description)
    }
  }

  private func build(
    _ database: SkyDatabase, _ lock: WriterLock, _ registry: Registry, _ inputs: [InputFile], _ fingerprint: String,
    _ number: Int,
    _ progress: @escaping @Sendable (Progress) -> Void
  ) throws -> Outcome {
    // Named before it is there, so that whoever comes after a kill knows whose it is.
    try registry.expect(folder: finalPath(number))
    let folder = try database.makeFolder(ofGeneration: finalPath(number), holding: lock)
    var pass = SpillPass(
      plan: plan, staging: try database.makeStaging(holding: lock), folder: folder, sorting: sorting,
      cancellation: cancellation)
    let total = plan.source.rowCount
    try pass.run { progress(.reading(rows: $0, of: total)) }
    let (rows, repeated) = try pass.finish()
    var info = describe(pass, inputs, fingerprint, number)
    let coverage = CoverageBuilder(rows: info.rows, count: rows.countOrZero(in:)).build()
    try rows.requireReadable()
    info.shards = try writeShards(rows, pass, info, folder, progress)
    let repeatedIDs = try RepeatedIDs(repeated, info, folder: folder, finalPath: finalPath(number)).find(
      in: info.shards)
    info.duplicateIDs = repeatedIDs.rows
    try requireClosed(info)
    try cancellation.check(plan.name)
    try sync(folder)
    try registry.publish(info, coverage: coverage)
    return Outcome(
      catalogue: try registry.catalogue(plan.name), wasThere: false, repeatedIDs: repeatedIDs.examples,
      placeholderMotions: pass.placeholderMotions, repairedTexts: pass.repairedTexts)
  }

  private func finalPath(_ number: Int) -> String { SkyDatabase.generationPath(catalogue: plan.name, number: number) }

  private func describe(_ pass: SpillPass, _ inputs: [InputFile], _ fingerprint: String, _ number: Int) -> CatalogueInfo
  {
    var info = CatalogueInfo(
      name: plan.name, inputsFingerprint: fingerprint, layout: plan.layout(hugeColumns: pass.hugeColumns))
    info.number = number
    info.created = Program.now()
    info.program = Program.version
    info.options = plan.optionsText
    info.inputRows = pass.inputRows
    info.rows = pass.spilledRows
    info.problems = pass.problemCounts.map { ($0.key.description, $0.value) }.sorted { $0.0 < $1.0 }
    info.problemRows = info.problems.reduce(0) { $0 + $1.rows }
    info.problemFile = pass.problemFile.map { ($0.bytes, $0.fingerprint) }
    info.nullIDs = pass.nullIDs
    info.epochYears = plan.roles.epochYears
    info.epochRange = plan.roles.epochYears.map { $0...$0 } ?? pass.statistics.epochs
    info.medianEpochYears = plan.roles.epochYears == nil ? pass.statistics.epochCounts.median : nil
    info.psf = plan.roles.psf
    info.largestSigmaArcsec = pass.statistics.largestVariance.squareRoot()
    info.largestMotionMasPerYear = pass.statistics.largestMotion
    info.largestSigmaMotionMasPerYear = pass.statistics.largestSigmaMotion
    info.knownMotions = pass.statistics.knownMotions
    info.magnitudes = pass.statistics.magnitudes
    info.columns = plan.columnInfos
    info.roles = plan.roleInfos
    info.inputs = inputs
    return info
  }

  private func writeShards(
    _ rows: SortedRows, _ pass: SpillPass, _ info: CatalogueInfo, _ folder: String,
    _ progress: @escaping @Sendable (Progress) -> Void
  ) throws -> [ShardInfo] {
    let perShard = ShardPlan.rowsPerShard(
      shardBytes: plan.options.shardBytes, encodedBytes: pass.spilledBytes, rows: pass.spilledRows)
    let pixels = ShardPlan(rowsPerShard: perShard, count: rows.countOrZero(in:)).pixels
    let parts = try rows.parts(of: pixels)
    try rows.requireReadable()
    let columns = zip(plan.columnNames, plan.storedTypes.enumerated()).map { name, column in
      (
        name: name,
        sqlType: StoredColumns.sqlType(column.element, hasHugeValues: pass.hugeColumns.contains(column.offset))
      )
    }
    let builder = ShardBuilder(
      rows: rows, format: pass.format,
      schema: ShardSchema(columns: columns, idColumn: plan.idColumn, layout: info.layout),
      binder: RowBinder(plan.storedTypes, hugeColumns: pass.hugeColumns), idColumn: plan.idColumn, folder: folder,
      finalPath: finalPath(info.number))
    let finished = Guarded<[ShardInfo]>([])
    let next = Atomic<Int>(0)
    let workers = min(max(1, plan.options.threads), max(1, pixels.count))
    try WorkerThreads.run(count: workers, threads: workers) { _ in
      let loaded = LoadedRows(format: builder.format)
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= pixels.count { return }
        try cancellation.check(plan.name)
        let shard: ShardInfo
        do { shard = try builder.build(pixels[index], from: parts[index], loaded: loaded) } catch {
          next.store(pixels.count, ordering: .relaxed)
          throw error
        }
        let done = finished.withLock {
          $0.append(shard)
          return $0.count
        }
        progress(.writing(shards: done, of: pixels.count))
      }
    }
    return finished.withLock { $0.sorted { $0.firstRowid < $1.firstRowid } }
  }

  /// Every input row is a source in a shard or a problem kept aside, or the ingest fails.
  private func requireClosed(_ info: CatalogueInfo) throws {
    let inShards = info.shards.reduce(0) { $0 + $1.rows }
    guard inShards == info.rows, info.rows + info.problemRows == info.inputRows,
      info.inputRows == plan.source.rowCount
    else {
      throw StoreError(
        .damaged, info.name,
        "the ledger does not close: \(plan.source.rowCount) rows announced, \(info.inputRows) read, \(inShards) in shards, "
          + "\(info.problemRows) kept aside; was a file changed while it was read? Run the command again")
    }
  }

  /// Makes the entries of the finished folders survive a power cut; their files are synced.
  private func sync(_ folder: String) throws {
    for name in FileSystem.list(folder) where FileSystem.isDirectory(folder + "/" + name) {
      try FileSystem.sync(folder + "/" + name)
    }
    try FileSystem.sync(folder)
  }
}
