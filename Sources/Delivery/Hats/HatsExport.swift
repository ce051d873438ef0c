public import CatalogStore
internal import Formats
internal import Indexing
internal import Synchronization

/// Writes a finished match as a HATS catalogue: a folder of Parquet files, one for each pixel of the sky, which LSDB reads.
///
/// A row lies in the pixel of its source of the first catalogue. Files have `_healpix_29` as their first column, are sorted by it,
/// and describe units and UCDs by VOParquet.
///
/// Source: IVOA Note "HATS: A Standard for the Hierarchical Adaptive Tiling Scheme in the Virtual Observatory" 1.0.
public struct HatsExport: Sendable {
  /// How a catalogue is written. The contents do not depend on the number of threads.
  public struct Options: Sendable {
    /// The most rows of a partition.
    public var partitionRows: Int64 = 1_000_000
    /// Threads, each with one partition in memory.
    public var threads = 1
    /// Replace files of the same names that no export has written, too.
    public var replacesOthers = false

    /// Usual options.
    public init() {}
  }

  /// What was written.
  public struct Written: Sendable {
    /// The catalogue's name.
    public let name: String
    public let rows: Int64
    public let partitions: Int
    public let columns: Int
    public let bytes: Int64
  }

  private let database: SkyDatabase
  private let run: RunInfo
  private let chunks: [RunChunk]
  private let a: CatalogueInfo
  private let b: CatalogueInfo
  private let kind: HatsKind
  private let choice: TableChoice
  private let layout: TableLayout
  private let census: TableLayout
  private let facts: TableNotes

  /// Memory for the rows of a partition, about.
  private static let partitionBytes: Int64 = 256 << 20

  /// Prepares the export of a finished run of two catalogues.
  /// - Parameters:
  ///   - run: Its number; nil for the newest.
  ///   - columns: As for `TableExport`; nil for the usual ones.
  /// - Throws: `StoreError.usage` when there is no such run or column, for rows without a source of the first catalogue, and for
  ///   an association of catalogues without identifiers.
  public init(
    database: SkyDatabase, a nameA: String, b nameB: String, run number: Int64? = nil, kind: HatsKind,
    choice: TableChoice, columns: [String]? = nil
  ) throws {
    let table = try TableExport(database: database, a: nameA, b: nameB, run: number, choice: choice)
    let registry = try database.registry()
    a = try registry.catalogue(nameA)
    b = try registry.catalogue(nameB)
    run = try MatchExport.run(number, nameA, nameB, registry)
    chunks = try registry.chunks(of: run.id)
    (self.database, self.kind, self.choice) = (database, kind, choice)
    try Self.check(choice, kind, a, b)
    let known = Set(TableLayout.pool(choice.parts).map(\.name))
    layout = try TableLayout(
      Self.columns(kind, choice, columns).filter { columns != nil || $0.contains(".") || known.contains($0) }, choice,
      a: a, b: b, hasHealpix: true)
    census = try TableLayout(
      known.contains(Self.separation) ? [Self.separation] : [], choice, a: a, b: b, hasHealpix: true)
    facts = TableNotes(
      name: Self.name(kind, a, b), description: table.description, facts: table.facts)
  }

  private static let separation = "separation_arcsec"

  private static func name(_ kind: HatsKind, _ a: CatalogueInfo, _ b: CatalogueInfo) -> String {
    kind == .association ? "\(a.name)_x_\(b.name)_association" : "\(a.name)_x_\(b.name)"
  }

  private static func columns(_ kind: HatsKind, _ choice: TableChoice, _ given: [String]?) -> [String] {
    let always = kind == .association ? ["a_id", "b_id"] : ["a_ra_deg", "a_dec_deg"]
    let usual =
      kind == .association
      ? [separation, "pair_p", "match_p", "eta", "xi", "flags"] : TableExport.columnsOfBoth(choice)
    return always + (given ?? usual).filter { !always.contains($0) && $0 != "*" }
      + (given?.contains("*") == true ? TableLayout.pool(choice.parts).map(\.name).filter { !always.contains($0) } : [])
  }

  private static func check(_ choice: TableChoice, _ kind: HatsKind, _ a: CatalogueInfo, _ b: CatalogueInfo) throws {
    guard ![.either, .all2, .onlySecond].contains(choice.join) else {
      throw StoreError(
        .usage, "--join",
        "\(choice.join.rawValue) has rows without a source of \(a.name), by which a HATS catalogue is divided; allowed: 1and2, all1, "
          + "1not2, or exchange the catalogues")
    }
    guard kind == .association else { return }
    guard choice.join == .both else {
      throw StoreError(
        .usage, "--join",
        "\(choice.join.rawValue) has rows without a pair, and an association is of pairs; add --joined")
    }
    for info in [a, b] where info.column(role: "id") == nil {
      throw StoreError(
        .usage, info.name,
        "has no id that an association could join by; ingest it with --map id=COLUMN, or export with --joined")
    }
  }

