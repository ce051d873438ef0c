/// Writes the results of one chunk into a file of their own, aside.
///
/// SQLite makes the file with its empty tables and indices; the rows, which are all known and in order, are laid into pages
/// here (`Pages/README.md`). Results that are never stored go through SQLite's own insertion into a table in memory.
public enum ResultShardWriter {
  /// Marks a file as a result shard of xmdb (`PRAGMA application_id`): "xmdr".
  static let applicationID = 0x786d_6472
  /// The version of its tables (`PRAGMA user_version`).
  static let version = 5

  /// Fills a file that is absent or empty with all rows, their indices and the checksums of its pages, and syncs it.
  /// - Returns: Its size and fingerprint.
  public static func write(_ result: ChunkResult, to path: String) throws -> (bytes: Int64, fingerprint: String) {
    var clock = StageClock()
    return try write(result, to: path, clock: &clock)
  }

  /// The same, telling how long each stage took.
  public static func write(
    _ result: ChunkResult, to path: String, clock: inout StageClock
  ) throws -> (bytes: Int64, fingerprint: String) {
    let roots = try createTables(path)
    let file = try PageFile(path: path)
    clock.end(.create)
    for table in ResultTable.allCases {
      try write(result, table, to: TableTree(file, root: roots[table.rawValue]!))
      clock.end(.rows)
      for column in table.indexedColumns {
        try write(result, index: column, of: table, to: IndexTree(file, root: roots[indexName(table, column)]!))
      }
      clock.end(.indices)
    }
    try file.finish()
    let sealed = try SealedFile.seal(path)
    clock.end(.seal)
    return (sealed.bytes, sealed.fingerprint)
  }

  // MARK: Schema

  /// Creates the file with all tables and indices, empty.
  /// - Returns: The root page of each.
  private static func createTables(_ path: String) throws -> [String: UInt32] {
    let connection = try Connection(path: path, mode: .bulk)
    try connection.execute("PRAGMA application_id=\(applicationID); PRAGMA user_version=\(version); BEGIN")
    for table in ResultTable.allCases {
      try connection.execute(createTable(table))
      for column in table.indexedColumns {
        try connection.execute("CREATE INDEX \(indexName(table, column)) ON \(table.rawValue) (\(column))")
      }
    }
    try connection.execute("COMMIT")
    return try connection.rootPages()
  }

  private static func createTable(_ table: ResultTable) -> String {
    let columns = table.columns.map { $0.name + ($0.kind == .identifier ? "" : " " + $0.kind.rawValue) }
    return "CREATE TABLE \(table.rawValue) (\(columns.joined(separator: ", ")))"
  }

  private static func indexName(_ table: ResultTable, _ column: String) -> String { "\(table.rawValue)_by_\(column)" }

  // MARK: Pages

  private static func write(_ result: ChunkResult, _ table: ResultTable, to tree: consuming TableTree) throws {
    switch table {
    case .matches: try write(result.matches, of: result, to: tree)
    case .nonmatches: try write(result.nonmatches, of: result, to: tree)
    case .pairs: try write(result.pairs, of: result, to: tree)
    }
  }

  private static func write<Row: ResultRow>(_ rows: [Row], of result: ChunkResult, to tree: consuming TableTree) throws
  {
    var record = RecordBuffer()
    var batch = RowBatch<Row>()
    for start in stride(from: 0, to: rows.count, by: RowBatch<Row>.capacity) {
      let part = rows[start..<min(rows.count, start + RowBatch<Row>.capacity)]
      batch.gather(part, of: result)
      for row in 0..<part.count {
        record.reset()
        batch.put(row, of: result, into: &record)
        try tree.append(record)
      }
    }
    try tree.finish()
  }

  private static func write(
    _ result: ChunkResult, index column: String, of table: ResultTable, to tree: consuming IndexTree
  ) throws {
    var record = RecordBuffer()
    let (idsA, idsB) = (result.a.columns.ids, result.b.columns.ids)
    for row in result.rows(of: table, byIDIn: column) {
      record.reset()
      row.source.isA ? idsA.put(row.source.index, into: &record) : idsB.put(row.source.index, into: &record)
      record.put(Int64(row.number))
      try tree.append(record)
    }
    try tree.finish()
  }

  // MARK: In memory

  /// Creates one table with its rows.
  static func fill(_ table: ResultTable, with result: ChunkResult, _ connection: Connection) throws {
    try connection.execute(createTable(table))
    let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
    let statement = try connection.prepare("INSERT INTO \(table.rawValue) VALUES (\(marks))")
    switch table {
    case .matches: try insert(result.matches, of: result, statement)
    case .nonmatches: try insert(result.nonmatches, of: result, statement)
    case .pairs: try insert(result.pairs, of: result, statement)
    }
  }

  private static func insert<Row: ResultRow>(_ rows: [Row], of result: ChunkResult, _ statement: Statement) throws {
    var batch = RowBatch<Row>()
    for start in stride(from: 0, to: rows.count, by: RowBatch<Row>.capacity) {
      let part = rows[start..<min(rows.count, start + RowBatch<Row>.capacity)]
      batch.gather(part, of: result)
      for row in 0..<part.count {
        var binder = ParameterBinder(statement)
        batch.put(row, of: result, into: &binder)
        try statement.run()
      }
    }
  }
}

extension ChunkResult {
  /// The rows of a table as an index on one of its columns has them.
  fileprivate func rows(of table: ResultTable, byIDIn column: String) -> [IdentifiedRow] {
    var order = IdentifierOrder(a.columns.ids, b.columns.ids)
    switch table {
    case .matches: order.add(matches, byIDIn: column)
    case .nonmatches: order.add(nonmatches, byIDIn: column)
    case .pairs: order.add(pairs, byIDIn: column)
    }
    return order.sorted()
  }
}
