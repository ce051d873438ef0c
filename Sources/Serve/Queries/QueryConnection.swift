internal import ADQL
internal import CSQLite
internal import CatalogStore
internal import Glibc
internal import SQLExt

/// One SQLite connection that answers queries of strangers on one sky database: pinned to it, and with an authorizer that lets nothing
/// else be read and nothing be written. It belongs to one thread.
final class QueryConnection {
  private let handle: OpaquePointer
  private let authorizer: QueryAuthorizer
  private let context: XMDBContext
  private let database: SkyDatabase
  private var registry: Registry
  private var stamp: RegistryStamp?
  /// The tables there are.
  private(set) var sky: SkyTables
  let settings: ServeSettings

  /// The longest value, bytes.
  static let longestValue: CInt = 4_000_000
  private static let longestStatement: CInt = 1_000_000

  init(_ settings: ServeSettings) throws {
    self.settings = settings
    database = try SkyDatabase.open(at: settings.databasePath, locks: settings.locks)
    registry = try database.registry()
    stamp = registry.stamp()
    sky = try SkyTables(registry, database)
    context = XMDBContext(
      databasePath: FileSystem.absolute(settings.databasePath), isPinned: true, locks: settings.locks)
    context.matchesOnTheFly = false
    var opened: OpaquePointer?
    let code = xsql_open(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      throw StoreError(.system, "SQLite", "cannot be opened: \(String(cString: xsql_errstr(code)))")
    }
    handle = opened
    authorizer = QueryAuthorizer(opened, functions: Self.functions)
    try prepare()
  }

  deinit { _ = xsql_close(handle) }

  /// Functions of the inventory that queries may not call: they name another database, or tell which one it is, and
  /// on what machine.
  private static let ownersFunctions: Set<String> = ["xm_open", "xm_pin", "xm_refresh", "xm_database", "xm_debug"]

  private static let functions = QueryAuthorizer.plainFunctions
    .union(SQLInventory.functions.map(\.name)).union(SQLInventory.aggregates.map(\.name))
    .subtracting(ownersFunctions)

  /// Functions of the inventory that ADQL may call.
  static let userFunctions: [UserFunction] = SQLInventory.functions.filter {
    $0.reach == .pure && !ownersFunctions.contains($0.name)
  }.map { function in
    UserFunction(
      name: function.name, arguments: function.parameters.map { "\($0.name) \(typeName(of: $0))" },
      type: resultType(of: function), description: function.summary)
  }

  private static func typeName(of parameter: Parameter) -> String {
    switch parameter.kind {
    case .real: "DOUBLE"
    case .integer: "BIGINT"
    case .text, .identifier: "VARCHAR"
    }
  }

  private static func resultType(of function: ScalarFunction) -> ValueKind {
    if ["xm_version", "xm_flags", "xm_move"].contains(function.name) { return .text }
    let isIndex =
      function.name.hasPrefix("xm_healpix") && !function.name.hasSuffix("ra") && !function.name.hasSuffix("dec")
    return isIndex || function.name == "xm_in_cone" ? .long : .double
  }

  // MARK: Preparation

