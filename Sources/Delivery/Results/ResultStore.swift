internal import CatalogStore

/// Result sets and identifiers of catalogues while they are checked: in a temporary SQLite file, sorted by SQLite there, so that
/// memory does not grow with them.
final class ResultStore {
  /// One of the sets that are held.
  enum Side: Int { case first = 1, second = 2 }

  let connection: Connection
  private let draft: Draft

  /// - Parameter scratch: The folder of the file.
  init(scratch: String) throws {
    Draft.removeLeftovers(in: scratch)
    draft = try Draft(in: scratch)
    connection = try Connection(path: draft.path, mode: .bulk)
    // Sorting must not take memory either.
    try connection.execute("PRAGMA temp_store=FILE")
    try connection.execute("CREATE TABLE catalogue(is_a INTEGER, id)")
    for side in [Side.first, .second] {
      try connection.execute(
        """
        CREATE TABLE raw\(side.rawValue)(a, b, match_p REAL, pair_p REAL, flags INTEGER);
        CREATE TABLE alone\(side.rawValue)(is_a INTEGER, id);
        """)
    }
    try connection.execute("BEGIN")
  }

  /// A door for the rows of a set.
  func sink(_ side: Side) throws -> ResultSink { try ResultSink(connection, side) }

  /// Sorts the pairs of a set, each once.
  func sort(_ side: Side) throws {
    let number = side.rawValue
    try connection.execute(
      """
      CREATE TABLE pair\(number) AS SELECT a, b, max(match_p) AS match_p, max(pair_p) AS pair_p, max(flags) AS flags, count(*) AS n
        FROM raw\(number) GROUP BY a, b;
      DROP TABLE raw\(number);
      CREATE INDEX by_a\(number) ON pair\(number)(a, b);
      """)
  }

  /// Adds the identifiers of a catalogue.
  func add(catalogue info: CatalogueInfo, isA: Bool, of database: SkyDatabase, _ cancellation: Cancellation) throws {
    let reader = WideReader(database: database, info: info, columns: [info.column(role: "id") ?? "xm_rowid"])
    let insert = try connection.prepare("INSERT INTO catalogue VALUES (?, ?)")
    for shard in info.shards {
      try cancellation.check("import-results")
      for rowid in shard.firstRowid..<shard.firstRowid + shard.rows {
        let id = try reader.withRow(rowid: rowid) { ResultIdentifier($0.value(0)) }
        insert.reset()
        insert.bind(1, isA ? 1 : 0)
        if let id { id.bind(2, to: insert) } else { insert.bindNull(2) }
        _ = try insert.step()
      }
    }
  }
}

/// Takes the rows of one result set.
final class ResultSink {
  /// What is known of a pair beside its identifiers.
  struct Facts {
    /// The probability of the best pairing of its island.
    var matchP: Double?
    /// Its own probability.
    var pairP: Double?
    var flags: Int64?
  }

  private let pair: Statement
  private let alone: Statement
  /// Rows so far: pairs, and sources alone of either catalogue.
  private(set) var counts: (pairs: Int64, aloneA: Int64, aloneB: Int64) = (0, 0, 0)

  init(_ connection: Connection, _ side: ResultStore.Side) throws {
    pair = try connection.prepare("INSERT INTO raw\(side.rawValue) VALUES (?, ?, ?, ?, ?)")
    alone = try connection.prepare("INSERT INTO alone\(side.rawValue) VALUES (?, ?)")
  }

  /// Rows that were left out.
  private(set) var leftOut: Int64 = 0

  func leaveOut() { leftOut += 1 }

  func add(_ a: ResultIdentifier, _ b: ResultIdentifier, _ facts: Facts) throws {
    counts.pairs += 1
    pair.reset()
    a.bind(1, to: pair)
    b.bind(2, to: pair)
    pair.bind(3, facts.matchP)
    pair.bind(4, facts.pairP)
    pair.bind(5, facts.flags)
    _ = try pair.step()
  }

  func add(alone id: ResultIdentifier, isA: Bool) throws {
    if isA { counts.aloneA += 1 } else { counts.aloneB += 1 }
    alone.reset()
    alone.bind(1, isA ? 1 : 0)
    id.bind(2, to: alone)
    _ = try alone.step()
  }
}
