import CSQLite

private typealias Table = UnsafeMutablePointer<sqlite3_vtab>
private typealias Cursor = UnsafeMutablePointer<sqlite3_vtab_cursor>

/// The methods that SQLite calls for every virtual table. Each finds the Swift object behind SQLite's structure and
/// turns a thrown error into a result code and a message.
enum TableModule {
  /// Never changed and never freed: one for all tables and connections. Eponymous only, for there is no xCreate.
  nonisolated(unsafe) static let module: UnsafePointer<sqlite3_module> = {
    let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    module.initialize(to: sqlite3_module())
    module.pointee.xConnect = { db, data, _, _, place, message in TableBridge.connect(db, data, place, message) }
    module.pointee.xBestIndex = { table, info in bestIndex(table, info) }
    module.pointee.xDisconnect = { table in disconnect(table) }
    module.pointee.xOpen = { table, place in open(table, place) }
    module.pointee.xClose = { cursor in close(cursor) }
    module.pointee.xFilter = { cursor, variant, text, _, values in
      attempt(cursor) { try $0.start(variant: variant, planText: text, values: values) }
    }
    module.pointee.xNext = { cursor in attempt(cursor) { try $0.next() } }
    module.pointee.xEof = { cursor in withScan(cursor) { $0.isAtEnd ? 1 : 0 } }
    module.pointee.xColumn = { cursor, context, index in column(cursor, context, index) }
    module.pointee.xRowid = { cursor, rowid in
      rowid?.pointee = withScan(cursor) { $0.rowid }
      return SQLITE_OK
    }
    return UnsafePointer(module)
  }()

  // MARK: Tables

  private static func connected(_ table: Table) -> ConnectedTable {
    let object = UnsafeMutableRawPointer(table).assumingMemoryBound(to: xsql_vtab.self).pointee.object
    return Unmanaged<ConnectedTable>.fromOpaque(object!).takeUnretainedValue()
  }

  private static func bestIndex(_ table: Table?, _ info: UnsafeMutablePointer<sqlite3_index_info>?) -> CInt {
    guard let table, let info else { return SQLITE_MISUSE }
    let connected = connected(table)
    do {
      return try TablePlanner(function: connected.function, table: connected.table, info: info).run()
    } catch {
      return fail(table, error, connected)
    }
  }

  private static func disconnect(_ table: Table?) -> CInt {
    guard let table else { return SQLITE_MISUSE }
    let memory = UnsafeMutableRawPointer(table).assumingMemoryBound(to: xsql_vtab.self)
    Unmanaged<ConnectedTable>.fromOpaque(memory.pointee.object!).release()
    memory.deallocate()
    return SQLITE_OK
  }

  private static func fail(_ table: Table, _ error: any Error, _ connected: ConnectedTable) -> CInt {
    let report = sqliteReport(of: error, in: connected.function.name, connected.context)
    xsql_free(table.pointee.zErrMsg)
    table.pointee.zErrMsg = xsql_copy_message(report.message)
    return report.code
  }

  // MARK: Cursors

  private static func open(_ table: Table?, _ place: UnsafeMutablePointer<Cursor?>?) -> CInt {
    guard let table, let place else { return SQLITE_MISUSE }
    let connected = connected(table)
    do {
      let scan = Unmanaged.passRetained(try TableScan(connected))
      let cursor = UnsafeMutablePointer<xsql_cursor>.allocate(capacity: 1)
      cursor.initialize(to: xsql_cursor(base: sqlite3_vtab_cursor(), object: scan.toOpaque()))
      place.pointee = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
      return SQLITE_OK
    } catch {
      return fail(table, error, connected)
    }
  }

  private static func close(_ cursor: Cursor?) -> CInt {
    guard let cursor else { return SQLITE_MISUSE }
    let memory = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: xsql_cursor.self)
    Unmanaged<TableScan>.fromOpaque(memory.pointee.object!).release()
    memory.deallocate()
    return SQLITE_OK
  }

  @inline(__always)
  private static func withScan<Result>(_ cursor: Cursor?, _ body: (TableScan) throws -> Result) rethrows -> Result {
    let object = UnsafeMutableRawPointer(cursor!).assumingMemoryBound(to: xsql_cursor.self).pointee.object
    return try Unmanaged<TableScan>.fromOpaque(object!)._withUnsafeGuaranteedRef(body)
  }

  @inline(__always)
  private static func attempt(_ cursor: Cursor?, _ body: (TableScan) throws -> Void) -> CInt {
    do {
      try withScan(cursor, body)
      return SQLITE_OK
    } catch {
      return fail(cursor!.pointee.pVtab, error, connected(cursor!.pointee.pVtab))
    }
  }

  private static func column(_ cursor: Cursor?, _ context: OpaquePointer?, _ index: CInt) -> CInt {
    guard let context else { return SQLITE_MISUSE }
    return withScan(cursor) { scan in
      let result = ResultContext(context)
      do {
        try scan.column(Int(index), into: result)
      } catch {
        result.fail(error, in: scan.connected.function.name, scan.connected.context)
      }
      return SQLITE_OK
    }
  }
}
