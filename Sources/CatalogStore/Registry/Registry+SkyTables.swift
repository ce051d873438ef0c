/// Tables of the sky that runs have used in place of built-in models.
extension Registry {
  /// The table with a digest.
  /// - Throws: `StoreError.damaged` when it is gone, or is not what was written.
  public func skyTable(_ kind: SkyTable.Kind, digest: String) throws -> SkyTable {
    let row = try connection.prepare("SELECT origin, payload, checksum FROM sky_table WHERE digest = ? AND kind = ?")
    row.bind(1, digest)
    row.bind(2, kind.rawValue)
    guard try row.step() else {
      throw StoreError(
        .damaged, database.registryPath,
        "no longer holds the \(kind.rawValue) with the digest \(digest), which a run names; match again with --redo and the file they came from"
      )
    }
    let table = try SkyTable(kind, origin: row.text(0), payload: row.withBytes(1) { Array($0) })
    guard table.digest == digest, table.checksum == row.text(2) else {
      throw StoreError(
        .damaged, database.registryPath,
        "the \(kind.rawValue) from \(table.origin) have changed since they were written; match again with --redo and the file they came from"
      )
    }
    return table
  }

  /// Keeps a table, in place of a damaged one with its digest; removed with the last run that names it.
  public func keep(_ table: SkyTable) throws {
    try run("INSERT OR REPLACE INTO sky_table VALUES (?, ?, ?, ?, ?)") {
      $0.bind(1, table.digest)
      $0.bind(2, table.kind.rawValue)
      $0.bind(3, table.origin)
      $0.bindBlob(4, copying: table.payload)
      $0.bind(5, table.checksum)
    }
  }

  /// What is wrong with the tables, and with those that runs name and are not there.
  func damagesOfSkyTables() throws -> [StoreError] {
    let rows = try connection.prepare("SELECT digest, kind FROM sky_table ORDER BY digest")
    var (tables, damages): ([(kind: SkyTable.Kind, digest: String)], [StoreError]) = ([], [])
    while try rows.step() {
      if let kind = SkyTable.Kind(rawValue: rows.text(1)) {
        tables.append((kind, rows.text(0)))
      } else {
        damages.append(
          StoreError(.damaged, database.registryPath, "holds a table of the unknown kind '\(rows.text(1))'"))
      }
    }
    let named = try strings("SELECT configuration FROM run ORDER BY id").flatMap { SkyTable.named(in: $0) }
    for (kind, digest) in tables + named.filter({ name in !tables.contains { $0 == name } }) {
      do { _ = try skyTable(kind, digest: digest) } catch let error as StoreError where error.code == .damaged {
        damages.append(error)
      }
    }
    return damages
  }

  /// Forgets tables that no run names, inside a transaction.
  func forgetUnusedSkyTables() throws {
    try run(
      "DELETE FROM sky_table WHERE NOT EXISTS (SELECT 1 FROM run WHERE instr(run.configuration, sky_table.digest) > 0)"
    ) { _ in }
  }
}
