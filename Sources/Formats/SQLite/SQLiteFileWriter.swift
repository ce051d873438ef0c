internal import CatalogStore

/// Writes an ordinary SQLite file of several tables: aside, until `publish` renames it into place.
///
/// Beside the tables it has `table_notes` and `column_notes`, with what is known of tables and columns, and `provenance`. It opens
/// in any SQLite program. Times are texts of ISO 8601, truth values 0 and 1, unsigned integers beyond 2⁶³ − 1 texts.
public final class SQLiteFileWriter: Sendable {
  private struct Open {
    /// Nil once the file is complete.
    var connection: Connection?
    var tables: [Table] = []
  }

  private struct Table {
    let columns: SQLiteColumns
    let insert: Statement
    var rows: Int64 = 0
  }

  /// Where the file will be.
  public let path: String
  private let draft: Draft
  private let open: Guarded<Open>

  /// Starts a file beside its final place.
  /// - Parameter facts: Where its contents come from.
  /// - Throws: `StoreError.system` when it cannot be created.
  public init(path: String, facts: [(name: String, value: String)]) throws {
    self.path = path
    draft = try Draft(in: FileSystem.parent(path))
    let connection = try Connection(path: draft.path, mode: .bulk)
    try connection.execute(
      """
      CREATE TABLE table_notes (table_name TEXT PRIMARY KEY, description TEXT);
      CREATE TABLE column_notes (table_name TEXT, column_name TEXT, type TEXT, unit TEXT, ucd TEXT, description TEXT,
        PRIMARY KEY (table_name, column_name));
      CREATE TABLE provenance (name TEXT PRIMARY KEY, value TEXT);
      """)
    let insert = try connection.prepare("INSERT INTO provenance VALUES (?, ?)")
    for (name, value) in facts {
      insert.bind(1, name)
      insert.bind(2, value)
      try insert.run()
    }
    open = Guarded(Open(connection: connection))
  }

  /// Adds a table.
  /// - Returns: Its number, for `append`.
  public func addTable(_ name: String, description: String, columns: [TableColumn]) throws -> Int {
    try open.withLock { open in
      guard let connection = open.connection else { preconditionFailure("\(path) is complete") }
      let own = SQLiteColumns(columns)
      let declared = zip(own.columns, own.declaredTypes).map { "\(SQLText.identifier($0.name)) \($1)" }
      let table = SQLText.identifier(name)
      try connection.execute("CREATE TABLE \(table) (\(declared.joined(separator: ", ")))")
      try Self.describe(connection, name, description, columns: own.columns, types: columns.map(\.type))
      let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
      open.tables.append(Table(columns: own, insert: try connection.prepare("INSERT INTO \(table) VALUES (\(places))")))
      return open.tables.count - 1
    }
  }

  private static func describe(
    _ connection: Connection, _ name: String, _ description: String, columns: [TableColumn], types: [ColumnType]
  ) throws {
    let table = try connection.prepare("INSERT INTO table_notes VALUES (?, ?)")
    table.bind(1, name)
    table.bind(2, description)
    try table.run()
    let insert = try connection.prepare("INSERT INTO column_notes VALUES (?, ?, ?, ?, ?, ?)")
    for (column, type) in zip(columns, types) {
      insert.bind(1, name)
      insert.bind(2, column.name)
      insert.bind(3, type.description)
      insert.bind(4, column.unit)
      insert.bind(5, column.ucd)
      insert.bind(6, column.description)
      try insert.run()
    }
  }

  /// Appends rows to a table.
  /// - Throws: `StoreError.system` when the disk is full, for instance.
  public func append(_ batch: TableBatch, to number: Int) throws {
    try open.withLock { open in
      guard let connection = open.connection else { preconditionFailure("\(path) is complete") }
      let table = open.tables[number]
      try batch.withBuffers { buffers in
        try connection.transaction {
          try table.columns.forEachRow(batch.rows, buffers, into: table.insert) { try table.insert.run() }
        }
      }
      open.tables[number].rows += Int64(batch.rows)
    }
  }

  /// Rows of a table so far.
  public func rows(of number: Int) -> Int64 { open.withLock { $0.tables[number].rows } }

  /// Makes an index on a column.
  public func index(_ table: String, _ column: String) throws {
    try open.withLock { open in
      let name = SQLText.identifier("\(table)_\(column)")
      try open.connection?.execute(
        "CREATE INDEX \(name) ON \(SQLText.identifier(table)) (\(SQLText.identifier(column)))")
    }
  }

  /// Completes the file: contents forced to the disk, then the name.
  public func publish() throws {
    try open.withLock { open in
      try open.connection?.execute("ANALYZE")
      open.tables = []
      open.connection = nil
    }
    try draft.publish(as: path)
  }
}

extension Statement: SQLiteRow {}
