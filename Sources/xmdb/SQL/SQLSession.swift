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

  /// Stops the running statement. The caller sees to it that the session is alive when this is called.
  var interrupter: @Sendable () -> Void {
    // sqlite3_interrupt may be called from any thread while the connection is open.
    nonisolated(unsafe) let handle = handle
    return { xsql_interrupt(handle) }
  }

  /// Runs every statement of `sql` in turn; each that gives rows gets a writer of its own.
  func run(_ sql: String, cancellation: Cancellation, writer: () -> any RowWriter) throws {
    if sql.utf8.contains(0) { throw SQLError(description: "the SQL holds a NUL byte", code: SQLITE_ERROR) }
    try sql.withCString { start in
      var next = start
      while next.pointee != 0 {
        var statement: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        vanishing.reset()
        let code = xsql_prepare(handle, next, -1, 0, &statement, &tail)
        defer { _ = xsql_finalize(statement) }
        if code != SQLITE_OK { throw failure(code, sql) }
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
      if cancellation.isRequested { throw SQLError(description: "interrupted", code: SQLITE_INTERRUPT) }
      switch xsql_step(statement) {
      case SQLITE_ROW: try writer?.add(row)
      case SQLITE_DONE: return try writer?.end() ?? ()
      case let code: throw failure(code, sql)
      }
    }
  }

  private func failure(_ code: Int32, _ sql: String) -> any Error {
    if code & 0xff == SQLITE_AUTH, let error = vanishing.error { return error }
    let message = String(cString: xsql_errmsg(handle))
    if message.hasPrefix("no such table: "), let damage = registryDamage { return damage }
    let hint = SQLHint(context: context, sql: sql, functions: functionNames)
    return SQLError(description: message + hint.text(message), code: code)
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

  private func functionNames() -> [String] {
    var statement: OpaquePointer?
    defer { _ = xsql_finalize(statement) }
    guard xsql_prepare(handle, "SELECT DISTINCT name FROM pragma_function_list", -1, 0, &statement, nil) == SQLITE_OK,
      let statement
    else { return [] }
    var names: [String] = []
    while xsql_step(statement) == SQLITE_ROW { names.append(SQLRow(statement).text(0)) }
    return names
  }
}
