import CSQLite
import Glibc

/// What the operators of one SQLite connection share: which sky database they read.
/// Belongs to its connection, which SQLite lets one thread use at a time.
package final class XMDBContext {
  /// The folder of the sky database.
  package private(set) var databasePath: String
  /// Grows by one with every `open`, so that tables know when to look again.
  package private(set) var generation = 0
  /// The connection, from registration until it closes.
  private var connection: OpaquePointer?
  private var tableNames: Set<String> = []

  /// Without a path: `$XMDB_DB`, or else `sky.xmdb` in the working directory.
  package init(databasePath: String? = nil) {
    self.databasePath = databasePath ?? XMDBContext.defaultPath
  }

  private static var defaultPath: String {
    guard let path = getenv("XMDB_DB"), path.pointee != 0 else { return "./sky.xmdb" }
    return String(cString: path)
  }

  /// Points all operators of this connection at another sky database.
  package func open(_ path: String) throws(SQLFunctionError) {
    guard access(path + "/registry.sqlite", R_OK) == 0 else {
      throw SQLFunctionError(
        "no sky database at '\(path)'; expected a folder with a readable registry.sqlite, as `xmdb ingest` makes it")
    }
    databasePath = path
    generation += 1
  }

  func attach(to connection: OpaquePointer) { self.connection = connection }

  /// Adds or replaces one table of this connection, such as a catalogue found in the database.
  package func define(_ table: TableFunction) throws(SQLFunctionError) {
    guard let connection else { preconditionFailure("register the inventory before defining tables") }
    let code = TableBridge.register(table, on: connection, context: self)
    guard code == SQLITE_OK else {
      throw SQLFunctionError("table \(table.name) could not be registered: \(String(cString: xsql_errmsg(connection)))")
    }
    tableNames.insert(table.name)
  }

  /// Takes away a table that `define` added. Statements that are running keep it until they end.
  package func undefine(_ name: String) {
    guard let connection, tableNames.remove(name) != nil else { return }
    _ = xsql_remove_module(connection, name)
  }

  /// The names that `define` added, sorted.
  package var definedTables: [String] { tableNames.sorted() }
}
