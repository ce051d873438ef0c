import CSQLite

/// A table's definition as one connection knows it: retained by SQLite until it is replaced or the connection closes.
private final class TableBox {
  let function: TableFunction
  let context: XMDBContext

  init(_ function: TableFunction, context: XMDBContext) {
    self.function = function
    self.context = context
  }
}

/// Registers virtual tables. All of them are read-only and exist without CREATE VIRTUAL TABLE.
enum TableBridge {
  /// Returns an SQLite result code. SQLite releases the box itself, also when it refuses the table.
  static func register(_ function: TableFunction, on db: OpaquePointer, context: XMDBContext) -> CInt {
    let box = Unmanaged.passRetained(TableBox(function, context: context))
    return xsql_create_module(
      db, function.name, TableModule.module, box.toOpaque(), { Unmanaged<TableBox>.fromOpaque($0!).release() })
  }

  /// Whether a module of that name exists, whoever made it. SQLite does not tell cases apart.
  static func isRegistered(_ name: String, on db: OpaquePointer) -> Bool {
    var statement: OpaquePointer?
    let sql = "SELECT 1 FROM pragma_module_list WHERE name = ? COLLATE NOCASE"
    guard xsql_prepare(db, sql, -1, 0, &statement, nil) == SQLITE_OK else { return false }
    defer { _ = xsql_finalize(statement) }
    _ = xsql_bind_text_copy(statement, 1, name, -1)
    return xsql_step(statement) == SQLITE_ROW
  }

  /// xConnect: the table's shape, and whether a view or trigger of a strange database may use it.
  static func connect(
    _ db: OpaquePointer?, _ data: UnsafeMutableRawPointer?,
    _ place: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
    _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  ) -> CInt {
    guard let db, let data, let place else { return SQLITE_MISUSE }
    let box = Unmanaged<TableBox>.fromOpaque(data).takeUnretainedValue()
    let code = xsql_declare_vtab(db, box.function.declaration)
    guard code == SQLITE_OK else {
      let reason = String(cString: xsql_errmsg(db))
      message?.pointee = xsql_copy_message("\(box.function.name): its columns cannot be declared: \(reason)")
      return code
    }
    _ = box.function.reach == .pure ? xsql_vtab_innocuous(db) : xsql_vtab_directonly(db)
    do {
      let connected = try ConnectedTable(box.function, context: box.context)
      let table = UnsafeMutablePointer<xsql_vtab>.allocate(capacity: 1)
      table.initialize(to: xsql_vtab(base: sqlite3_vtab(), object: Unmanaged.passRetained(connected).toOpaque()))
      place.pointee = UnsafeMutableRawPointer(table).assumingMemoryBound(to: sqlite3_vtab.self)
      return SQLITE_OK
    } catch {
      let report = sqliteReport(of: error, in: box.function.name, box.context)
      message?.pointee = xsql_copy_message(report.message)
      return report.code
    }
  }
}