  private func prepare() throws {
    for (what, on) in [
      (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), (SQLITE_DBCONFIG_DQS_DML, 0),
      (SQLITE_DBCONFIG_DQS_DDL, 0), (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
    ] as [(CInt, CInt)] { _ = xsql_db_config(handle, what, on) }
    try SQLInventory.register(on: handle, context: context)
    _ = DecimalLogarithm.register(on: handle)
    for schema in ["tap_schema", "tap_upload"] { try execute("ATTACH ':memory:' AS \(schema)") }
    for (what, limit) in [
      (SQLITE_LIMIT_LENGTH, Self.longestValue), (SQLITE_LIMIT_SQL_LENGTH, Self.longestStatement),
      (SQLITE_LIMIT_ATTACHED, 2), (SQLITE_LIMIT_VARIABLE_NUMBER, 2000), (SQLITE_LIMIT_TRIGGER_DEPTH, 1),
      (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000), (SQLITE_LIMIT_COMPOUND_SELECT, 100), (SQLITE_LIMIT_WORKER_THREADS, 0),
    ] as [(CInt, CInt)] { xsql_limit(handle, what, limit) }
    authorizer.modules = try names(of: "pragma_module_list")
    try describeTables()
    authorizer.isOwn = false
  }

  /// Looks whether catalogues or runs have come or gone, and describes them anew if so.
  func refresh() throws {
    guard registry.stamp() != stamp else { return }
    registry = try database.registry()
    let now = registry.stamp()
    sky = try SkyTables(registry, database)
    stamp = now
    try context.refresh()
    try owning { try describeTables() }
  }

  private func owning(_ body: () throws -> Void) rethrows {
    authorizer.isOwn = true
    defer { authorizer.isOwn = false }
    try body()
  }

  private func describeTables() throws {
    authorizer.tables = QueryAuthorizer.plainTables.union(SQLInventory.tables.map { $0.name.lowercased() })
      .union(sky.catalogues.map { $0.name.lowercased() })
    for table in TapSchema.tables {
      try execute("DROP TABLE IF EXISTS \(table.sql)")
      let columns = table.columns.map { SQLText.identifier($0.name) + ($0.type == .text ? " TEXT" : " INTEGER") }
      try execute("CREATE TABLE \(table.sql) (\(columns.joined(separator: ", ")))")
      try insert(into: table.sql, columns: columns.count) { insert in
        for row in TapSchema.rows(table.name, sky) { try insert.add(row) }
      }
    }
  }

  // MARK: Statements

  private func execute(_ sql: String) throws {
    if xsql_exec(handle, sql) != SQLITE_OK { throw failure(SQLITE_ERROR) }
  }

  /// Rows that are added to a table of the server.
  final class Insert {
    fileprivate let statement: OpaquePointer
    private let failure: () -> any Error

    fileprivate init(_ statement: OpaquePointer, _ failure: @escaping () -> any Error) {
      (self.statement, self.failure) = (statement, failure)
    }

    deinit { _ = xsql_finalize(statement) }

    func add(_ row: [ResultCell]) throws {
      for (place, value) in row.enumerated() {
        switch value {
        case .null: bindNull(place)
        case .integer(let value): bind(place, value)
        case .text(var text): text.withUTF8 { bind(place, $0) }
        }
      }
      try end()
    }

    func bindNull(_ place: Int) { _ = xsql_bind_null(statement, CInt(place + 1)) }
    func bind(_ place: Int, _ value: Int64) { _ = xsql_bind_int64(statement, CInt(place + 1), value) }
    func bind(_ place: Int, _ value: Double) { _ = xsql_bind_double(statement, CInt(place + 1), value) }
    func bind(_ place: Int, _ text: UnsafeBufferPointer<UInt8>) {
      text.withMemoryRebound(to: CChar.self) {
        _ = xsql_bind_text_copy(statement, CInt(place + 1), $0.baseAddress ?? xsql_empty(), CInt(clamping: $0.count))
      }
    }

    func end() throws {
      defer { _ = xsql_reset(statement) }
      if xsql_step(statement) != SQLITE_DONE { throw failure() }
    }
  }

  private func insert(into table: String, columns: Int, _ body: (Insert) throws -> Void) throws {
    let places = Array(repeating: "?", count: columns).joined(separator: ", ")
    let insert = Insert(try compile("INSERT INTO \(table) VALUES (\(places))").statement) { [self] in
      failure(SQLITE_ERROR)
    }
    try execute("BEGIN")
    do {
      try body(insert)
      try execute("COMMIT")
    } catch {
      _ = xsql_reset(insert.statement)
      _ = xsql_exec(handle, "ROLLBACK")
      throw error
    }
  }

  /// The names that a table of SQLite lists, in small letters.
  private func names(of table: String) throws -> Set<String> {
    let (statement, _) = try compile("SELECT lower(name) FROM \(table)")
    defer { _ = xsql_finalize(statement) }
    var names: Set<String> = []
    while xsql_step(statement) == SQLITE_ROW {
      if let name = xsql_column_text(statement, 0) { names.insert(String(cString: name)) }
    }
    return names
  }

  /// Compiles the first statement of a text.
  private func compile(_ sql: String) throws -> (statement: OpaquePointer, rest: Int) {
    var statement: OpaquePointer?
    var rest = 0
    let code = sql.withCString { start in
      var tail: UnsafePointer<CChar>?
      let code = xsql_prepare(handle, start, -1, 0, &statement, &tail)
      rest = tail.map { strlen($0) } ?? 0
      return code
    }
    guard code == SQLITE_OK else { throw failure(code) }
    guard let statement else { throw RequestError.wrong("the query is empty") }
    return (statement, rest)
  }

  private func failure(_ code: CInt) -> RequestError {
    let message = String(cString: xsql_errmsg(handle))
    switch code & 0xff {
    case SQLITE_AUTH:
      return RequestError.wrong("\(message): queries read the tables that are served, and nothing else")
    case SQLITE_NOMEM:
      return RequestError(
        503, "this query and those beside it need more memory than the server may have; make it smaller, or try again")
    case SQLITE_TOOBIG:
      return RequestError.wrong(
        "\(message); a value may have \(Self.longestValue) bytes, a statement \(Self.longestStatement)")
    default: return RequestError.wrong(message)
    }
  }

  // MARK: Queries

  /// Runs one SELECT.
  /// - Parameters:
  ///   - columns: What is known of its columns; nil: what SQLite says.
  ///   - most: Rows at most.
  /// - Throws: `RequestError`.
  func rows(_ sql: String, _ columns: [ColumnDefinition]?, most: Int64, _ stop: QueryStop) throws -> ResultRows {
    if sql.utf8.contains(0) { throw RequestError.wrong("the query holds a NUL character") }
    nonisolated(unsafe) let connection = handle
    return try stop.stopping(with: { xsql_interrupt(connection) }) {
      let (statement, rest) = try compile(sql)
      defer { _ = xsql_finalize(statement) }
      try requireOne(sql, rest)
      guard xsql_column_count(statement) > 0, xsql_readonly(statement) != 0 else {
        throw RequestError.wrong("this is no query; expected is SELECT")
      }
      let rows = ResultRows(columns ?? Self.columns(of: statement))
      try read(statement, into: rows, most: most, stop)
      return rows
    }
  }

  private func requireOne(_ sql: String, _ rest: Int) throws {
    let tail = String(decoding: sql.utf8.suffix(rest), as: UTF8.self)
    if tail.contains(where: { !$0.isWhitespace && $0 != ";" }) {
      throw RequestError.wrong("there is more than one statement; a request has one")
    }
  }

  private static func columns(of statement: OpaquePointer) -> [ColumnDefinition] {
    (0..<xsql_column_count(statement)).map { place in
      let declared = xsql_column_decltype(statement, place).map { String(cString: $0).uppercased() } ?? ""
      let type: ValueKind? =
        switch declared {
        case "INTEGER": .long
        case "REAL": .double
        case let declared where declared.hasPrefix("TEXT"): .text
        default: nil
        }
      let name = xsql_column_name(statement, place).map { String(cString: $0) } ?? "col\(place + 1)"
      return ColumnDefinition(name, type)
    }
  }

  private func read(_ statement: OpaquePointer, into rows: ResultRows, most: Int64, _ stop: QueryStop) throws {
    defer { _ = xsql_reset(statement) }
    let count = Int(xsql_column_count(statement))
    while most > 0 {
      let code = xsql_step(statement)
      if code == SQLITE_DONE { break }
      guard code == SQLITE_ROW else {
        try stop.check()
        throw failure(code)
      }
      try stop.check()
      if rows.count >= most || rows.bytes > settings.mostAnswerBytes {
        rows.isCutOff = true
        break
      }
      for column in 0..<count { rows.add(Self.value(statement, CInt(column)), column: column) }
      try rows.endRow()
    }
    try rows.flush()
  }

  private static func value(_ statement: OpaquePointer, _ column: CInt) -> RowValue {
    func bytes() -> UnsafeRawBufferPointer {
      let start = xsql_column_blob(statement, column)
      return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(xsql_column_bytes(statement, column)))
    }
    switch ValueType(rawValue: xsql_column_type(statement, column)) ?? .null {
    case .null: return .null
    case .integer: return .integer(xsql_column_int64(statement, column))
    case .real: return .real(xsql_column_double(statement, column))
    case .text: return .text(bytes())
    case .blob: return .blob(bytes())
    }
  }

  // MARK: Uploads

  /// Runs `body` with tables in the schema `tap_upload`, which are gone afterwards.
  func withUploads<Result>(_ uploads: [UploadedTable], _ stop: QueryStop, _ body: () throws -> Result) throws -> Result
  {
    defer { owning { for upload in uploads { _ = xsql_exec(handle, "DROP TABLE IF EXISTS \(upload.sql)") } } }
    for upload in uploads {
      try owning {
        try execute("CREATE TABLE \(upload.sql) (\(upload.declaration))")
        try insert(into: upload.sql, columns: upload.columns.count) { insert in
          try upload.forEachRow(most: settings.mostUploadRows, stop, insert)
        }
      }
    }
    return try body()
  }
}
