public import CatalogStore
internal import Formats

/// Writes the result of a finished run as the tables that a data access centre ingests: headerless CSV, a Felis
/// description and a manifest with counts and fingerprints.
public struct MatchExport: Sendable {
  /// One exported file.
  public struct File: Sendable {
    /// Its name.
    public var name: String
    /// Rows, without a header.
    public var rows: Int64
    /// Bytes.
    public var bytes: Int64
    /// XXH3-128 of its contents.
    public var fingerprint: String
  }

  private let database: SkyDatabase
  private let run: RunInfo
  private let chunks: [RunChunk]
  private let extraA: [String]
  private let extraB: [String]
  private let a: CatalogueInfo
  private let b: CatalogueInfo

  /// Prepares the export of a finished run of two catalogues.
  /// - Parameters:
  ///   - run: Its number; nil for the newest.
  ///   - extraA: Further columns of the first catalogue.
  ///   - extraB: Further columns of the second.
  /// - Throws: `StoreError.usage` when there is no such run, or no such column.
  public init(
    database: SkyDatabase, a nameA: String, b nameB: String, run number: Int64? = nil, extraA: [String] = [],
    extraB: [String] = []
  ) throws {
    let registry = try database.registry()
    a = try registry.catalogue(nameA)
    b = try registry.catalogue(nameB)
    run = try Self.run(number, nameA, nameB, registry)
    chunks = try registry.chunks(of: run.id)
    self.database = database
    (self.extraA, self.extraB) = (extraA, extraB)
  }

  /// A finished run of two catalogues, by its number or the newest.
  static func run(_ number: Int64?, _ a: String, _ b: String, _ registry: Registry) throws -> RunInfo {
    guard let number else {
      if let run = try registry.finishedRun(a, b) { return run }
      throw StoreError(
        .usage, "export", "there is no finished match of \(a) and \(b); run `xmdb match \(a) \(b)` first")
    }
    let finished = try registry.allRuns().filter {
      $0.kind == .match && $0.catalogueA == a && $0.catalogueB == b && $0.finished != nil
    }
    if let run = finished.first(where: { $0.id == number }) { return run }
    let known = finished.isEmpty ? "none" : finished.map { "\($0.id)" }.joined(separator: ", ")
    throw StoreError(.usage, "export", "run \(number) is no finished match of \(a) and \(b); finished ones: \(known)")
  }

  /// How an export is written. The contents do not depend on the number of threads.
  public struct Options: Sendable {
    /// Begin each CSV with a line of column names.
    public var header: Bool
    /// Order of the HEALPix pixels that have a file each; nil for one file.
    public var pixelOrder: Int?
    /// Threads that format rows.
    public var threads: Int
    /// Replace files of the same names that no export has written, too.
    public var replacesOthers: Bool
    /// Export the candidate pairs, too, as Rubin's `DiaObject_To_Object_Match` has them.
    public var hasPairs = false
    /// Divide the tables among the chunks of this Qserv and describe them to it; nil: for any database.
    public var qserv: QservDatabase?
    /// Rows that a thread formats at a time at most.
    var pieceRows = ExportPiece.mostRows

    /// Makes options; without any, one thread, one file for each table, no header.
    public init(header: Bool = false, pixelOrder: Int? = nil, threads: Int = 1, replacesOthers: Bool = false) {
      self.header = header
      self.pixelOrder = pixelOrder
      self.threads = threads
      self.replacesOthers = replacesOthers
    }
  }

  /// Orders that the sky may be divided by.
  public static let pixelOrders = 0...10

  /// Writes all files into a folder, each aside first. When all are complete they take the place of an earlier export there;
  /// files of other people stay.
  ///
  /// The rows of an island are in the pixel of its first member on the sky. Rows lie in sky order: the files of all pixels,
  /// one after the other, are the one file. Memory is bounded by a few pieces of rows for each thread.
  /// - Parameter progress: Called with the number of chunks written and their total, per table, from any thread.
  /// - Throws: `StoreError`: `.usage` for an order outside `pixelOrders`, and for files of the same names that no export has
  ///   written; `.busy`, `.interrupted`, `.system`, `.damaged`.
  public func write(
    to folder: String, _ options: Options = Options(), cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
  ) throws -> [File] {
    if let order = options.pixelOrder, !Self.pixelOrders.contains(order) {
      throw StoreError(.usage, "export", "pixels of order \(order); allowed: 0 to \(Self.pixelOrders.upperBound)")
    }
    let target = try ExportFolder(folder, replacesOthers: options.replacesOthers)
    let tables = try tables(options)
    try requireFree(tables, options, target)
    var files: [File] = []
    var staged: [StagedFile] = []
    var described: [(table: ExportTable, lengths: [Int])] = []
    for table in tables {
      let written = try write(table, folder, options, cancellation) { progress(table.name, $0, chunks.count) }
      files += written.files
      staged += written.staged
      described.append((table, written.lengths))
    }
    for (name, text) in try descriptions(described, files, options) {
      let (writer, file) = try stage(text, name, folder)
      files.append(file)
      staged.append(StagedFile(try file.listed, path: writer.draft.path, draft: writer.draft))
    }
    let text = try ManifestText.json(run: run, a: a, b: b, options: options, files: files)
    let (manifest, manifestFile) = try stage(text, Self.manifestName, folder)
    try target.publish(staged, manifest: manifest) { try ManifestText.journal($0) }
    return files + [manifestFile]
  }