  // MARK: Writing

  /// Writes the catalogue aside. When it is complete it takes the place of an earlier export in the folder; files of other people stay.
  ///
  /// Memory is bounded by one partition for each thread, and 25 MB for the counts.
  /// - Parameter progress: Called with the number of steps done and their total, from any thread.
  /// - Throws: `StoreError`: `.usage` for an empty match and for files of the same names that no export has written; `.busy`,
  ///   `.interrupted`, `.system`, `.damaged`.
  /// - Complexity: Rows are read twice.
  public func write(
    to folder: String, _ options: Options = Options(), cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Written {
    let target = try ExportFolder(folder, replacesOthers: options.replacesOthers)
    try target.requireFree(files: ["hats.properties", "properties", "partition_info.csv"], tables: ["dataset"])
    let pieces = choice.parts.flatMap { part in
      ExportPiece.pieces(of: part.table, chunks, rows: ExportPiece.mostRows).map { TablePiece(part: part, piece: $0) }
    }
    let found = try count(pieces, cancellation) { progress($0, 2 * pieces.count) }
    let partitions = HatsPartition.all(counts: found.counts, most: mostRows(options))
    guard !partitions.isEmpty else {
      throw StoreError(.usage, "export", "the match has no such rows, and a HATS catalogue has at least one")
    }
    let drafts = try DraftFolder(in: folder)
    let done = Guarded(0)
    let next = Atomic<Int>(0)
    let threads = max(1, min(options.threads, partitions.count))
    try WorkerThreads.run(count: threads, threads: threads) { _ in
      var rows = TableRows(database: database, layout: layout, a: a, b: b)
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= partitions.count { return }
        do { try write(partitions[index], found, pieces, &rows, drafts, cancellation) } catch {
          next.store(partitions.count, ordering: .relaxed)
          throw error
        }
        let count = done.withLock { done in
          done += 1
          return done
        }
        progress(pieces.count + count * pieces.count / partitions.count, 2 * pieces.count)
      }
    }
    try cancellation.check("export")
    return try publish(partitions, found, drafts, target, folder)
  }

  /// Rows of a partition: fewer where rows are wide.
  private func mostRows(_ options: Options) -> Int64 {
    let bytes = layout.columns.reduce(Int64(16)) { $0 + ($1.type == .text || $1.type == .binary ? 32 : 8) }
    return max(1, min(options.partitionRows, Self.partitionBytes / bytes))
  }

  private func count(
    _ pieces: [TablePiece], _ cancellation: Cancellation, _ progress: (Int) -> Void
  ) throws -> HatsCensus {
    var found = HatsCensus()
    var rows = TableRows(database: database, layout: census, a: a, b: b)
    for (number, piece) in pieces.enumerated() {
      try cancellation.check("export")
      let batch = try rows.read(piece)
      found.add(
        healpix29: batch.integers(column: 0), separations: census.columns.count > 1 ? batch.numbers(column: 1) : [])
      progress(number + 1)
    }
    return found
  }

  /// Gathers the rows of a partition, sorts them, and writes its file.
  private func write(
    _ partition: HatsPartition, _ found: HatsCensus, _ pieces: [TablePiece], _ rows: inout TableRows,
    _ drafts: DraftFolder, _ cancellation: Cancellation
  ) throws {
    var batches: [TableBatch] = []
    var order: [(key: Int64, place: TableBatch.Place)] = []
    for piece in found.pieces(of: partition) {
      try cancellation.check("export")
      let batch = try rows.read(pieces[piece], in: partition.pixel.range29)
      if batch.rows == 0 { continue }
      for (row, key) in batch.integers(column: 0).enumerated() {
        order.append((key, TableBatch.Place(batch: batches.count, row: row)))
      }
      batches.append(batch)
    }
    guard Int64(order.count) == partition.rows else {
      throw StoreError(
        .damaged, "export",
        "\(order.count) rows were found in a pixel of \(partition.rows); was the database changed meanwhile? Run the command again"
      )
    }
    order.sort { ($0.key, $0.place.batch, $0.place.row) < ($1.key, $1.place.batch, $1.place.row) }
    let path = draftPath(partition, drafts)
    try FileSystem.createDirectories(FileSystem.parent(path))
    let file = try OutputFormat.parquet.writer(path: path, columns: layout.columns, notes: facts)
    let places = order.map(\.place)
    for start in stride(from: 0, to: places.count, by: Self.rowsAtATime) {
      let part = places[start..<min(start + Self.rowsAtATime, places.count)]
      try TableBatch.gathered(part, of: batches, layout.columns).append(to: file)
    }
    try file.publish()
  }

  private static let rowsAtATime = 32_768

  private func draftPath(_ partition: HatsPartition, _ drafts: DraftFolder) -> String {
    "\(drafts.path)/Norder=\(partition.pixel.order)/Npix=\(partition.pixel.index).parquet"
  }

