public import ArgumentParser
public import CatalogStore
import Glibc

/// Options of every command; they may stand before or after its name.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp("The database's folder (default: $XMDB_DB, else ./sky.xmdb).", valueName: "dir"))
  var databaseFolder: String?

  @Option(
    help: ArgumentHelp(
      "How processes exclude each other: system or file (default: $XMDB_LOCKS, else system).", valueName: "mode"))
  var locks: LockMode?

  @Flag(help: "With --locks file: end the right of a writer on another machine that is gone for certain.")
  var breakLock = false

  @Flag(name: .shortAndLong, help: "Print no progress and no summary: only what was asked for, and errors.")
  var quiet = false

  /// The folder of the database, whether it exists or not.
  func databasePath() throws -> String {
    guard let databaseFolder else {
      return SkyDatabase.defaultPath(environment: environmentVariable)
    }
    if databaseFolder.isEmpty { throw StoreError(.usage, "--db", "is empty; give a folder, for example --db sky.xmdb") }
    return databaseFolder
  }

  /// How processes exclude each other.
  func lockMode() throws -> LockMode { try locks ?? LockMode.standard(environment: environmentVariable) }

  /// The database, which must exist.
  func database() throws -> SkyDatabase {
    try breakLockIfAsked()
    return try SkyDatabase.open(at: databasePath(), locks: lockMode())
  }

  /// The database, made when absent.
  func databaseOrNew() throws -> SkyDatabase {
    try breakLockIfAsked()
    return try SkyDatabase.openOrCreate(at: databasePath(), locks: lockMode())
  }

  /// Ends the right of another machine's writer, and says whose.
  func breakLockIfAsked() throws {
    guard breakLock, let owner = try SkyDatabase.breakLock(at: databasePath()), !quiet else { return }
    standardError("The database is no longer reserved for \(owner).\n")
  }
}

extension LockMode: ExpressibleByArgument {}

/// The value of an environment variable, nil when it is not set.
func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// The option of commands that print facts.
struct FactsOptions: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false
}
