/// One step of a schema, embedded from `migrations/`. A shipped step never changes.
struct Migration: Sendable {
  let number: Int
  let sql: [UInt8]

  static let registry = [
    Migration(number: 1, sql: PackageResources.m0001_create_registry_sql),
    Migration(number: 2, sql: PackageResources.m0002_add_photometry_sql),
    Migration(number: 3, sql: PackageResources.m0003_add_band_pairs_sql),
    Migration(number: 4, sql: PackageResources.m0004_record_how_runs_went_sql),
  ]

  /// Brings a database to the newest schema, one transaction per step; `PRAGMA user_version` counts the steps done.
  /// - Throws: `StoreError.damaged` when the file was written by a newer program.
  static func apply(_ steps: [Migration], to connection: Connection) throws {
    let done = try version(of: connection)
    guard done <= steps.count else {
      throw StoreError(
        .damaged, connection.path,
        "has schema version \(done), this program knows up to \(steps.count); use the xmdb that wrote it, or a newer one"
      )
    }
    for step in steps where step.number > done {
      try connection.transaction {
        // Another process may have come first.
        if try version(of: connection) >= step.number { return }
        try connection.execute(String(decoding: step.sql, as: UTF8.self))
        try connection.execute("PRAGMA user_version=\(step.number)")
      }
    }
  }

  /// The number of steps already applied.
  static func version(of connection: Connection) throws -> Int {
    let statement = try connection.prepare("PRAGMA user_version")
    return try statement.step() ? statement.int(0) : 0
  }
}
