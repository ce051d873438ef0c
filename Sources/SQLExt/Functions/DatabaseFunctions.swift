import CatalogStore

/// The program's version, and which sky database this connection reads.
enum DatabaseFunctions {
  static let all = [version, debug, open, refresh, database, pin]

  private static let version = ScalarFunction(
    "xm_version", in: .database,
    summary: "The version of xmdb.",
    example: "SELECT xm_version()", answer: Program.version
  ) { _ in .text(Program.version) }

  private static let debug = ScalarFunction(
    "xm_debug", in: .database,
    summary: """
      What a report of a defect needs, a line each: versions of xmdb and SQLite, how SQLite was built, the processor and what this \
      build needs of it, the database with its catalogues and runs; without the path where the host has pinned it.
      """,
    example: "SELECT xm_debug()", answer: nil, reach: .files
  ) { arguments in .text(DebugFacts.text(arguments.context)) }

  private static let open = ScalarFunction(
    "xm_open", in: .database, parameters: [.text("path", "folder of a sky database")],
    summary: """
      Makes this connection read another sky database and returns its path. Without it, that is `$XMDB_DB` or \
      `sky.xmdb` in the working directory. Refused where the host has pinned the database, with `$XMDB_PINNED` or \
      `xm_pin`.
      """,
    example: "SELECT xm_open('sky.xmdb')", answer: "sky.xmdb", reach: .files
  ) { arguments in
    let path = try arguments.text(0)
    try arguments.context.open(path)
    return .text(path)
  }

  private static let refresh = ScalarFunction(
    "xm_refresh", in: .database,
    summary: """
      Looks whether catalogues have come or gone since, gives each its table, and returns how many there are. Every \
      statement that uses a catalogue or a match looks by itself; needed only for the name of a new catalogue.
      """,
    example: "SELECT xm_refresh()", answer: nil, reach: .files
  ) { arguments in
    .integer(Int64(try arguments.context.lookAgain().names.count))
  }

  private static let database = ScalarFunction(
    "xm_database", in: .database,
    summary: """
      The path of the sky database that this connection reads, whether it exists or not; `pinned` where the host has \
      pinned it.
      """,
    example: "SELECT xm_database()", answer: "sky.xmdb", reach: .files
  ) { arguments in .text(arguments.context.isPinned ? "pinned" : arguments.context.databasePath) }

  private static let pin = ScalarFunction(
    "xm_pin", in: .database, parameters: [.text("path", "folder of a sky database")],
    summary: """
      Makes this connection read that sky database for good, whether it is there yet or not, and returns `pinned`: \
      `xm_open` and `xm_pin` then refuse, and no message tells the path. For hosts that hand a connection to others.
      """,
    example: "SELECT xm_pin('sky.xmdb')", answer: "pinned", reach: .files
  ) { arguments in
    try arguments.context.pin(to: try arguments.text(0))
    return .text("pinned")
  }
}
