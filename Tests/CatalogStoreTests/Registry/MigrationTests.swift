import CSQLiteBoot
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct MigrationTests {
  let workdir: Workdir
  let steps: [Migration]

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    func step(_ number: Int, _ sql: String) -> Migration { Migration(number: number, sql: Array(sql.utf8)) }
    steps =
      Migration.registry + [
        step(Migration.latest + 1, "CREATE TABLE extra (x); INSERT INTO extra VALUES (1);"),
        step(Migration.latest + 2, "ALTER TABLE extra ADD COLUMN y; UPDATE extra SET y = x + 1;"),
      ]
  }

  @Test func everyPrefixCanBeBroughtUpToDate() throws {
    var schemas: Set<String> = []
    for length in 0...steps.count {
      let connection = try Connection(path: workdir.path("prefix-\(length).db"), mode: .create)
      try Migration.apply(Array(steps.prefix(length)), to: connection)
      #expect(try Migration.version(of: connection) == steps.prefix(length).last?.number ?? 0)
      try Migration.apply(steps, to: connection)
      #expect(try Migration.version(of: connection) == steps.last?.number)
      schemas.insert(
        try text(connection, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)"))
      #expect(try text(connection, "SELECT x || y FROM extra") == "12")
    }
    #expect(schemas.count == 1)
  }

  @Test func aStepThatFailsLeavesNothing() throws {
    let connection = try Connection(path: workdir.path("x.db"), mode: .create)
    let broken = Migration(
      number: Migration.latest + 1, sql: Array("CREATE TABLE half (x); CREATE TABLE half (x);".utf8))
    #expect(throws: StoreError.self) { try Migration.apply(Migration.registry + [broken], to: connection) }
    #expect(try Migration.version(of: connection) == Migration.latest)
    #expect(try text(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == "0")
  }

  @Test func aNewerDatabaseIsRefused() throws {
    let database = try SkyDatabase.openOrCreate(at: workdir.path("sky"))
    try Connection(path: database.registryPath, mode: .readWrite).execute("PRAGMA user_version=99")
    for attempt in [{ _ = try database.registry() }, { _ = try database.writableRegistry() }] {
      let error = try #require(throws: StoreError.self, performing: attempt)
      #expect(error.code == .damaged)
      #expect(error.description.contains("has schema version 99, this program knows up to \(Migration.latest)"))
    }
  }

  /// The tables that a step changes are sealed again, those that were damaged before it are not.
  @Test func aStepKeepsSealsAndHidesNoDamage() throws {
    let database = try SkyDatabase.openOrCreate(at: workdir.path("sky"))
    for name in ["a", "b"] {
      try database.writableRegistry().publish(SampleCatalogue.info(name), coverage: SampleCatalogue.coverage)
    }
    let connection = try Connection(path: database.registryPath, mode: .readWrite)
    try connection.execute("UPDATE role SET reason = 'x' WHERE generation = 2")
    let wider = Migration(
      number: Migration.latest + 1, sql: Array("ALTER TABLE shard ADD COLUMN extra INTEGER NOT NULL DEFAULT 5".utf8))
    try Migration.apply(Migration.registry + [wider], to: connection)
    let registry = Registry(connection, database: database)
    #expect(try registry.catalogue("a").shards.count == 3)
    #expect(try #require(throws: StoreError.self) { try registry.catalogue("b") }.code == .damaged)
  }

  @Test func theRegistrySchemaIsSound() throws {
    let connection = try Connection(path: workdir.path("x.db"), mode: .create)
    try Migration.apply(Migration.registry, to: connection)
    #expect(try text(connection, "PRAGMA integrity_check") == "ok")
    #expect(try text(connection, "SELECT count(*) FROM pragma_foreign_key_check") == "0")
  }

  private func text(_ connection: Connection, _ sql: String) throws -> String {
    let statement = try connection.prepare(sql)
    return try statement.step() ? statement.text(0) : ""
  }
}
