import CatalogStore
import Testing
import XMDBTestSupport

@testable import Serve

/// Queries of strangers read what is served, and nothing else, for a limited time.
@Suite struct SafetyTests {
  @Test(arguments: [
    "ATTACH '/tmp/other.sqlite' AS other", "DETACH tap_schema", "PRAGMA table_list", "PRAGMA temp_store = 2",
    "SELECT * FROM sqlite_master", "SELECT rowid FROM sqlite_schema", "SELECT * FROM tap_schema.sqlite_master",
    "SELECT * FROM temp.sqlite_master", "SELECT * FROM pragma_database_list", "SELECT * FROM pragma_function_list",
    "SELECT count(*) FROM sqlite_master", "SELECT count(*) FROM sqlite_schema",
    "SELECT count(*) FROM pragma_table_list",
    "SELECT count(*) FROM dbstat", "SELECT count(*) FROM temp.sqlite_master", "SELECT count(*) FROM fts5vocab",
    "SELECT 1 FROM pragma_module_list LIMIT 1", "SELECT EXISTS (SELECT 1 FROM sqlite_stmt)",
    "SELECT * FROM dbstat", "SELECT * FROM sqlite_dbpage", "SELECT * FROM bytecode('SELECT 1')",
    "SELECT load_extension('libc.so.6')", "SELECT readfile('/etc/passwd')", "SELECT writefile('/tmp/x', 'x')",
    "SELECT xm_open('/tmp')", "SELECT xm_pin('/tmp')", "SELECT xm_database()", "SELECT xm_refresh()",
    "SELECT xm_debug()",
    "SELECT fts3_tokenizer('simple')", "SELECT sqlite_source_id()", "SELECT random()", "SELECT zeroblob(1000000000)",
    "CREATE TABLE t(x)", "CREATE TEMP TABLE t(x)", "CREATE VIEW v AS SELECT 1", "CREATE VIRTUAL TABLE v USING one",
    "CREATE TEMP TRIGGER t AFTER INSERT ON tap_schema.tables BEGIN SELECT 1; END", "INSERT INTO one (ra) VALUES (1)",
    "DELETE FROM tap_schema.tables", "UPDATE tap_schema.tables SET description = 'x'", "DROP TABLE tap_schema.tables",
    "UPDATE sqlite_master SET sql = 'x'", "VACUUM INTO '/tmp/x'", "BEGIN", "SAVEPOINT x", "REINDEX", "ANALYZE",
    "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE tap_schema.tables", "EXPLAIN DELETE FROM tap_schema.tables",
    "SELECT * FROM xmatch('two words', 'one')", "", "--", ";",
    "SELECT \"no\"",
  ])
  func nothingElseIsReadOrWritten(_ sql: String) throws {
    let served = try ServedSky(sources: 20)
    #expect(served.message(sql, language: "XMDB-SQL") != "", "\(sql)")
    #expect(!served.message(sql, language: "XMDB-SQL").contains(served.sky.path))
    #expect(served.message(sql) != "")
    #expect(try served.rows("SELECT COUNT(*) FROM TAP_SCHEMA.schemas") == ["3"])
    #expect(try served.rows("SELECT COUNT(*) FROM one") == ["20"])
  }

  @Test func valuesThatAreTooLongAreNone() throws {
    let served = try ServedSky(sources: 20)
    let sql = "SELECT length(printf('%.*c', 1000000000, 'x')) IS NULL"
    #expect(try served.rows(sql, language: "XMDB-SQL") == ["1"])
  }

