import CSQLite
package import CatalogStore
import Glibc

/// What the operators of one SQLite connection share: which sky database they read, and the tables found in it.
/// Belongs to its connection, which SQLite lets one thread use at a time.
package final class XMDBContext {
  /// The folder of the sky database.
  package private(set) var databasePath: String
  /// Grows by one with every `open`, so that tables know when to look again.
  package private(set) var generation = 0
  private var opened: SkyDatabase?
  /// The connection, from registration until it closes.
  private var connection: OpaquePointer?
  private var tables: Set<String> = []

  /// Without a path: `$XMDB_DB`, or else `sky.xmdb` in the working directory.
  package init(databasePath: String? = nil) {
    self.databasePath = databasePath ?? SkyDatabase.defaultPath { name in getenv(name).map { String(cString: $0) } }
  }

  /// The sky database, opened at the first use.
  package func database() throws -> SkyDatabase {
    if let opened { return opened }
    let database = try SkyDatabase.open(at: databasePath)
    opened = database
    return database
  }

  /// Points all operators of this connection at another sky database. If there is none, nothing changes.
  package func open(_ path: String) throws {
    opened = try SkyDatabase.open(at: path)
    databasePath = path
    generation += 1
  }

  func attach(to connection: OpaquePointer) { self.connection = connection }

  /// Adds or replaces one table of this connection, such as a catalogue found in the database.
  /// - Throws: When the name belongs to a module of SQLite, of the host or of the inventory, which it would hide.
  package func define(_ table: TableFunction) throws(SQLFunctionError) {
    guard let connection else { preconditionFailure("register the inventory before defining tables") }
    let isOurs = tables.contains(table.name.lowercased())
    if !isOurs, TableBridge.isRegistered(table.name, on: connection) {
      throw SQLFunctionError("'\(table.name)' cannot be used as a table's name: an operator of that name exists")
    }
    let code = TableBridge.register(table, on: connection, context: self)
    guard code == SQLITE_OK else {
      throw SQLFunctionError("table \(table.name) could not be registered: \(String(cString: xsql_errmsg(connection)))")
    }
    tables.insert(table.name.lowercased())
  }

  /// Takes away a table that `define` added. Statements that are running keep it until they end.
  package func undefine(_ name: String) {
    guard let connection, tables.remove(name.lowercased()) != nil else { return }
    _ = xsql_remove_module(connection, name)
  }

  /// The names that `define` added, in lower case and sorted.
  package var definedTables: [String] { tables.sorted() }
}
