/// Checks a database against its registry: that every file is there and unchanged, and that what the files hold agrees
/// with itself. Reads everything, changes nothing.
public struct DatabaseVerifier: Sendable {
  private let database: SkyDatabase
  private let threads: Int
  private let cancellation: Cancellation

  /// A verifier of `database`; `threads` files are read at a time.
  public init(database: SkyDatabase, threads: Int, cancellation: Cancellation = Cancellation()) {
    self.database = database
    self.threads = threads
    self.cancellation = cancellation
  }

  /// Checks the registry file itself.
  public func verifyRegistry() throws -> VerificationReport {
    var report = VerificationReport("registry")
    report.files = 1
    let registry = try database.registry()
    let connection = registry.connection
    let remedy = "ingest the catalogues into a new database"
    for (pragma, name) in [("integrity_check", "integrity"), ("foreign_key_check", "references between tables")] {
      let statement = try connection.prepare("PRAGMA \(pragma)")
      while try statement.step() {
        if statement.text(0) != "ok" {
          report.damages.append(Damage(database.registryPath, "\(name): \(statement.text(0))", remedy: remedy))
        }
      }
    }
    report.damages += try registry.unsoundOwners().map { Self.damage($0.error) }
    report.damages += try registry.damagesOfSkyTables().map(Self.damage)
    return report
  }

  /// An error about what the registry says, as a finding.
  private static func damage(_ error: StoreError) -> Damage {
    let advice = error.message.firstRange(of: "`xmdb verify`, then ").map { String(error.message[$0.upperBound...]) }
    return Damage(error.subject, FileVerifier.finding(error), remedy: advice ?? "ingest or match again")
  }

  /// Checks the current generation of a catalogue.
  /// - Parameter progress: Called with the files done and their total, from any thread.
  /// - Throws: `StoreError.usage` for an unknown catalogue, `.interrupted`, `.system` for files that may not be read.
  public func verify(
    catalogue name: String, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    var report = VerificationReport("catalogue " + name)
    do { try verify(name, &report, progress) } catch let error as StoreError where error.code == .damaged {
      report.damages.append(Self.damage(error))
    }
    return report
  }

  private func verify(
    _ name: String, _ report: inout VerificationReport, _ progress: @escaping @Sendable (Int, Int) -> Void
  ) throws {
    let registry = try database.registry()
    let info = try registry.catalogue(name)
    let checks = CatalogueVerifier(database: database, info: info)
    report.damages += checks.registryDamages
    do { report.damages += checks.damages(of: try registry.coverage(of: info)) } catch {
      report.damages.append(Damage(name, "\(error)", remedy: checks.remedy))
    }
    let shards = info.shards
    try inParallel(shards.count, "verify \(name)", &report, progress) { position in
      try ShardVerifier(file: shards[position].file(in: database), info: info, shard: shards[position])
        .verify(remedy: checks.remedy)
    }
    let problems = try checks.problemFileDamages()
    report.damages += problems
    report.rows += info.problemRows
  }

  /// Checks the stored results of a run.
  /// - Throws: `StoreError.usage` for an unknown run, and as above.
  public func verify(
    run number: Int64, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    guard try database.registry().runNumbers().contains(number) else {
      throw StoreError(.usage, "run \(number)", "there is no such run in \(database.path); `xmdb runs` lists them")
    }
    var report = VerificationReport("run \(number)")
    do { try verify(number, &report, progress) } catch let error as StoreError where error.code == .damaged {
      report.damages.append(Self.damage(error))
    }
    return report
  }

  private func verify(
    _ number: Int64, _ report: inout VerificationReport, _ progress: @escaping @Sendable (Int, Int) -> Void
  ) throws {
    let registry = try database.registry()
    let run = try registry.run(number)
    if run.kind == .corrections {
      // It has no files: the seals of its rows are all there is to check.
      if run.finished == nil {
        report.notes.append("the corrections are not finished; the same `xmdb correct` goes on with them")
      }
      return
    }
    let chunks = try registry.chunks(of: number)
    let a = try registry.catalogue(run.catalogueA)
    let b = try registry.catalogue(run.catalogueB)
    let checks = RunVerifier(run: run, chunks: chunks, sourcesA: a.rows, sourcesB: b.rows)
    let ledger = Guarded(RunRowids(sourcesA: a.rows, sourcesB: b.rows))
    try inParallel(chunks.count, "verify run \(number)", &report, progress) { position in
      let (part, rowids) = try ResultVerifier(file: chunks[position].file(in: database), chunk: chunks[position])
        .verify(remedy: checks.remedy)
      ledger.withLock { $0.add(rowids) }
      return part
    }
    // Sources that a damaged file holds are not missed a second time.
    let rowids = report.damages.isEmpty ? ledger.withLock { $0.summary } : nil
    report.damages += checks.damages(rowids)
    try verifyCounts(of: run, registry, remedy: checks.remedy, &report)
    if run.finished == nil {
      report.notes.append("the run is not finished (\(chunks.count) chunks are); the same `xmdb match` goes on with it")
    }
  }

  /// The counts that are there must be the ones that were written.
  private func verifyCounts(
    of run: RunInfo, _ registry: Registry, remedy: String, _ report: inout VerificationReport
  ) throws {
    for pixel in try registry.plannedPixels(of: run.id) {
      try cancellation.check("verify run \(run.id)")
      let path = database.path + "/" + SkyDatabase.countsPath(run: run.id, pixel)
      guard FileSystem.exists(path) else { continue }
      report.files += 1
      report.damages += try FileVerifier.findings(path, remedy: remedy) { _ in
        _ = try LabelledFile.body(
          of: path, label: SkyDatabase.countsLabel(fingerprint: run.fingerprint, pixel: pixel))
      }.damages
    }
  }

  /// Runs `check` for every file and adds up what it finds, in the order of the files.
  private func inParallel(
    _ count: Int, _ doing: String, _ report: inout VerificationReport,
    _ progress: @escaping @Sendable (Int, Int) -> Void,
    _ check: @escaping @Sendable (Int) throws -> FileFindings
  ) throws {
    let parts = Guarded<[Int: FileFindings]>([:])
    try WorkerThreads.run(count: count, threads: threads) { position in
      try cancellation.check(doing)
      let findings = try check(position)
      let done = parts.withLock {
        $0[position] = findings
        return $0.count
      }
      progress(done, count)
    }
    for position in 0..<count {
      guard let part = parts.withLock({ $0[position] }) else { continue }
      report.files += 1
      report.rows += part.rows
      report.damages += part.damages
    }
  }
}