  @Test func theOperatorsOfTheReferenceAreThere() throws {
    let served = try ServedSky(sources: 60)
    for (sql, answer) in [
      ("SELECT count(*) FROM xmatch('one', 'two words')", "60"),
      ("SELECT count(*) FROM xm_cone('one', 0, 20, 5)", "60"),
      ("SELECT xm_separation(0, 0, 1, 0)", "3600.0"), ("SELECT name FROM xm_catalogues ORDER BY 1 LIMIT 1", "one"),
      ("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT sum(n) FROM t", "45"),
      ("SELECT value FROM json_each('[7]')", "7"), ("WITH t AS (SELECT ra FROM one) SELECT count(*) FROM t", "60"),
      ("WITH t AS (SELECT 1) SELECT count(*) FROM (SELECT 2) AS u, t AS v", "1"),
      ("SELECT count(*) FROM one AS x", "60"),
      ("WITH t AS (SELECT 1) SELECT EXISTS (SELECT 2 FROM t)", "1"),
      ("SELECT max(table_index) > 5 FROM tap_schema.tables", "1"),
    ] { #expect(try served.rows(sql, language: "XMDB-SQL") == [answer], "\(sql)") }
  }

  private static let endless = [
    ("XMDB-SQL", "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"),
    ("XMDB-SQL", "SELECT count(*) FROM one a, one b, one c, one d, one e WHERE a.ra + b.ra + c.ra + d.ra + e.ra < 0"),
    ("ADQL", "SELECT COUNT(*) FROM one a, one b, one c, one d WHERE DISTANCE(a.ra, b.dec, c.ra, d.dec) > 500"),
    ("ADQL", "SELECT a.ra FROM one a, one b, one c, one d, one e ORDER BY a.ra + b.ra * c.dec + d.ra + e.ra"),
  ]

  @Test(arguments: endless.indices)
  func longQueriesAreStopped(_ number: Int) async throws {
    let served = try ServedSky(sources: 300)
    var settings = served.settings
    settings.secondsPerQuery = 0.4
    settings.mostRows = 1_000_000_000
    let pool = try QueryPool(settings, count: 1)
    var parameters = Parameters()
    try parameters.add("LANG", Self.endless[number].0)
    try parameters.add("QUERY", Self.endless[number].1)
    let query = try TAPQuery(parameters, settings)
    // Measured on the thread that works: who waits may have to wait for other tests.
    let taken = Guarded(Double.infinity)
    await #expect(throws: RequestError.self) {
      try await pool.run { connection, stop in
        let start = Program.seconds()
        defer { taken.withLock { $0 = Program.seconds() - start } }
        return try query.reply(connection, stop)
      }
    }
    #expect(taken.withLock { $0 } < 5)
    // The thread and its connection go on.
    let small = try await pool.run { connection, stop in
      let rows = try connection.rows("SELECT 1", nil, most: 10, stop)
      return try Reply("text/plain", text: "\(rows.count)")
    }
    #expect(try small.body.read(at: 0, 9) == Array("1".utf8))
    pool.end()
  }

  @Test func whoIsGoneIsNotWaitedFor() async throws {
    let served = try ServedSky(sources: 300)
    var settings = served.settings
    settings.secondsPerQuery = 3600
    let pool = try QueryPool(settings, count: 1)
    var parameters = Parameters()
    try parameters.add("LANG", "XMDB-SQL")
    try parameters.add("QUERY", Self.endless[0].1)
    let query = try TAPQuery(parameters, settings)
    let begun = Guarded(false)
    let ended = Guarded(Double.infinity)
    let task = Task {
      try await pool.run { connection, stop in
        begun.withLock { $0 = true }
        defer { ended.withLock { $0 = Program.seconds() } }
        return try query.reply(connection, stop)
      }
    }
    while !begun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
    let gone = Program.seconds()
    task.cancel()
    let error = await #expect(throws: RequestError.self) { try await task.value }
    #expect(error?.status == 499, "\(error.map { "\($0)" } ?? "no error")")
    let seconds = ended.withLock { $0 } - gone
    #expect(seconds >= 0 && seconds < 5)
    pool.end()
  }

  @Test func moreThanMayWaitAreRefused() async throws {
    let served = try ServedSky(sources: 20)
    var settings = served.settings
    (settings.mostWaiting, settings.secondsToWait) = (2, 0.2)
    let pool = try QueryPool(settings, count: 1)
    let statuses = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<6 {
        group.addTask {
          do {
            _ = try await pool.run { _, stop in
              let end = Program.seconds() + 0.6
              while Program.seconds() < end { try stop.check() }
              return try Reply("text/plain", text: "")
            }
            return 200
          } catch { return RequestError(error).status }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.filter { $0 == 200 }.count == 1)
    #expect(statuses.filter { $0 == 503 }.count == 5)
    pool.end()
    await #expect(throws: RequestError.self) { try await pool.run { _, _ in try Reply("text/plain", text: "") } }
  }

  @Test func changedUploadsAreReadOrRefused() throws {
    let served = try ServedSky(sources: 20)
    let table = Array(
      """
      <?xml version="1.0"?><VOTABLE><RESOURCE><TABLE><FIELD name="a" datatype="int"/><FIELD name="b" datatype="double"/>
      <DATA><TABLEDATA><TR><TD>1</TD><TD>2.5</TD></TR><TR><TD>3</TD><TD>NaN</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>
      """.utf8)
    var rng = SplitMix64(seed: 3)
    var read = 0
    for _ in 0..<500 {
      var bytes = table
      for _ in 0..<Int.random(in: 1...3, using: &rng) {
        bytes[Int.random(in: 0..<bytes.count, using: &rng)] = UInt8.random(in: 0...255, using: &rng)
      }
      do {
        _ = try served.rows("SELECT * FROM tap_upload.t", uploads: [("t", bytes)])
        read += 1
      } catch { #expect(error is RequestError, "\(error)") }
    }
    #expect(read > 0)
  }
}
