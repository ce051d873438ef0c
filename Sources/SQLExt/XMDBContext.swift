import CSQLite
package import CatalogStore
import Glibc
import Indexing

/// What the operators of one SQLite connection share: which sky database they read, and the tables found in it.
/// Belongs to its connection, which SQLite lets one thread use at a time.
package final class XMDBContext {
  /// The folder of the sky database.
  package private(set) var databasePath: String
  /// What the scans of this connection have read and computed so far.
  package var counters = ScanCounters()
  /// Sources in one chunk of a match on the fly: fewer than in a stored run, so that the first rows come soon.
  package var sourcesPerChunk = 50_000
  /// Whether catalogues without a finished match are matched for a query. A server of strangers does not: it takes long, and much memory.
  package var matchesOnTheFly = true
  /// Stops long scans, like `sqlite3_interrupt`.
  package let cancellation: Cancellation
  /// The shards that are open.
  let shards = OpenShards()
  /// Whether the host has fixed the database: SQL can neither name another nor learn its path.
  package private(set) var isPinned: Bool
  /// What the running statements see; nil when none has a table open.
  private weak var running: StatementView?
  /// How processes exclude each other; nil: as the environment says.
  private let locks: LockMode?
  private var known: SkyContents?
  /// The connection, from registration until it closes.
  private var connection: OpaquePointer?
  private var tables: [String: TableFunction] = [:]
  /// The tables that every connection has.
  private(set) var operators: [TableFunction] = []
  /// When SQLite is next asked whether the statement was interrupted, `Program.seconds()`: asking takes as long as a look-up.
  private var nextProbe = 0.0
  private static let secondsBetweenProbes = 0.02

  /// A connection that may read any database, beginning with the one named.
  package init(
    databasePath: String, isPinned: Bool = false, locks: LockMode? = nil, cancellation: Cancellation = Cancellation()
  ) {
    self.databasePath = databasePath
    self.isPinned = isPinned
    self.locks = locks
    self.cancellation = cancellation
  }

  /// The context of a host: of the database `$XMDB_PINNED` and no other, if that is set; else of `$XMDB_DB`, or of `sky.xmdb` in
  /// the working directory.
  package convenience init(environment: (String) -> String? = XMDBContext.environment) {
    if let pinned = environment("XMDB_PINNED"), !pinned.isEmpty {
      self.init(databasePath: FileSystem.absolute(pinned), isPinned: true)
    } else {
      self.init(databasePath: SkyDatabase.defaultPath(environment: environment))
    }
  }

  package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Points all operators of this connection at another sky database. If there is none, nothing changes.
  package func open(_ path: String) throws {
    if isPinned { throw SQLFunctionError("this host has pinned its sky database; no other can be opened") }
    let contents = try SkyContents(database: opened(path), replacing: nil)
    known = contents
    running = nil
    shards.close()
    databasePath = path
    try defineCatalogues(contents)
  }

  /// Makes this connection read one sky database for good, whether it is there yet or not.
  /// - Throws: When the connection is pinned already, or the database cannot be read; then nothing changes.
  package func pin(to path: String) throws {
    let path = FileSystem.absolute(path)
    if isPinned || FileSystem.exists(path + "/registry.sqlite") {
      try open(path)
    } else {
      for (key, table) in tables where table.section == .catalogues { undefine(key) }
      (known, running) = (nil, nil)
      shards.close()
      databasePath = path
    }
    isPinned = true
  }

  /// A message as it may be shown: without the path of a pinned database.
  func withoutPath(_ message: String) -> String {
    isPinned ? message.replacing(databasePath, with: "the database") : message
  }

  // MARK: Contents

  /// The contents of the sky database as this connection last saw them; looks when it has not yet.
  func contents() throws -> SkyContents { try known ?? reload() }

  /// The contents now, also for statements that begin while others are running.
  func lookAgain() throws -> SkyContents {
    running = nil
    try refresh()
    return try contents()
  }

  /// What a statement sees that opens a table. All statements that run at a time see the same.
  func view() throws -> StatementView {
    if let running { return running }
    var lease: ReadLease?
    // When the registry changes between look and lease, that lease may be too late.
    for _ in 0..<100 {
      try refresh()
      let (found, isPresent) = try contents().registry.lease(on: contents().stamp)
      lease = found
      if isPresent { break }
    }
    let view = StatementView(try contents(), lease)
    running = view
    return view
  }

  /// The sky database, opened at the first use.
  package func database() throws -> SkyDatabase { try contents().database }

  /// Looks whether the registry has changed since, and if so which tables there are now. Takes a few microseconds
  /// otherwise. Called whenever a statement begins to use one of the tables; a program may do so before it compiles one,
  /// so that new catalogues have a table.
  /// - Throws: `StoreError` when there is a database that cannot be read. Without one, nothing happens.
  package func refresh() throws {
    if let known {
      guard let stamp = known.registry.stamp(), stamp != known.stamp else { return }
    } else if !FileSystem.exists(databasePath + "/registry.sqlite") {
      return
    }
    _ = try reload()
  }

  private func opened(_ path: String) throws -> SkyDatabase {
    try SkyDatabase.open(
      at: path, locks: locks ?? LockMode.standard(environment: Self.environment), isHeld: false)
  }

  private func reload() throws -> SkyContents {
    let contents = try SkyContents(database: opened(databasePath), replacing: known)
    if contents.names != known?.names { shards.close() }
    known = contents
    try defineCatalogues(contents)
    return contents
  }

  // MARK: Tables

  func attach(to connection: OpaquePointer, operators: [TableFunction]) {
    (self.connection, self.operators) = (connection, operators)
  }

  /// Adds or replaces one table of this connection, such as a catalogue found in the database.
  /// - Throws: When the name belongs to a module of SQLite, of the host or of the inventory, which it would hide.
  package func define(_ table: TableFunction) throws(SQLFunctionError) {
    guard let connection else { preconditionFailure("register the inventory before defining tables") }
    if tables[table.name.lowercased()] == nil, TableBridge.isRegistered(table.name, on: connection) {
      throw SQLFunctionError("'\(table.name)' cannot be used as a table's name: an operator of that name exists")
    }
    let code = TableBridge.register(table, on: connection, context: self)
    guard code == SQLITE_OK else {
      throw SQLFunctionError("table \(table.name) could not be registered: \(String(cString: xsql_errmsg(connection)))")
    }
    tables[table.name.lowercased()] = table
  }

  /// Takes away a table that `define` added. Statements that are running keep it until they end.
  package func undefine(_ name: String) {
    guard let connection, tables.removeValue(forKey: name.lowercased()) != nil else { return }
    _ = xsql_remove_module(connection, name)
  }

  /// The table that `define` added under a name; upper and lower case are the same.
  package func definedTable(_ name: String) -> TableFunction? { tables[name.lowercased()] }

  /// The names that `define` added, in lower case and sorted.
  package var definedTables: [String] { tables.keys.sorted() }

  /// Gives every catalogue its table, and takes away the tables of catalogues that are gone. A catalogue named as an
  /// operator of the host has none; `xm_cone` and the matches read it all the same.
  private func defineCatalogues(_ contents: SkyContents) throws {
    guard let connection else { return }
    let present = Set(contents.names.keys.map { $0.lowercased() })
    for (key, table) in tables where table.section == .catalogues && !present.contains(key) { undefine(key) }
    for name in contents.names.keys.sorted() {
      let table = try CatalogueTable.definition(of: contents.catalogue(name))
      let old = tables[name.lowercased()]
      if let old, old.name == name && old.columns == table.columns { continue }
      if old != nil || !TableBridge.isRegistered(name, on: connection) { try define(table) }
    }
  }

  // MARK: Interrupts

  /// Throws when the statement that is running should stop. For scans that work long between two rows: between rows SQLite
  /// looks by itself.
  func checkInterrupt() throws {
    if cancellation.isRequested { throw SQLFunctionError("interrupted", sqliteCode: SQLITE_INTERRUPT) }
    guard let connection, Program.seconds() >= nextProbe else { return }
    defer { nextProbe = Program.seconds() + Self.secondsBetweenProbes }
    // A statement inside an interrupted one fails at once; SQLite 3.38 has no other way to ask.
    var statement: OpaquePointer?
    defer { _ = xsql_finalize(statement) }
    var code = xsql_prepare(connection, "SELECT 1", -1, 0, &statement, nil)
    if code == SQLITE_OK { code = xsql_step(statement) }
    if code & 0xff == SQLITE_INTERRUPT { throw SQLFunctionError("interrupted", sqliteCode: SQLITE_INTERRUPT) }
  }

  /// The same for loops that know nothing of SQL.
  var stopCheck: StopCheck { StopCheck { try self.checkInterrupt() } }
}

/// Counts of work, for tests and for whoever wonders what a query costs.
package struct ScanCounters: Sendable, Hashable {
  /// Shards in which rows were looked for.
  package var shardsRead = 0
  /// Shard files opened.
  package var shardsOpened = 0
  /// Chunks whose results were read from a stored run.
  package var chunksRead = 0
  /// Chunks that were matched for a query.
  package var chunksMatched = 0
}