  // MARK: The catalogue as a whole

  private func publish(
    _ partitions: [HatsPartition], _ found: HatsCensus, _ drafts: DraftFolder, _ target: ExportFolder, _ folder: String
  ) throws -> Written {
    var staged: [StagedFile] = []
    var files: [MatchExport.File] = []
    func add(_ name: String, rows: Int64, path: String, _ draft: any Sendable) throws {
      let file = MatchExport.File(
        name: name, rows: rows, bytes: FileSystem.size(path) ?? 0,
        fingerprint: try Fingerprint(ofFile: path).description)
      files.append(file)
      staged.append(StagedFile(try file.listed, path: path, draft: draft))
    }
    for partition in partitions {
      try add("dataset/" + partition.name, rows: partition.rows, path: draftPath(partition, drafts), drafts)
    }
    let bytes = files.reduce(0) { $0 + $1.bytes }
    let metadata = try Draft(in: folder)
    try ParquetFooters.gather(partitions.map { (draftPath($0, drafts), $0.name) }, into: metadata)
    try add("dataset/_metadata", rows: 0, path: metadata.path, metadata)
    // A file without rows: its footer is that of all.
    let common = "\(drafts.path)/Norder=0/Npix=12.parquet"
    try FileSystem.createDirectories(FileSystem.parent(common))
    try OutputFormat.parquet.writer(path: common, columns: layout.columns, notes: facts).publish()
    try add("dataset/_common_metadata", rows: 0, path: common, drafts)
    let list = "Norder,Npix\n" + partitions.map { "\($0.pixel.order),\($0.pixel.index)\n" }.joined()
    let properties = properties(partitions, found, bytes)
    for (name, text) in [("partition_info.csv", list), ("properties", properties), ("hats.properties", properties)] {
      let writer = try FileWriter(path: "\(folder)/\(name)")
      try writer.write(text)
      _ = try writer.finish()
      try add(name, rows: 0, path: writer.draft.path, writer.draft)
    }
    let manifest = try FileWriter(path: folder + "/manifest.json")
    try manifest.write(try ManifestText.json(run: run, a: a, b: b, options: MatchExport.Options(), files: files))
    try target.publish(staged, manifest: manifest) { try ManifestText.journal($0) }
    return Written(
      name: facts.name, rows: partitions.reduce(0) { $0 + $1.rows }, partitions: partitions.count,
      columns: layout.columns.count, bytes: bytes)
  }

  private func properties(_ partitions: [HatsPartition], _ found: HatsCensus, _ bytes: Int64) -> String {
    var properties = HatsProperties()
    properties.add("obs_collection", facts.name)
    properties.add("dataproduct_type", kind == .association ? "association" : "object")
    properties.add("hats_nrows", "\(partitions.reduce(0) { $0 + $1.rows })")
    properties.add("hats_col_healpix", TableLayout.healpixName)
    properties.add("hats_col_healpix_order", "29")
    properties.add("hats_npix_suffix", ".parquet")
    properties.add("hats_order", "\(partitions.map(\.pixel.order).max() ?? 0)")
    properties.add("hats_max_rows", "\(partitions.map(\.rows).max() ?? 0)")
    properties.add("hats_estsize", "\((bytes + 1023) / 1024)")
    let area = partitions.reduce(0) { $0 + HealpixPixel.area(order: $1.pixel.order) }
    properties.add("moc_sky_fraction", "\(area / (12 * HealpixPixel.area(order: 0)))")
    switch kind {
    case .joined:
      properties.add("hats_col_ra", "a_ra_deg")
      properties.add("hats_col_dec", "a_dec_deg")
    case .association:
      properties.add("hats_primary_table_url", a.name)
      properties.add("hats_col_assn_primary", Self.sourceName(ofID: a))
      properties.add("hats_col_assn_primary_assn", "a_id")
      properties.add("hats_assn_join_table_url", b.name)
      properties.add("hats_col_assn_join", Self.sourceName(ofID: b))
      properties.add("hats_col_assn_join_assn", "b_id")
      if let largest = found.largestSeparationArcsec { properties.add("hats_assn_max_separation", "\(largest)") }
      properties.add("hats_assn_leaf_files", "true")
    }
    properties.add("hats_builder", "xmdb \(Program.version)")
    properties.add("hats_creation_date", Program.now())
    properties.add("hats_version", "v1.0")
    properties.add("obs_description", facts.description)
    properties.add("prov_progenitor", "\(a.name) \(a.inputsFingerprint), \(b.name) \(b.inputsFingerprint)")
    properties.add("xmdb_run_fingerprint", run.fingerprint)
    return properties.text
  }

  /// The name of the identifier in the file that the catalogue was read from.
  private static func sourceName(ofID info: CatalogueInfo) -> String {
    let name = info.column(role: "id") ?? ""
    let source = info.columns.first { $0.name == name }?.sourceName ?? ""
    return source.isEmpty ? name : source
  }
}
