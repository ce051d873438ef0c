import CatalogStore
import Indexing
import MatchRun

/// The match of two catalogues that a scan reads: a stored run, or one made on the fly.
struct MatchSource {
  let a: CatalogueFiles
  let b: CatalogueFiles
  /// The run that was asked for by its number, else the newest finished one.
  let run: RunInfo?
  private let isChosen: Bool
  private let contents: SkyContents
  private let context: XMDBContext

  /// From arguments 1 and 2, the catalogues, and the optional number of a run.
  init(_ filter: FilterRequest, runArgument: Int, _ contents: SkyContents, _ context: XMDBContext) throws {
    let (a, b) = (try filter.catalogue(0, in: contents), try filter.catalogue(1, in: contents))
    if a === b {
      throw SQLFunctionError(
        "argument 2 (b) is '\(b.info.name)', as argument 1 (a); expected two different catalogues")
    }
    try self.init(
      a, b, run: filter.integer(runArgument), givenAs: "argument \(runArgument + 1) (run)", contents, context)
  }

  /// - Parameter number: The run to read; nil for the newest.
  init(
    _ a: CatalogueFiles, _ b: CatalogueFiles, run number: Int64?, givenAs subject: String, _ contents: SkyContents,
    _ context: XMDBContext
  ) throws {
    (self.a, self.b) = (a, b)
    self.contents = contents
    self.context = context
    isChosen = number != nil
    let names = (a.info.name, b.info.name)
    run =
      try number.map { try RunChoice(names, $0, givenAs: subject).find(in: contents) }
      ?? contents.registry.finishedRun(names.0, names.1)
    if run == nil && !context.matchesOnTheFly {
      throw SQLFunctionError("there is no finished match of '\(names.0)' and '\(names.1)'; this host makes none")
    }
  }

  /// 'a' or 'b' for the name of a catalogue; nil for any other name.
  func side(named name: String?) -> String? {
    switch name?.lowercased() {
    case a.info.name.lowercased(): "a"
    case b.info.name.lowercased(): "b"
    default: nil
    }
  }

  /// The error of an argument that names neither catalogue.
  func refusal(ofSide argument: SQLValue, at index: Int) -> SQLFunctionError {
    SQLFunctionError(
      "argument \(index + 1) (which) is \(argument.inMessage); expected '\(a.info.name)' or '\(b.info.name)'")
  }

  /// F_max: of the run, as it was recorded, or of the default configuration.
  var candidateFraction: Double? {
    guard let run else { return MatchConfiguration().candidateFraction }
    let key = "candidate_fraction: "
    return run.configuration.split(separator: "\n").first { $0.hasPrefix(key) }.flatMap {
      Double($0.dropFirst(key.count))
    }
  }

  /// What was measured around a place before anything was paired: by the run, or now.
  func measurement(at healpix29: Int64) throws -> RunMeasurement {
    if let run, let stored = try contents.measurement(of: run) { return stored }
    return try match().measurement(at: healpix29, stop: context.stopCheck)
  }

  /// The blends of this match.
  func blends() throws -> MatchBlends { try contents.blends(a.info.name, b.info.name, run: run) }

  // MARK: Rows

  /// The rows of a result table that satisfy constraints on its columns, with all columns.
  /// - Parameter side: 'a' or 'b' for non-matches, else nil.
  func rows(_ kind: ResultTable, side: String? = nil, where constraints: [FilterConstraint] = []) throws -> MatchCursor
  {
    let filter = FilterRequest(
      parameters: [], arguments: [], constraints: constraints, variant: 0, rowLimit: nil, columnsUsed: .max)
    return try rows(kind, side: side, filter)
  }

  /// The rows that a query wants of a result table.
  func rows(_ kind: ResultTable, side: String?, _ filter: FilterRequest) throws -> MatchCursor {
    let layout = MatchLayout(kind)
    let wanted = ResultRowsWanted(kind, filter, layout, a, b, side: side)
    return try MatchCursor(wanted, try chunks(kind, side, filter, layout), context)
  }

  private func chunks(
    _ kind: ResultTable, _ side: String?, _ filter: FilterRequest, _ layout: MatchLayout
  ) throws -> any ResultChunks {
    if let run, try isChosen || contents.runChunks(run.id).count <= Self.chunksWorthOpening(kind, filter) {
      return try stored(run, kind, filter, layout)
    }
    let wanted = try WantedSky(filter, layout, a, b, side: side, context).region
    if let run {
      // A run with the fingerprint of this very plan holds the rows that matching gives. For a small part of the sky that
      // is quicker than to look into every chunk's file.
      guard let wanted, isSmall(wanted), try match().plan.fingerprint.description == run.fingerprint else {
        return try stored(run, kind, filter, layout)
      }
    }
    return FreshChunks(try match(), kind, region: wanted ?? .wholeSky, context)
  }

  private func match() throws -> LiveMatch { try contents.match(a.info.name, b.info.name) }

  /// Up to so many files are opened rather than matching a part of the sky again: with an identifier each has an index.
  private static func chunksWorthOpening(_ kind: ResultTable, _ filter: FilterRequest) -> Int {
    let hasIndex = filter.constraints.contains {
      $0.operator.isEquality && kind.columns.indices.contains($0.column)
        && kind.indexedColumns.contains(kind.columns[$0.column].name)
    }
    return hasIndex ? 1000 : 4
  }

  private static let fewSources = 20_000.0

  private func isSmall(_ region: PixelRangeSet) -> Bool {
    func sources(_ files: CatalogueFiles) -> Double {
      files.shards(in: region).reduce(0) { sum, position in
        let shard = files.info.shards[position]
        let part = region.intersection(PixelRangeSet(pixels: [shard.pixel]))
        return sum + Double(shard.rows) * Double(part.pixelCount) / Double(shard.pixel.range29.count)
      }
    }
    return sources(a) + sources(b) < Self.fewSources
  }

  /// The chunks of a run. An island is stored with the chunk of its first member, so a query for one island needs one file.
  private func stored(
    _ run: RunInfo, _ kind: ResultTable, _ filter: FilterRequest, _ layout: MatchLayout
  ) throws -> StoredChunks {
    var chunks = try contents.runChunks(run.id)
    if let island = layout.island, let number = filter.exactInteger(ofColumn: island) {
      let home = try MatchSource.home(ofIsland: number, a, b, context)
      chunks = chunks.filter { home.intersects($0.pixel.range29) }
    }
    return StoredChunks(contents.database, chunks, kind, context)
  }

  /// Where the first member of an island lies; nowhere for a number that no island has.
  static func home(
    ofIsland number: Int64, _ a: CatalogueFiles, _ b: CatalogueFiles, _ context: XMDBContext
  ) throws -> PixelRangeSet {
    // 2 · rowid of the first member, + 1 if that is of b.
    number < 0 ? PixelRangeSet() : try (number % 2 == 0 ? a : b).pixel(ofRowid: number / 2, context)
  }
}
