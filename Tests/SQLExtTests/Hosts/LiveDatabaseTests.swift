import CSQLite
import CatalogStore
import Formats
import Foundation
import Glibc
import Indexing
import Testing
import XMDBTestSupport

@testable import SQLExt

/// A connection stays open while the database changes.
@Suite struct LiveDatabaseTests {
  private func catalogue(_ name: String, _ count: Int, _ rng: inout SplitMix64) -> TestCatalogue {
    var catalogue = TestCatalogue(name, Sky.cap(count, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng))
    catalogue.sourcesPerShard = 40
    return catalogue
  }

  @Test func newCataloguesGetTheirTables() throws {
    var rng = SplitMix64(seed: 31)
    let sky = try TestSky()
    let host = try SQLHost(databasePath: sky.path)
    #expect(host.message("SELECT * FROM one") == "no such table: one")
    try sky.add(catalogue("one", 10, &rng))
    #expect(try host.value("SELECT xm_refresh()") == "1")
    #expect(try host.value("SELECT count(*) FROM one") == "10")
    try sky.add(catalogue("two", 20, &rng))
    #expect(try host.value("SELECT count(*) FROM one") == "10", "using one table finds the others")
    #expect(try host.value("SELECT count(*) FROM two") == "20")
    #expect(try host.rows("SELECT name, rows, generation FROM xm_catalogues") == ["one|10|1", "two|20|1"])
  }

  @Test func aReplacedCatalogueIsReadAnew() throws {
    var rng = SplitMix64(seed: 32)
    let sky = try TestSky()
    try sky.add(catalogue("one", 300, &rng))
    let host = try SQLHost(databasePath: sky.path)
    let prepared = "SELECT count(*), max(xm_rowid) FROM one"
    #expect(try host.value(prepared) == "300|299")
    try sky.add(catalogue("one", 200, &rng))
    #expect(try host.value(prepared) == "200|199")
    #expect(try host.value("SELECT generation FROM xm_catalogues") == "2")
  }

  @Test func aPreparedStatementFollowsNewColumns() throws {
    var rng = SplitMix64(seed: 33)
    let sky = try TestSky()
    try sky.add(catalogue("one", 30, &rng))
    let host = try SQLHost(databasePath: sky.path)
    let statement = try OpenStatement("SELECT * FROM one LIMIT 1", on: host)
    var other = catalogue("one", 30, &rng)
    other.extras = [.init("extra", "TEXT", other.sky.raDegrees.map { _ in .text("new") })]
    try sky.add(other)
    let row = try statement.next()
    #expect(row?.count == 7 && row?.contains("new") == true)
    #expect(try host.value("SELECT extra FROM one LIMIT 1") == "new")
  }