  private func tables(_ options: Options) throws -> [ExportTable] {
    let tables = try ExportLayout(a: a, b: b, extraA: extraA, extraB: extraB, hasPairs: options.hasPairs).tables
    guard let qserv = options.qserv else { return tables }
    return try QservLayout(database: qserv, a: a, b: b).tables(tables)
  }

  private func requireFree(_ tables: [ExportTable], _ options: Options, _ target: ExportFolder) throws {
    let names = tables.map(\.name)
    if options.qserv != nil {
      let files = names.flatMap { [$0 + ".json", "idx_\($0).json", $0 + QservFiles.beyond] }
      let common = [Self.felisName, QservText.databaseName, QservText.metadataName]
      try target.requireFree(files: common + files, tables: names)
    } else {
      let isDivided = options.pixelOrder != nil
      try target.requireFree(
        files: [Self.felisName] + (isDivided ? [] : names.map { $0 + ".csv" }), tables: isDivided ? names : [])
    }
  }

  /// What describes the tables, by the names of the files.
  private func descriptions(
    _ tables: [(table: ExportTable, lengths: [Int])], _ files: [File], _ options: Options
  ) throws -> [(name: String, text: String)] {
    let name = options.qserv?.name ?? "\(a.name)_\(b.name)"
    let felis = try FelisText.schema(name, "Cross-match of \(a.name) and \(b.name)", tables)
    return [(Self.felisName, felis)] + (try options.qserv.map { try QservText.files($0, tables, files) } ?? [])
  }

  private static let felisName = "matches.felis.yaml"
  private static let manifestName = "manifest.json"

  private func write(
    _ table: ExportTable, _ folder: String, _ options: Options, _ cancellation: Cancellation,
    _ progress: @escaping @Sendable (Int) -> Void
  ) throws -> (files: [File], staged: [StagedFile], lengths: [Int]) {
    let header = options.header ? Self.header(of: table) : []
    let files: any TableFiles =
      table.placing == nil
      ? try ExportFiles(table, in: folder, header: header, isDivided: options.pixelOrder != nil)
      : try QservFiles(table, in: folder)
    try format(table, options, cancellation) { piece in
      try files.append(piece)
      progress(piece.position + 1)
    }
    return try files.finish()
  }

  /// Formats the rows of a table on several threads and passes them on in order.
  private func format(
    _ table: ExportTable, _ options: Options, _ cancellation: Cancellation,
    _ passOn: @escaping @Sendable (FormattedPiece) throws -> Void
  ) throws {
    let pieces = ExportPiece.pieces(of: table.table, chunks, rows: options.pieceRows)
    let threads = max(1, min(options.threads, pieces.count))
    let work = OrderedWork(count: pieces.count, room: threads + Self.piecesAhead, passOn: passOn)
    try WorkerThreads.run(count: threads, threads: threads) { _ in
      var rows = ExportRows(database: database, table: table, a: a, b: b, order: options.pixelOrder)
      try work.help { number in
        try cancellation.check("export")
        return try rows.format(pieces[number])
      }
    }
  }

  /// Pieces that may wait for their turn, beside those that are being formatted.
  private static let piecesAhead = 4

  private static func header(of table: ExportTable) -> [UInt8] {
    var text = DelimitedText(.loaded)
    for column in table.columns { text.field(column.name) }
    text.endLine()
    return text.bytes
  }

  /// Writes a text aside.
  private func stage(_ text: String, _ name: String, _ folder: String) throws -> (FileWriter, File) {
    let file = try FileWriter(path: folder + "/" + name)
    try file.write(text)
    let fingerprint = try file.finish()
    return (file, File(name: name, rows: 0, bytes: file.byteCount, fingerprint: fingerprint.description))
  }
}
