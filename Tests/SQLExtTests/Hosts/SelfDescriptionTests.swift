import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import SQLExt

/// What a connection says of itself.
@Suite struct SelfDescriptionTests {
  private func sky() throws -> TestSky {
    var rng = SplitMix64(seed: 15)
    let sky = try TestSky()
    for (name, count) in [("one", 9), ("DR3.main", 4)] {
      try sky.add(TestCatalogue(name, Sky.cap(count, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng)))
    }
    return sky
  }

  @Test func everyTableIsListedAsItIsUsed() throws {
    let sky = try sky()
    let host = try SQLHost(databasePath: sky.path)
    let catalogues = try host.rows("SELECT name, call, rows FROM xm_tables WHERE kind = 'catalogue'")
    #expect(catalogues == ["DR3.main|\"DR3.main\"|4", "one|one|9"])
    let operators = try host.rows("SELECT name FROM xm_tables WHERE kind = 'operator' ORDER BY name")
    #expect(operators == SQLInventory.tables.map(\.name).sorted())
    for call in try host.rows("SELECT call FROM xm_tables WHERE kind = 'catalogue'") {
      #expect(try host.rows("SELECT count(*) > 0 FROM \(call)") == ["1"])
    }
    // Their columns are as many as SQLite says.
    let wrong = try host.rows(
      "SELECT name FROM xm_tables AS t WHERE columns <> (SELECT count(*) FROM pragma_table_xinfo(t.name) WHERE hidden = 0)"
    )
    #expect(wrong == [])
  }

  @Test func aTemporaryViewOfACatalogueIsListedBySQLite() throws {
    let sky = try sky()
    let host = try SQLHost(databasePath: sky.path)
    try host.execute("CREATE TEMP VIEW stars AS SELECT * FROM one")
    #expect(try host.rows("SELECT name FROM sqlite_temp_schema WHERE type = 'view'") == ["stars"])
    #expect(try host.rows("SELECT count(*) FROM stars") == ["9"])
    #expect(try host.rows("SELECT name FROM pragma_table_list WHERE name IN ('one', 'xmatch')") == [])
  }

  @Test func aReportHasWhatItNeeds() throws {
    let sky = try sky()
    let host = try SQLHost(databasePath: sky.path)
    let lines = try host.value("SELECT xm_debug()").split(separator: "\n")
    #expect(
      lines.map { $0.prefix { $0 != ":" } }
        == ["xmdb", "SQLite", "options", "processor", "threads", "system", "database", "catalogues", "runs"])
    #expect(
      lines[0] == "xmdb: \(Program.version)" && lines[6] == "database: \(sky.path)" && lines[7] == "catalogues: 2")
    #expect(lines[3].hasPrefix("processor: x86-64-v") && lines[8] == "runs: 0, 0 of them finished")
  }

  @Test func aReportOfAPinnedConnectionTellsNoPath() throws {
    let sky = try sky()
    let host = try SQLHost(context: XMDBContext(databasePath: sky.path, isPinned: true))
    let text = try host.value("SELECT xm_debug()")
    #expect(text.contains("\ndatabase: pinned\ncatalogues: 2\n") && !text.contains(sky.path), "\(text)")
    let absent = try SQLHost(context: XMDBContext(databasePath: "/nowhere/at/all", isPinned: true))
    let problem = try absent.value("SELECT xm_debug()")
    #expect(problem.contains("\nproblem: the database: ") && !problem.contains("/nowhere"), "\(problem)")
  }
}
