/// What tells a registry of xmdb from any other SQLite file.
enum RegistryMark {
  /// `PRAGMA application_id` of a registry: "xmdb".
  static let applicationID: Int64 = 0x786d_6462

  /// Tables that every version has had.
  private static let tables = ["generation", "catalogue", "input_file", "shard", "coverage", "run"]

  /// Refuses whatever is no registry: what it does not name would be taken for its leftovers.
  /// - Returns: The number of its newest migration.
  /// - Throws: `StoreError.damaged` for a file without any schema, since registries get their name when they are complete;
  ///   `.usage` for a database of another program.
  static func require(in connection: Connection, of database: SkyDatabase) throws -> Int {
    let version = try Migration.version(of: connection)
    let (mark, tables) = (try integer("PRAGMA application_id", connection), try ownTables(connection))
    if version > 0 && tables == Self.tables.count && (mark == applicationID || mark == 0) { return version }
    if mark == 0 && tables == 0, try integer("SELECT count(*) FROM sqlite_schema", connection) == 0 {
      throw StoreError(
        .damaged, database.registryPath,
        "is empty or not a registry of xmdb; restore it, or move \(database.path) away and ingest again")
    }
    if mark == applicationID {
      throw StoreError(.damaged, database.registryPath, "has lost tables; restore it, or move \(database.path) away")
    }
    throw StoreError(
      .usage, database.path,
      "is no database of xmdb: its registry.sqlite belongs to another program; give another folder, for example --db sky.xmdb"
    )
  }

  private static func ownTables(_ connection: Connection) throws -> Int {
    let names = tables.map { "'\($0)'" }.joined(separator: ", ")
    return Int(
      try integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN (\(names))", connection))
  }

  private static func integer(_ sql: String, _ connection: Connection) throws -> Int64 {
    let statement = try connection.prepare(sql)
    return try statement.step() ? statement.int64(0) : 0
  }
}
