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
    /// Write a margin of at least so many arcsec beside the catalogue, one of `HatsMargin.thresholds`, and a collection of both; for a
    /// catalogue of objects.
    public var marginArcsec: Double?
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
    /// Rows of the margin, one for each partition around which they lie.
    public internal(set) var marginRows: Int64 = 0
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
    try kind.check(choice, a, b)
    let known = Set(TableLayout.pool(choice.parts).map(\.name))
    layout = try TableLayout(
      kind.columns(choice, columns).filter { columns != nil || $0.contains(".") || known.contains($0) }, choice,
      a: a, b: b, hasHealpix: true)
    census = try TableLayout(
      known.contains(HatsKind.separation) ? [HatsKind.separation] : [], choice, a: a, b: b, hasHealpix: true)
    facts = TableNotes(
      name: kind.name(a, b), description: table.description, facts: table.facts)
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
    let margin = options.marginArcsec.map { HatsMargin(thresholdArcsec: $0) }
    if margin != nil && kind == .association {
      throw StoreError(.usage, "--margin", "is for catalogues of objects, and an association is of pairs; add --joined")
    }
    let target = try ExportFolder(folder, replacesOthers: options.replacesOthers)
    if margin == nil {
      try target.requireFree(files: HatsDataset.single, tables: ["dataset"])
    } else {
      try target.requireFree(files: ["collection.properties"], tables: ExportedFile.hatsFolders)
    }
    let pieces = choice.parts.flatMap { part in
      ExportPiece.pieces(of: part.table, chunks, rows: ExportPiece.mostRows).map { TablePiece(part: part, piece: $0) }
    }
    let found = try count(pieces, cancellation) { progress($0, 2 * pieces.count) }
    let partitions = HatsPartition.all(counts: found.counts, most: mostRows(options))
    guard !partitions.isEmpty else {
      throw StoreError(.usage, "export", "the match has no such rows, and a HATS catalogue has at least one")
    }
    let catalogue = try HatsDataset(
      prefix: margin == nil ? "" : "\(ExportedFile.hatsFolders[0])/", in: folder, columns: layout.columns, facts: facts)
    let around = try margin.map { (margin: $0, files: try marginFiles(folder)) }
    let counts = Guarded((done: 0, margins: [Int64](repeating: 0, count: partitions.count)))
    let next = Atomic<Int>(0)
    let threads = max(1, min(options.threads, partitions.count))
    try WorkerThreads.run(count: threads, threads: threads) { _ in
      var rows = TableRows(database: database, layout: layout, a: a, b: b)
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= partitions.count { return }
        let partition = partitions[index]
        var marginRows: Int64 = 0
        do {
          try write(partition, to: catalogue, found, pieces, &rows, cancellation)
          if let (margin, files) = around {
            let surroundings = margin.surroundings(of: partition.pixel)
            marginRows = try files.write(
              partition.pixel, read(surroundings, found, pieces, &rows, cancellation))
          }
        } catch {
          next.store(partitions.count, ordering: .relaxed)
          throw error
        }
        let count = counts.withLock { counts in
          counts.done += 1
          counts.margins[index] = marginRows
          return counts.done
        }
        progress(pieces.count + count * pieces.count / partitions.count, 2 * pieces.count)
      }
    }
    try cancellation.check("export")
    var files = StagedFiles()
    try catalogue.stage(partitions, into: &files) { properties(partitions, found, $0) }
    var written = Written(
      name: facts.name, rows: partitions.reduce(0) { $0 + $1.rows }, partitions: partitions.count,
      columns: layout.columns.count, bytes: files.listed.reduce(0) { $0 + $1.bytes })
    if let (margin, marginFiles) = around {
      let margins = zip(partitions, counts.withLock { $0.margins }).filter { $1 > 0 }.map {
        HatsPartition(pixel: $0.pixel, rows: $1)
      }
      try stage(margins, of: margin, marginFiles, into: &files, folder)
      written.marginRows = margins.reduce(0) { $0 + $1.rows }
    }
    try publish(files, target, folder)
    return written
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

  /// Gathers the rows of a partition and writes its file.
  private func write(
    _ partition: HatsPartition, to catalogue: HatsDataset, _ found: HatsCensus, _ pieces: [TablePiece],
    _ rows: inout TableRows, _ cancellation: Cancellation
  ) throws {
    let region = PixelRangeSet(pixels: [partition.pixel])
    let written = try catalogue.write(partition.pixel, read(region, found, pieces, &rows, cancellation))
    guard written == partition.rows else {
      throw StoreError(
        .damaged, "export",
        "\(written) rows were found in a pixel of \(partition.rows); was the database changed meanwhile? Run the command again"
      )
    }
  }

  /// The rows of a part of the sky, a batch for each piece that has any.
  private func read(
    _ region: PixelRangeSet, _ found: HatsCensus, _ pieces: [TablePiece], _ rows: inout TableRows,
    _ cancellation: Cancellation
  ) throws -> [TableBatch] {
    var batches: [TableBatch] = []
    for piece in found.pieces(in: region) {
      try cancellation.check("export")
      let batch = try rows.read(pieces[piece], in: region)
      if batch.rows > 0 { batches.append(batch) }
    }
    return batches
  }

  // MARK: The catalogue as a whole

  private func publish(_ files: StagedFiles, _ target: ExportFolder, _ folder: String) throws {
    let manifest = try FileWriter(path: folder + "/manifest.json")
    try manifest.write(
      try ManifestText.json(run: run, a: a, b: b, options: MatchExport.Options(), files: files.listed))
    try target.publish(files.staged, manifest: manifest) { try ManifestText.journal($0) }
  }

  // MARK: Its margin

  private func marginFiles(_ folder: String) throws -> HatsDataset {
    var facts = facts
    facts.name = marginName
    return try HatsDataset(
      prefix: "\(ExportedFile.hatsFolders[1])/", in: folder, columns: layout.columns, facts: facts)
  }

  private var marginName: String { facts.name + "_margin" }

  /// Completes the margin, and the collection of it and the catalogue.
  private func stage(
    _ partitions: [HatsPartition], of margin: HatsMargin, _ dataset: HatsDataset, into files: inout StagedFiles,
    _ folder: String
  ) throws {
    guard !partitions.isEmpty else {
      throw StoreError(
        .usage, "--margin",
        "is \(margin.thresholdArcsec) arcsec, and no row lies so near to the border of another file; leave it out")
    }
    try dataset.stage(partitions, into: &files) { bytes in
      var properties = HatsProperties(of: marginName, "margin", partitions, bytes)
      properties.add("hats_col_ra", "a_ra_deg")
      properties.add("hats_col_dec", "a_dec_deg")
      properties.add("hats_primary_table_url", facts.name)
      properties.add("hats_margin_threshold", "\(margin.thresholdArcsec)")
      properties.addProvenance("Rows of \(facts.name) around its partitions", run, a, b)
      return properties.text
    }
    let folders = ExportedFile.hatsFolders
    var collection = HatsProperties()
    collection.add("obs_collection", facts.name)
    collection.add("hats_primary_table_url", folders[0])
    collection.add("all_margins", folders[1])
    collection.add("default_margin", folders[1])
    collection.addProvenance(facts.description, run, a, b)
    try files.add("collection.properties", text: collection.text, in: folder)
  }

  // MARK: Properties

  private func properties(_ partitions: [HatsPartition], _ found: HatsCensus, _ bytes: Int64) -> String {
    var properties = HatsProperties(
      of: facts.name, kind == .association ? "association" : "object", partitions, bytes)
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
    properties.addProvenance(facts.description, run, a, b)
    return properties.text
  }

  /// The name of the identifier in the file that the catalogue was read from.
  private static func sourceName(ofID info: CatalogueInfo) -> String {
    let name = info.column(role: "id") ?? ""
    let source = info.columns.first { $0.name == name }?.sourceName ?? ""
    return source.isEmpty ? name : source
  }
}
