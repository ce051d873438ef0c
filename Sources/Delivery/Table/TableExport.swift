public import CatalogStore
public import Formats

/// Writes a finished match as one table, in any of the formats that are written.
public struct TableExport: Sendable {
  /// What has been written.
  public struct Written: Sendable {
    /// Rows.
    public let rows: Int64
    /// Columns.
    public let columns: Int
    /// What the format could not hold.
    public let remarks: [String]
  }

  private let database: SkyDatabase
  private let run: RunInfo
  private let chunks: [RunChunk]
  private let a: CatalogueInfo
  private let b: CatalogueInfo
  private let choice: TableChoice
  private let layout: TableLayout

  /// Rows that a thread reads at a time at most.
  var pieceRows = ExportPiece.mostRows

  /// Prepares the export of a finished run of two catalogues.
  /// - Parameters:
  ///   - run: Its number; nil for the newest.
  ///   - columns: Names of columns of the match, `a.NAME` and `b.NAME` of either catalogue, `*`, `a.*` and `b.*` for all of
  ///     them, in the order of the table. Columns of catalogues whose names occur twice get `_1` or `_2` behind them.
  /// - Throws: `StoreError.usage` when there is no such run, or no such column.
  public init(
    database: SkyDatabase, a nameA: String, b nameB: String, run number: Int64? = nil, choice: TableChoice,
    columns: [String] = ["*"]
  ) throws {
    let registry = try database.registry()
    a = try registry.catalogue(nameA)
    b = try registry.catalogue(nameB)
    run = try MatchExport.run(number, nameA, nameB, registry)
    chunks = try registry.chunks(of: run.id)
    (self.database, self.choice) = (database, choice)
    layout = try TableLayout(columns, choice, a: a, b: b)
  }

  /// The columns that a table of two files has: all of both, then what the match found.
  public static func columnsOfBoth(_ choice: TableChoice) -> [String] {
    let wanted = ["match_p", "pair_p", "separation_arcsec", "eta", "xi", "alone_p", "island", "flags"]
    let known = Set(TableLayout.pool(choice.parts).map(\.name))
    let hasA = choice.join != .onlySecond
    let hasB = choice.join != .onlyFirst
    return (hasA ? ["a.*"] : []) + (hasB ? ["b.*"] : []) + wanted.filter(known.contains)
  }

  /// Writes the table aside; it gets its name when it is complete. Rows are in sky order, pairs first; the contents do not
  /// depend on the number of threads. Memory is bounded by a few pieces of rows for each thread.
  /// - Parameter progress: Called with the number of pieces written and their total, from any thread.
  /// - Throws: `StoreError`: `.usage` for what the format cannot hold; `.interrupted`, `.system`, `.damaged`.
  public func write(
    to path: String, _ format: OutputFormat, _ options: OutputFormat.Options = .init(), threads: Int = 1,
    cancellation: Cancellation = Cancellation(), progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> Written {
    let sink = Guarded(try format.writer(path: path, columns: layout.columns, notes: notes, options: options))
    try forEachBatch(threads: threads, cancellation) { batch, done, all in
      try sink.withLock { try batch.append(to: $0) }
      progress(done, all)
    }
    return try sink.withLock { writer in
      try writer.publish()
      return Written(rows: writer.rowCount, columns: layout.columns.count, remarks: writer.remarks)
    }
  }

  /// Reads the rows on several threads, and hands them on in order.
  /// - Parameter take: Called with some rows, the number of calls so far, and how many there will be.
  func forEachBatch(
    threads: Int, _ cancellation: Cancellation, take: @escaping @Sendable (TableBatch, Int, Int) throws -> Void
  ) throws {
    let pieces = choice.parts.flatMap { part in
      ExportPiece.pieces(of: part.table, chunks, rows: pieceRows).map { TablePiece(part: part, piece: $0) }
    }
    let done = Guarded(0)
    let threads = max(1, min(threads, pieces.count))
    let work = OrderedWork<TableBatch>(count: pieces.count, room: threads + Self.piecesAhead) { batch in
      let number = done.withLock { done in
        done += 1
        return done
      }
      try take(batch, number, pieces.count)
    }
    try WorkerThreads.run(count: threads, threads: threads) { _ in
      var rows = TableRows(database: database, layout: layout, a: a, b: b)
      try work.help { number in
        try cancellation.check("export")
        return try rows.read(pieces[number])
      }
    }
    try cancellation.check("export")
  }

  /// The columns of the table.
  var columns: [TableColumn] { layout.columns }

  /// Pieces that may wait for their turn, beside those that are being read.
  private static let piecesAhead = 4

  /// What the rows are.
  var description: String {
    "\(choice.find == .all ? "Candidate pairs" : "Counterparts") of \(a.name) (1) and \(b.name) (2)"
  }

  private var notes: TableNotes {
    TableNotes(
      name: "matches", description: description,
      facts: [("find", choice.find.rawValue), ("join", choice.join.rawValue)] + facts)
  }

  /// Where the rows come from.
  var facts: [(name: String, value: String)] {
    let configuration = run.configuration.split(separator: "\n").joined(separator: "; ")
    return [
      ("creator", "xmdb \(Program.version)"), ("catalogue_1", a.name), ("inputs_fingerprint_1", a.inputsFingerprint),
      ("catalogue_2", b.name), ("inputs_fingerprint_2", b.inputsFingerprint), ("run_fingerprint", run.fingerprint),
      ("configuration", configuration),
    ]
  }
}
