import CSQLite
import CatalogStore
import SQLExt

/// One SQLite connection in memory with all functions and tables of xmdb, on one sky database. The program's only place
/// that handles SQLite's pointers.
final class SQLSession {
  private let handle: OpaquePointer
  /// Which database the functions read.
  let context: XMDBContext
  private let vanishing: VanishingTables
  /// Set by `interrupter`, for work that goes on between statements.
  private let stop = StopFlag()

  /// A connection whose functions read the database at `databasePath`, which is opened when first needed.
  init(databasePath: String, locks: LockMode) throws {
    context = XMDBContext(databasePath: databasePath, locks: locks)
    var opened: OpaquePointer?
    let code = xsql_open(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      throw SQLError(description: "SQLite: \(String(cString: xsql_errstr(code)))", code: code)
    }
    handle = opened
    vanishing = VanishingTables(opened)
    try SQLInventory.register(on: opened, context: context)
  }

  deinit { _ = xsql_close(handle) }

  /// Whether `sql` ends with a complete statement.
  static func isComplete(_ sql: String) -> Bool { xsql_complete(sql) != 0 }

  /// The words that mean something to SQLite's parser, in capitals.
  static var keywords: [String] {
    (0..<xsql_keyword_count()).compactMap { index in
      var (word, count) = (UnsafePointer<CChar>?.none, Int32(0))
      guard xsql_keyword(index, &word, &count) == SQLITE_OK, let word else { return nil }
      return String(decoding: UnsafeRawBufferPointer(start: word, count: Int(count)), as: UTF8.self)
    }
  }

  /// Stops the running statement. The caller sees to it that the session is alive when this is called.
  var interrupter: @Sendable () -> Void {
    // sqlite3_interrupt may be called from any thread while the connection is open.
    nonisolated(unsafe) let handle = handle
    return { [stop] in
      stop.set(true)
      xsql_interrupt(handle)
    }
  }

  // MARK: Statements of a user

  /// Runs every statement of `sql` in turn; each that gives rows gets a writer of its own.
  /// - Parameter firstLine: The number of its first line in the file that it is part of, for errors; nil: it is no part of one.
  func run(
    _ sql: String, firstLine: Int? = nil, cancellation: Cancellation, writer: () -> any RowWriter
  ) throws {
    if sql.utf8.contains(0) { throw SQLError(description: "the SQL holds a NUL byte", code: SQLITE_ERROR) }
    try sql.withCString { start in
      var next = start
      while next.pointee != 0 {
        var statement: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        vanishing.reset()
        let code = xsql_prepare(handle, next, -1, 0, &statement, &tail)
        let offset = Int(xsql_error_offset(handle))
        defer { _ = xsql_finalize(statement) }
        if code != SQLITE_OK {
          let place = offset < 0 ? nil : SQLPlace(in: sql, offset: next - start + offset, firstLine: firstLine)
          throw failure(code, sql, place)
        }
        if let statement { try stream(statement, sql, cancellation, writer) }
        next = tail ?? next
      }
    }
  }

  private func stream(
    _ statement: OpaquePointer, _ sql: String, _ cancellation: Cancellation, _ writer: () -> any RowWriter
  ) throws {
    let row = SQLRow(statement)
    let writer = row.count > 0 ? writer() : nil
    try writer?.begin(row.names)
    while true {
      if cancellation.isRequested { throw Self.interrupted }
      switch xsql_step(statement) {
      case SQLITE_ROW: try writer?.add(row)
      case SQLITE_DONE: return try writer?.end() ?? ()
      case let code: throw failure(code, sql)
      }
    }
  }

  /// What stopped statements throw.
  static var interrupted: SQLError { SQLError(description: "interrupted", code: SQLITE_INTERRUPT) }

  private func failure(_ code: Int32, _ sql: String, _ place: SQLPlace? = nil) -> any Error {
    if code & 0xff == SQLITE_AUTH, let error = vanishing.error { return error }
    let message = String(cString: xsql_errmsg(handle))
    if message.hasPrefix("no such table: "), let damage = registryDamage { return damage }
    let hint = SQLHint(context: context, sql: sql) { self.functionNames }
    return SQLError(description: message + hint.text(message), code: code, place: place?.text)
  }

  /// Why the list of catalogues, or one of them, cannot be believed; nil when all can.
  private var registryDamage: StoreError? {
    do {
      let registry = try context.database().registry()
      for name in try registry.catalogueNames() { _ = try registry.catalogue(name) }
    } catch let error as StoreError where error.code == .damaged {
      return error
    } catch {
      // Whatever else is wrong is no damage.
    }
    return nil
  }

  // MARK: Statements of the program

  /// The names of SQL functions.
  var functionNames: [String] { (try? texts("SELECT DISTINCT name FROM pragma_function_list")) ?? [] }

  /// The first column of a statement's rows, as text; NULL is empty.
  func texts(_ sql: String, _ values: [String] = []) throws -> [String] {
    try rows(sql, values).map { $0.first ?? "" }
  }

  /// The rows of a statement, as texts; NULL is empty.
  func rows(_ sql: String, _ values: [String] = []) throws -> [[String]] {
    let statement = try prepared(sql)
    for (index, value) in values.enumerated() {
      _ = xsql_bind_text_copy(statement.handle, Int32(index + 1), value, -1)
    }
    let row = SQLRow(statement.handle)
    var rows: [[String]] = []
    while true {
      switch xsql_step(statement.handle) {
      case SQLITE_ROW: rows.append((0..<row.count).map(row.text))
      case SQLITE_DONE: return rows
      case let code: throw failure(code, sql)
      }
    }
  }

  private func prepared(_ sql: String) throws -> PreparedStatement {
    var statement: OpaquePointer?
    let code = xsql_prepare(handle, sql, -1, 0, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code, sql) }
    return PreparedStatement(statement)
  }

  private func execute(_ sql: String) throws { _ = try rows(sql) }

  /// Adds rows to a table in one step: all of them, or, when `body` throws, none.
  /// - Parameters:
  ///   - definition: Makes the table.
  ///   - insert: Adds a row.
  ///   - body: Gets the values of a row, a closure that adds them as a row, and one that throws when the work was stopped.
  func fill(
    definition: String, insert: String,
    _ body: (_ row: PreparedStatement, _ end: () throws -> Void, _ check: () throws -> Void) throws -> Void
  ) throws {
    stop.set(false)
    try execute("SAVEPOINT xmdb_fill")
    do {
      try execute(definition)
      let statement = try prepared(insert)
      defer { _ = xsql_reset(statement.handle) }
      try body(
        statement,
        {
          let code = xsql_step(statement.handle)
          if code != SQLITE_DONE { throw failure(code, insert) }
          _ = xsql_reset(statement.handle)
        },
        { if stop.isSet { throw Self.interrupted } })
      _ = xsql_reset(statement.handle)
      try execute("RELEASE xmdb_fill")
    } catch {
      try? execute("ROLLBACK TO xmdb_fill")
      try? execute("RELEASE xmdb_fill")
      throw error
    }
  }
}

/// Whether work that goes on between statements was stopped.
private final class StopFlag: Sendable {
  private let value = Guarded(false)

  func set(_ isSet: Bool) { value.withLock { $0 = isSet } }
  var isSet: Bool { value.withLock { $0 } }
}
