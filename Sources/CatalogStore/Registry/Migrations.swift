/// One step of a schema, embedded from `migrations/`. A shipped step never changes.
struct Migration: Sendable {
  let number: Int
  let sql: [UInt8]

  static let registry = [
    Migration(number: 1, sql: PackageResources.m0001_create_registry_sql),
    Migration(number: 2, sql: PackageResources.m0002_add_photometry_sql),
    Migration(number: 3, sql: PackageResources.m0003_add_band_pairs_sql),
    Migration(number: 4, sql: PackageResources.m0004_record_how_runs_went_sql),
    Migration(number: 7, sql: PackageResources.m0007_add_median_epoch_sql),
    Migration(number: 8, sql: PackageResources.m0008_mark_and_name_leftovers_sql),
    Migration(number: 9, sql: PackageResources.m0009_add_seals_sql),
    Migration(number: 10, sql: PackageResources.m0010_account_for_negligible_pairs_sql),
    Migration(number: 11, sql: PackageResources.m0011_add_products_sql),
    Migration(number: 12, sql: PackageResources.m0012_name_rowids_sql),
    Migration(number: 13, sql: PackageResources.m0013_add_pair_models_sql),
    Migration(number: 14, sql: PackageResources.m0014_add_kinds_of_runs_sql),
    Migration(number: 15, sql: PackageResources.m0015_name_chunks_sql),
    Migration(number: 16, sql: PackageResources.m0016_drop_what_zones_measured_sql),
    Migration(number: 17, sql: PackageResources.m0017_add_sky_tables_sql),
    Migration(number: 18, sql: PackageResources.m0018_add_psf_sql),
  ]

  /// The newest schema of a registry.
  static let latest = registry.last?.number ?? 0

  /// Brings a database to the newest schema, one transaction per step; `PRAGMA user_version` is the number of the last one.
  /// - Throws: `StoreError.damaged` when the file was written by a newer program.
  static func apply(_ steps: [Migration], to connection: Connection) throws {
    let done = try version(of: connection)
    let latest = steps.last?.number ?? 0
    guard done <= latest else {
      throw StoreError(
        .damaged, connection.path,
        "has schema version \(done), this program knows up to \(latest); use the xmdb that wrote it, or a newer one"
      )
    }
    for step in steps where step.number > done {
      try connection.transaction {
        // Another process may have come first.
        if try version(of: connection) >= step.number { return }
        let sound = try soundOwners(connection)
        try connection.execute(String(decoding: step.sql, as: UTF8.self))
        for (owner, id) in sound { try RegistrySeals(connection: connection).seal(owner, id) }
        try connection.execute("PRAGMA user_version=\(step.number)")
      }
    }
  }

  /// Whose rows are what was written, before a step changes their tables: they are sealed again after it.
  private static func soundOwners(_ connection: Connection) throws -> [(RegistrySeals.Owner, Int64)] {
    guard try RegistrySeals.areThere(connection) else { return [] }
    let seals = RegistrySeals(connection: connection)
    return try RegistrySeals.Owner.allCases.flatMap { owner in
      try seals.ids(owner).filter { try seals.finding(owner, $0, seals.tables(owner)) == nil }.map { (owner, $0) }
    }
  }

  /// The number of the last step applied.
  static func version(of connection: Connection) throws -> Int {
    let statement = try connection.prepare("PRAGMA user_version")
    return try statement.step() ? statement.int(0) : 0
  }
}
