/// Writes the results of one unit into a file of their own, aside.
public enum ResultShardWriter {
  /// Marks a file as a result shard of xmdb (`PRAGMA application_id`): "xmdr".
  static let applicationID = 0x786d_6472
  /// The version of its tables (`PRAGMA user_version`).
  static let version = 2

  /// Creates the file with all rows and their indices and syncs it.
  /// - Returns: Its size and fingerprint.
  public static func write(_ result: UnitResult, to path: String) throws -> (bytes: Int64, fingerprint: String) {
    try FileSystem.remove(path)
    do {
      let connection = try Connection(path: path, mode: .bulk)
      try connection.execute("PRAGMA application_id=\(applicationID); PRAGMA user_version=\(version); BEGIN")
      for table in ResultTable.allCases { try fill(table, with: result, connection) }
      for table in ResultTable.allCases {
        for column in table.indexedColumns {
          try connection.execute("CREATE INDEX \(table.rawValue)_by_\(column) ON \(table.rawValue) (\(column))")
        }
      }
      try connection.execute("COMMIT")
    }
    try FileSystem.sync(path)
    return (FileSystem.size(path) ?? 0, try Fingerprint(ofFile: path).description)
  }

  /// Creates one table and its rows.
  static func fill(_ table: ResultTable, with result: UnitResult, _ connection: Connection) throws {
    try connection.execute(createTable(table))
    switch table {
    case .matches: try insert(result.matches, into: table, connection, bind)
    case .nonmatches: try insert(result.nonmatches, into: table, connection, bind)
    case .pairs: try insert(result.pairs, into: table, connection, bind)
    }
  }

  private static func createTable(_ table: ResultTable) -> String {
    let columns = table.columns.map { $0.name + ($0.sqlType.isEmpty ? "" : " " + $0.sqlType) }
    return "CREATE TABLE \(table.rawValue) (\(columns.joined(separator: ", ")))"
  }

  private static func insert<Row>(
    _ rows: [Row], into table: ResultTable, _ connection: Connection, _ bind: (Row, inout Binder) -> Void
  ) throws {
    let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
    let statement = try connection.prepare("INSERT INTO \(table.rawValue) VALUES (\(marks))")
    for row in rows {
      var binder = Binder(statement: statement)
      bind(row, &binder)
      _ = try statement.step()
      statement.reset()
    }
  }

  private static func bind(_ row: MatchRow, _ to: inout Binder) {
    to.put(row.a.id)
    to.put(row.b.id)
    for value in [row.a.raDegrees, row.a.decDegrees, row.b.raDegrees, row.b.decDegrees] { to.put(value) }
    for value in [row.matchP, row.pairP, row.separationArcsec, row.eta, row.xi] { to.put(value) }
    for _ in 0..<6 { to.putNull() }
    to.put(row.a.sigmaUsedArcsec)
    to.put(row.b.sigmaUsedArcsec)
    for runnerUp in [row.runnerUpOfA, row.runnerUpOfB] {
      to.put(runnerUp?.id ?? .null)
      to.put(runnerUp?.probability ?? .nan)
    }
    for value in [row.matchPWithoutPhotometry, row.pairPWithoutPhotometry] { to.put(value) }
    for value in [row.island, row.flags.rawValue, row.a.rank, row.b.rank] { to.put(value) }
  }

  private static func bind(_ row: NonmatchRow, _ to: inout Binder) {
    to.put(SourceID.text(row.isA ? "a" : "b"))
    to.put(row.source.id)
    for value in [row.source.raDegrees, row.source.decDegrees, row.matchP, row.aloneP] { to.put(value) }
    for value in [row.nearest?.separationArcsec, row.nearest?.eta, row.nearest?.xi] { to.put(value ?? .nan) }
    to.put(row.nearest?.id ?? .null)
    to.putNull()
    for value in [row.source.sigmaUsedArcsec, row.matchPWithoutPhotometry, row.alonePWithoutPhotometry] {
      to.put(value)
    }
    for value in [row.island, row.flags.rawValue, row.source.rank] { to.put(value) }
  }

  private static func bind(_ row: PairRow, _ to: inout Binder) {
    to.put(row.idA)
    to.put(row.idB)
    for value in [row.separationArcsec, row.chiSquared, row.log10Density, row.priorBoth] { to.put(value) }
    for value in [row.priorA, row.priorB, row.eta, row.xi, row.pairP] { to.put(value) }
    to.put(Int64(row.isMatched ? 1 : 0))
    to.put(row.pairPWithoutPhotometry)
    to.put(Int64(row.isMatchedWithoutPhotometry ? 1 : 0))
    for value in [row.island, row.flags.rawValue, row.rankA, row.rankB] { to.put(value) }
  }
}

/// Binds one value after the other.
private struct Binder {
  let statement: Statement
  private var next = 1

  init(statement: Statement) { self.statement = statement }

  mutating func put(_ value: Double) {
    statement.bind(next, value)
    next += 1
  }
  mutating func put(_ value: Int64) {
    statement.bind(next, value)
    next += 1
  }
  mutating func put(_ value: SourceID) {
    statement.bind(next, value)
    next += 1
  }
  mutating func putNull() {
    statement.bindNull(next)
    next += 1
  }
}
