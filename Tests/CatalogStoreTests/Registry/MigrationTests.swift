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
        step(Migration.registry.count + 1, "CREATE TABLE extra (x); INSERT INTO extra VALUES (1);"),
        step(Migration.registry.count + 2, "ALTER TABLE extra ADD COLUMN y; UPDATE extra SET y = x + 1;"),
      ]
  }

  @Test func everyPrefixCanBeBroughtUpToDate() throws {
    var schemas: Set<String> = []
    for length in 0...steps.count {
      let connection = try Connection(path: workdir.path("prefix-\(length).db"), mode: .create)
      try Migration.apply(Array(steps.prefix(length)), to: connection)
      #expect(try Migration.version(of: connection) == length)
      try Migration.apply(steps, to: connection)
      #expect(try Migration.version(of: connection) == steps.count)
      schemas.insert(
        try text(connection, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)"))
      #expect(try text(connection, "SELECT x || y FROM extra") == "12")
    }
    #expect(schemas.count == 1)
  }

  @Test func aStepThatFailsLeavesNothing() throws {
    let connection = try Connection(path: workdir.path("x.db"), mode: .create)
    let broken = Migration(
      number: Migration.registry.count + 1, sql: Array("CREATE TABLE half (x); CREATE TABLE half (x);".utf8))
    #expect(throws: StoreError.self) { try Migration.apply(Migration.registry + [broken], to: connection) }
    #expect(try Migration.version(of: connection) == Migration.registry.count)
    #expect(try text(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == "0")
  }

  @Test func aNewerDatabaseIsRefused() throws {
    let database = try SkyDatabase.openOrCreate(at: workdir.path("sky"))
    try Connection(path: database.registryPath, mode: .readWrite).execute("PRAGMA user_version=99")
    for attempt in [{ _ = try database.registry() }, { _ = try database.writableRegistry() }] {
      let error = try #require(throws: StoreError.self, performing: attempt)
      #expect(error.code == .damaged)
      #expect(error.description.contains("has schema version 99, this program knows up to \(Migration.registry.count)"))
    }
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
