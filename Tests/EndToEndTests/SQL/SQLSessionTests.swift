import Foundation
import Testing
import XMDBTestSupport

/// What `xmdb sql` says and refuses.
@Suite struct SQLSessionTests {
  @Test(arguments: [
    ("SELECT xm_seperation(1, 2, 3, 4)", "no such function: xm_seperation; did you mean xm_separation?"),
    ("SELECT legnth('x')", "no such function: legnth; did you mean length?"),
    ("SELECT match_prob FROM xmatch('a', 'b')", "no such column: match_prob"),
    ("SELECT pair_pp FROM xmatch('a', 'b')", "no such column: pair_pp; did you mean pair_p?"),
    ("SELECT m.a_rowdi FROM xmatch('a', 'b') AS m", "no such column: m.a_rowdi; did you mean a_rowid?"),
  ])
  func aMistypedNameGetsASuggestion(sql: String, message: String) throws {
    let result = try Workdir().xmdb("sql", sql)
    #expect(result.status == 1 && result.error.hasPrefix("Error: \(message)"), "\(result)")
  }

  @Test func aMistypedTableGetsASuggestion() throws {
    let sky = try TestSky()
    try sky.add(TestCatalogue("gaia", Sky([10], [5])))
    try sky.add(TestCatalogue("DR3.main", Sky([10], [5])))
    for (typed, meant) in [("gaiaa", "gaia"), ("xm_catalogs", "xm_catalogues"), ("\"DR3.mian\"", "\"DR3.main\"")] {
      let result = try Workdir().xmdb("--db", sky.path, "sql", "SELECT * FROM \(typed)")
      #expect(result.error.contains("; did you mean \(meant)?"), "\(result)")
      #expect(result.error.contains("are: \"DR3.main\", gaia"), "\(result)")
    }
    try sky.add(TestCatalogue("2mass", Sky([10], [5])))
    for (sql, hint) in [
      ("SELECT * FROM 2mass", "; in SQL this name needs quotes: \"2mass\""),
      ("SELECT * FROM DR3.main", "; did you mean \"DR3.main\"?"),
    ] {
      let result = try Workdir().xmdb("--db", sky.path, "sql", sql)
      #expect(result.error.contains(hint), "\(result)")
    }
    let column = try Workdir().xmdb("--db", sky.path, "sql", "SELECT sourceid FROM gaia")
    let hint = "Error: no such column: sourceid; did you mean source_id?\n"
    #expect(column.error == hint + "  SELECT sourceid FROM gaia\n         ^\n")
  }

  @Test(arguments: ["TABLE t(x)", "TABLE t AS SELECT 1", "VIEW t AS SELECT 1", "VIRTUAL TABLE t USING fts5(x)"])
  func whatWouldVanishIsNotMade(object: String) throws {
    let result = try Workdir().xmdb("sql", "CREATE \(object); SELECT 1")
    #expect(result.status == 1 && result.output.isEmpty, "\(result)")
    #expect(result.error.contains("would vanish when xmdb ends"), "\(result)")
  }

  @Test func whatIsMeantToVanishOrToStayIsMade() throws {
    let folder = try Workdir()
    let sql = """
      CREATE TEMP TABLE t AS SELECT 5 AS x; CREATE TEMP VIEW v AS SELECT x + 1 AS y FROM t;
      ATTACH 'kept.sqlite' AS kept; CREATE TABLE kept.t AS SELECT y FROM v; SELECT y FROM kept.t
      """
    #expect(try folder.xmdb("sql", "--csv", sql).output == "y\n6\n")
    let again = try folder.xmdb("sql", "--csv", "ATTACH 'kept.sqlite' AS kept; SELECT y FROM kept.t")
    #expect(again.output == "y\n6\n")
  }

  @Test func closedDescriptorsAreConnectedToNothing() throws {
    let result = try Workdir().bash("timeout 20 \"$XMDB\" sql <&-")
    #expect(result.status == 0 && result.output.isEmpty, "\(result)")
    let closed = try Workdir().bash("timeout 20 \"$XMDB\" sql 'SELECT 1' >&-")
    #expect(closed.status == 0 && closed.error.isEmpty, "\(closed)")
  }
}
