import Foundation
import Testing
import XMDBTestSupport

@Suite struct SQLTests {
  private static let everyKind =
    "SELECT 1.5 AS r, 'a,\"b' AS t, NULL AS n, x'00ff' AS b, 1e999 AS inf, 9007199254740993 AS i, 'x' AS t, '' AS e"

  @Test func csvIsExact() throws {
    let result = try Workdir().xmdb("sql", "--csv", Self.everyKind + "; SELECT 0.1 + 0.2, '\n'")
    #expect(result.status == 0)
    #expect(
      result.output == """
        r,t,n,b,inf,i,t,e
        1.5,"a,""b",,00ff,inf,9007199254740993,x,""
        0.1 + 0.2,"'
        '"
        0.30000000000000004,"
        "

        """)
  }

  /// Texts with everything that a reader of CSV could take for something else.
  private static let awkwardTexts = """
    WITH part(p) AS (VALUES (''), (','), ('"'), (char(10)), (char(13)), (char(9)), ('\\'), (' '), ('N'), ('.'), ('é')),
      word(w) AS (SELECT a.p || b.p || c.p FROM part AS a, part AS b, part AS c)
    SELECT w, NULL, 'end' FROM word
    """

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
  func pythonReadsCsvBackAsItWas() throws {
    let folder = try Workdir()
    try folder.write(Data(Self.awkwardTexts.utf8), to: "words.sql")
    let script = """
      import csv, json, sys
      rows = list(csv.reader(open("words.csv", newline="", encoding="utf-8")))
      truth = [list(row.values()) for row in json.load(open("words.json", encoding="utf-8"))]
      assert rows[0] == ["w", "NULL", "'end'"], rows[0]
      assert len(truth) == 11 ** 3
      assert rows[1:] == [[w, "", e] for w, _, e in truth], "rows differ"
      """
    try folder.write(Data(script.utf8), to: "read.py")
    let result = try folder.bash(
      "$XMDB sql --csv < words.sql > words.csv && $XMDB sql --json < words.sql > words.json && /usr/bin/python3 read.py"
    )
    #expect(result.status == 0, "\(result)")
  }

  @Test func whatEndsDataForPostgreSQLIsQuoted() throws {
    #expect(try Workdir().xmdb("sql", "--csv", "SELECT '\\.' AS t").output == "t\n\"\\.\"\n")
  }

  @Test func jsonIsExactAndReadable() throws {
    let result = try Workdir().xmdb("sql", "--json", Self.everyKind)
    #expect(
      result.output == """
        [
          {"r": 1.5, "t": "a,\\"b", "n": null, "b": "00ff", "inf": 9e999, "i": 9007199254740993, "t_2": "x", "e": ""}
        ]

        """)
    let none = try Workdir().xmdb("sql", "--json", "SELECT 1 WHERE 0")
    #expect(none.output == "[]\n")
    let many = try Workdir().xmdb("sql", "--json", "SELECT value AS v FROM json_each('[1,2.5,\"\\u0001ä\"]')")
    #expect((try many.json() as? [[String: Any]])?.count == 3)
  }

  @Test func tablesAreAlignedAndHarmless() throws {
    let result = try Workdir().xmdb(
      "sql", "SELECT 1 AS one, 'ab' || char(27) || char(10) AS word UNION ALL SELECT 200, NULL")
    #expect(
      result.output == """
        one  word
        ---  --------
          1  ab\\x1b\\n
        200  NULL

        """)
  }

  @Test func aStatementWithoutRowsPrintsItsHeading() throws {
    #expect(try Workdir().xmdb("sql", "--csv", "SELECT 1 AS a WHERE 0").output == "a\n")
    #expect(try Workdir().xmdb("sql", "SELECT 1 AS a WHERE 0").output == "a\n-\n")
    #expect(try Workdir().xmdb("sql", "CREATE TEMP TABLE t(x); INSERT INTO t VALUES (1)").output == "")
  }

  @Test func errorsGoToStandardErrorWithStatusOne() throws {
    for (sql, message) in [
      ("SELEC 1", "near \"SELEC\": syntax error"), ("SELECT xm_separation(1, 2)", "wrong number of arguments"),
      ("SELECT xm_separation(1, 2, 'x', 4)", "xm_separation: argument 3"), ("SELECT 'open", "unrecognized token"),
      ("SELECT 1; SELECT * FROM nope", "no such table: nope"),
    ] {
      let result = try Workdir().xmdb("sql", sql)
      #expect(result.status == 1, "\(sql)")
      #expect(result.error.hasPrefix("Error: ") && result.error.contains(message), "\(result)")
    }
  }

  @Test func statementsAreReadFromStandardInput() throws {
    let folder = try Workdir()
    let script = """
      -- a comment;
      SELECT 1 AS a; SELECT
        ';' AS b;
      .mode csv

      SELECT 3 AS c
      """
    let result = try folder.xmdb(["sql"], input: script)
    #expect(result.status == 0, "\(result)")
    #expect(result.output == "a\n-\n1\nb\n-\n;\nc\n3\n")
    let failing = try folder.xmdb(["sql"], input: "SELECT 1;\nSELECT nope;\nSELECT 2;\n")
    #expect(failing.status == 1)
    #expect(!failing.output.contains("2"))
    let unknown = try folder.xmdb(["sql"], input: ".nope\n")
    #expect(unknown.status == 2)
    #expect(unknown.error.contains("allowed: .help, .tables"))
    #expect(try folder.xmdb(["sql"], input: "").status == 0)
  }

  @Test func aLargeResultStreamsAndKeepsEveryRow() throws {
    let rows =
      "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 200000) SELECT i, 'row ' || i AS t FROM c"
    for format in ["--csv", "--json", "--table"] {
      let result = try Workdir().xmdb("sql", format, rows)
      #expect(result.lines.count { $0.contains("row ") } == 200_000)
      #expect(result.output.contains("row 200000"))
    }
  }

  @Test func theReaderMayLeaveEarly() throws {
    let endless = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT i FROM c"
    for format in ["--csv", "--json", "--table"] {
      let result = try Workdir().bash("\"$XMDB\" sql \(format) '\(endless)' | head -3; exit ${PIPESTATUS[0]}")
      #expect(result.status == 0, "\(result)")
      #expect(result.lines.count == 3)
      #expect(result.error.isEmpty)
    }
  }

  @Test func anOutputThatCannotBeWrittenIsAFailure() throws {
    let result = try Workdir().bash("\"$XMDB\" sql 'SELECT 1' > /dev/full")
    #expect(result.status == 1)
    #expect(result.error == "Error: standard output: cannot be written: No space left on device\n")
  }

  @Test func functionsWorkWithoutADatabaseAndTablesSayWhatIsMissing() throws {
    let folder = try Workdir()
    #expect(try folder.xmdb("sql", "--csv", "SELECT round(xm_separation(10, 0, 11, 0)) AS s").output == "s\n3600.0\n")
    #expect(!FileManager.default.fileExists(atPath: folder.path("sky.xmdb")))
  }
}
