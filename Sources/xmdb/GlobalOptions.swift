import ArgumentParser
import CatalogStore
import Glibc

/// Options of every command; they may stand before or after its name.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp("The database's folder (default: $XMDB_DB, else ./sky.xmdb).", valueName: "dir"))
  var databaseFolder: String?

  @Flag(name: .shortAndLong, help: "Print no progress and no summary: only what was asked for, and errors.")
  var quiet = false

  /// The folder of the database, whether it exists or not.
  func databasePath() throws -> String {
    guard let databaseFolder else {
      return SkyDatabase.defaultPath { name in getenv(name).map { String(cString: $0) } }
    }
    if databaseFolder.isEmpty { throw StoreError(.usage, "--db", "is empty; give a folder, for example --db sky.xmdb") }
    return databaseFolder
  }

  /// The database, which must exist.
  func database() throws -> SkyDatabase { try SkyDatabase.open(at: databasePath()) }
}

/// The option of commands that print facts.
struct FactsOptions: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false
}