  @Test func whatARunningScanReadsStaysUntilItEnds() throws {
    var rng = SplitMix64(seed: 34)
    let sky = try TestSky()
    let old = try sky.add(catalogue("one", 600, &rng))
    let host = try SQLHost(databasePath: sky.path)
    var statement: OpenStatement? = try OpenStatement("SELECT ra FROM one", on: host)
    let expected = try host.rows("SELECT ra FROM one")
    var rows = [try #require(try statement?.next()).joined(separator: "|")]
    try sky.add(catalogue("one", 500, &rng))
    #expect(old.shards.allSatisfy { FileSystem.exists(sky.path + "/" + $0.path) }, "they are being read")
    while let row = try statement?.next() { rows.append(row.joined(separator: "|")) }
    #expect(rows == expected)
    statement = nil
    #expect(try host.value("SELECT count(*) FROM one") == "500")
    try sky.add(catalogue("two", 10, &rng))
    #expect(!FileSystem.exists(sky.path + "/" + SkyDatabase.generationPath(catalogue: "one", number: 1)))
    #expect(try host.value("SELECT count(*) FROM one") == "500")
  }

  @Test func anIdleConnectionKeepsNoFiles() throws {
    var rng = SplitMix64(seed: 40)
    let sky = try TestSky()
    try sky.add(catalogue("one", 60, &rng))
    let host = try SQLHost(databasePath: sky.path)
    #expect(try host.value("SELECT count(*) FROM one") == "60")
    try sky.add(catalogue("one", 50, &rng))
    #expect(FileSystem.list(sky.path + "/catalogues/one") == ["2"])
    #expect(try host.value("SELECT count(*) FROM one") == "50")
  }

  @Test func aRunningStatementKeepsToItsGeneration() throws {
    var rng = SplitMix64(seed: 39)
    let sky = try TestSky()
    try sky.add(catalogue("one", 60, &rng))
    let (host, other) = (try SQLHost(databasePath: sky.path), try SQLHost(databasePath: sky.path))
    // The inner tables are opened and scanned again for every outer row; the catalogue changes in between.
    let sql = """
      SELECT o.xm_rowid, i.ra, (SELECT count(*) FROM one WHERE xm_rowid >= o.xm_rowid), (SELECT rows FROM xm_catalogues),
        (SELECT count(*) FROM xm_cone('one', 5, 5, 90) WHERE xm_rowid >= o.xm_rowid)
      FROM one o CROSS JOIN one i ON i.xm_rowid = o.xm_rowid WHERE o.xm_rowid < 20
      """
    let expected = try host.rows(sql)
    var statement: OpenStatement? = try OpenStatement(sql, on: host)
    var rows = [try #require(try statement?.next()).joined(separator: "|")]
    try sky.add(catalogue("one", 55, &rng))
    #expect(try other.value("SELECT count(*) FROM one") == "55", "another connection reads the new generation")
    #expect(try host.value("SELECT count(*) FROM one") == "60", "as in a read transaction")
    while let row = try statement?.next() { rows.append(row.joined(separator: "|")) }
    #expect(rows == expected)
    statement = nil
    #expect(try host.value("SELECT count(*) FROM one") == "55")
  }

  @Test func aReaderDoesNotDropTheLocksOfItsProcess() throws {
    var rng = SplitMix64(seed: 41)
    let sky = try TestSky()
    try sky.add(catalogue("one", 10, &rng))
    let host = try SQLHost(databasePath: sky.path)
    #expect(try host.value("SELECT count(*) FROM one") == "10")
    let registry = try Connection(path: sky.database.registryPath, mode: .readWrite)
    try registry.execute("BEGIN IMMEDIATE")
    let held = try locks(on: sky.database.registryPath)
    #expect(held.count == 2, "SHARED and RESERVED")
    #expect(try host.value("SELECT count(*) FROM one") == "10")
    _ = try SQLHost(databasePath: sky.path).rows("SELECT * FROM xm_catalogues")
    #expect(try locks(on: sky.database.registryPath) == held)
    try registry.execute("COMMIT")
  }

  /// The kernel's list of locks that processes, not open files, hold on a file.
  private func locks(on path: String) throws -> [String] {
    var file = stat()
    #expect(stat(path, &file) == 0)
    let all = try FileSystem.text(ofKernelFile: "/proc/locks").split(separator: "\n").map(String.init)
    return all.filter { $0.contains("POSIX") && $0.contains(":\(file.st_ino) ") }
      .map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
  }

  @Test func anotherDatabaseHasOtherTables() throws {
    var rng = SplitMix64(seed: 35)
    let (first, second) = (try TestSky(), try TestSky())
    try first.add(catalogue("one", 10, &rng))
    try first.add(catalogue("both", 10, &rng))
    try second.add(catalogue("both", 20, &rng))
    let host = try SQLHost(databasePath: first.path)
    #expect(try host.value("SELECT count(*) FROM both, one") == "100")
    #expect(try host.value("SELECT xm_open('\(second.path)')") == second.path)
    #expect(try host.value("SELECT count(*) FROM both") == "20")
    #expect(host.message("SELECT * FROM one") == "no such table: one")
    #expect(host.message("SELECT xm_open('/no/such')").contains("there is no xmdb database here"))
    #expect(try host.value("SELECT count(*) FROM both") == "20", "and nothing has changed")
  }

  @Test func aCatalogueNamedAsAnOperatorOfTheHostDoesNotReplaceIt() throws {
    var rng = SplitMix64(seed: 36)
    let sky = try TestSky()
    try sky.add(catalogue("json_each", 10, &rng))
    let host = try SQLHost(databasePath: sky.path)
    #expect(try host.value("SELECT sum(value) FROM json_each('[1,2]')") == "3")
    #expect(try host.value("SELECT count(*) FROM xm_cone('json_each', 5, 5, 3)") == "10")
  }

  @Test func aMissingShardIsNamed() throws {
    var rng = SplitMix64(seed: 37)
    let sky = try TestSky()
    let info = try sky.add(catalogue("one", 100, &rng))
    let path = sky.path + "/" + info.shards[1].path
    try FileManager.default.removeItem(atPath: path)
    let host = try SQLHost(databasePath: sky.path)
    #expect(
      host.message("SELECT * FROM one")
        == "one: \(path): the shard is missing; run `xmdb verify one`, then ingest the catalogue again")
    #expect(try host.value("SELECT count(*) FROM one WHERE xm_rowid = 0") == "1", "the others can be read")
  }

  @Test func tablesOfCataloguesAreRefusedInsideViews() throws {
    var rng = SplitMix64(seed: 38)
    let sky = try TestSky()
    try sky.add(catalogue("one", 10, &rng))
    let host = try SQLHost(databasePath: sky.path)
    for table in ["one", "xm_catalogues", "xm_cone('one', 0, 0, 1)", "xmatch('one', 'two')"] {
      try host.execute("DROP VIEW IF EXISTS sly; CREATE VIEW sly AS SELECT * FROM \(table)")
      #expect(host.message("SELECT * FROM sly").hasPrefix("unsafe use of virtual table"), "\(table)")
    }
  }

  @Test func aLongScanNoticesAnInterrupt() throws {
    let context = XMDBContext(databasePath: "no-such-folder")
    let host = try SQLHost(context: context)
    let address = UInt(bitPattern: host.db)
    try context.define(
      TableFunction("xt_stopper", in: .database, columns: [TableColumn("x", .integer)], summary: "", example: "") {
        Stopper($0, OpaquePointer(bitPattern: address)!)
      })
    #expect(throws: SQLFailure(message: "xt_stopper: interrupted", code: SQLITE_INTERRUPT)) {
      try host.rows("SELECT * FROM xt_stopper")
    }
    #expect(try host.value("SELECT 1") == "1")
  }
}

/// A table that is interrupted while it works.
private final class Stopper: VirtualTable {
  private let context: XMDBContext
  private let db: OpaquePointer

  init(_ context: XMDBContext, _ db: OpaquePointer) {
    self.context = context
    self.db = db
  }

  func plan(_ request: PlanRequest) throws -> Plan { Plan(cost: 1, rows: 1) }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    try context.checkInterrupt()
    xsql_interrupt(db)
    // It is noticed within a moment, not at once.
    let end = Program.seconds() + 10
    while Program.seconds() < end { try context.checkInterrupt() }
    return VirtualCursor()
  }
}
