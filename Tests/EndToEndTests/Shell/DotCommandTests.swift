import Foundation
import Testing
import XMDBTestSupport

/// The commands of the shell, from a file of statements.
@Suite struct DotCommandTests {
  private func run(_ lines: String, in folder: Workdir, _ options: String...) throws -> ProgramResult {
    try folder.xmdb(["sql"] + options, input: lines)
  }

  @Test func rowsAreWrittenInEachMode() throws {
    let select = "SELECT 1 AS a, NULL AS b UNION ALL SELECT 2, 'x';"
    let expected = [
      "table": "a  b\n-  ----\n1  NULL\n2  x\n", "csv": "a,b\n1,\n2,x\n", "tabs": "a\tb\n1\t\n2\tx\n",
      "list": "a|b\n1|\n2|x\n",
      "markdown": "| a | b    |\n|--:|------|\n| 1 | NULL |\n| 2 | x    |\n", "line": "a = 1\nb = \n\na = 2\nb = x\n",
      "box": "┌───┬──────┐\n│ a │ b    │\n├───┼──────┤\n│ 1 │ NULL │\n│ 2 │ x    │\n└───┴──────┘\n",
      "json": "[\n  {\"a\": 1, \"b\": null},\n  {\"a\": 2, \"b\": \"x\"}\n]\n",
    ]
    for (mode, text) in expected {
      let result = try run(".mode \(mode)\n\(select)\n", in: Workdir())
      #expect(result.output == text, "\(mode): \(result)")
      #expect(try run(select, in: Workdir(), "--\(mode)").output == text)
    }
  }

  @Test func headersNullsAndSeparatorsAreChosen() throws {
    let lines =
      ".mode csv\n.headers off\n.nullvalue NULL\n.separator ;\nSELECT 1, NULL, 'a;b', 'NULL';\n.mode list\nSELECT 1, NULL;\n"
    #expect(try run(lines, in: Workdir()).output == "1;NULL;\"a;b\";\"NULL\"\n1|NULL\n")
    #expect(try run(".headers off\nSELECT 1, 'a';\n", in: Workdir()).output == "1  a\n")
    #expect(try run(".nullvalue ''\nSELECT NULL AS a;\n", in: Workdir()).output == "a\n-\n \n")
  }

  @Test func outputGoesToNewFilesOnly() throws {
    let folder = try Workdir()
    let lines =
      ".mode csv\n.output a.csv\nSELECT 1 AS x;\nSELECT 2 AS x;\n.output\n.once b.csv\nSELECT 3 AS x;\nSELECT 4 AS x;\n"
    #expect(try run(lines, in: folder).output == "x\n4\n")
    func text(_ name: String) throws -> String { try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8) }
    #expect(try text("a.csv") == "x\n1\nx\n2\n" && text("b.csv") == "x\n3\n")
    let again = try run(".output a.csv\nSELECT 5;\n", in: folder)
    #expect(again.status == 2 && again.error.contains("a.csv: is there already, and is not replaced"), "\(again)")
    #expect(try text("a.csv") == "x\n1\nx\n2\n")
    for wrong in ["|cat", "''", "/nowhere/x", "/dev/stdout"] {
      #expect(try run(".once \(wrong)\nSELECT 1;\n", in: folder).status != 0)
    }
  }

  @Test func aFailureLeavesNoFile() throws {
    let folder = try Workdir()
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let result = try run(".output half.csv\nSELECT 1;\nSELECT nope;\n", in: folder)
    #expect(result.status == 1 && result.error.contains("half.csv was not written"), "\(result)")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !before.contains($0) }
    #expect(left.filter { !$0.hasPrefix("input-") } == [])
  }

  @Test func filesOfAnyFormatBecomeTables() throws {
    let folder = try Workdir()
    try folder.write(Data("id,big,name\n1,18446744073709551615,a\n2,,\"b\nc\"\n".utf8), to: "t.csv")
    let lines = """
      .mode csv
      .headers off
      .import t.csv t
      SELECT id, big, name FROM t;
      .import \(Hyades.gaiaFile) stars
      SELECT count(*) FROM temp.stars;

      """
    #expect(try run(lines, in: folder).output == "1,18446744073709551615,a\n2,,\"b\nc\"\n3872\n")
  }

  @Test func importedTablesHideNothing() throws {
    let folder = try Hyades.database()
    try folder.write(Data("a,b\n1,2\n".utf8), to: "t.csv")
    for name in ["gaia", "GAIA", "xmatch", "sqlite_x", "''", "pragma_table_list"] {
      let result = try run(".import t.csv \(name)\n", in: folder)
      #expect(result.status == 2, "\(name): \(result)")
    }
    let twice = try run(".import t.csv t\n.import t.csv t\n", in: folder)
    #expect(twice.status == 2 && twice.error.contains("DROP TABLE temp.t"), "\(twice)")
    try folder.write(Data("a,b\n1,2\n3\n".utf8), to: "half.csv")
    #expect(try run(".import half.csv t\n", in: folder).status != 0)
    #expect(try run(".import nothing.csv t\n", in: folder).status != 0)
  }

  @Test func filesOfStatementsAreRead() throws {
    let folder = try Workdir()
    try folder.write(Data("SELECT 1 AS a\n;\n.mode json\nSELECT 2 AS b;\n.quit\n".utf8), to: "one.sql")
    #expect(try run(".read one.sql\nSELECT 3;\n", in: folder, "--csv").output == "a\n1\n[\n  {\"b\": 2}\n]\n")
    try folder.write(Data("SELECT 1;\n\nSELECT\n  nope;\nSELECT 2;\n".utf8), to: "two.sql")
    let wrong = try run(".read two.sql\n", in: folder, "--csv")
    #expect(wrong.status == 1 && wrong.output == "1\n1\n" && wrong.error.contains("  line 4:   nope;\n"), "\(wrong)")
    try folder.write(Data(".read self.sql\n".utf8), to: "self.sql")
    for file in ["self.sql", "nothing.sql", "."] { #expect(try run(".read \(file)\n", in: folder).status != 0) }
  }

  @Test func tablesAndColumnsAreListed() throws {
    let folder = try Hyades.database()
    let lines = "CREATE TEMP TABLE own(x); CREATE TEMP VIEW v AS SELECT 1; CREATE INDEX temp.own_x ON own(x);\n"
    let tables = try run(lines + ".tables\n", in: folder).output
    for name in ["gaia", "hip", "temp.own", "temp.v", "xmatch(a, b, [run])"] {
      #expect(tables.contains(name), "\(tables)")
    }
    let some = try run(lines + ".tables %o%\n", in: folder).output
    #expect(some.contains("temp.own") && some.contains("xm_cone(") && !some.contains("gaia"), "\(some)")
    let schema = try run(lines + ".schema\n", in: folder).output
    #expect(schema.contains("CREATE TABLE gaia ( -- a catalogue\n  source_id INTEGER,"), "\(schema)")
    #expect(schema.contains("CREATE TABLE own(x);") && !schema.contains("xmatch"), "\(schema)")
    #expect(
      try run(".schema xmatch\n", in: folder).output.contains(
        "CREATE TABLE xmatch ( -- an operator: xmatch(a, b, [run])\n"))
    #expect(try run(lines + ".indexes\n", in: folder).output == "CREATE INDEX own_x ON own(x);\n")
    #expect(try run("ATTACH 'k.sqlite' AS k;\n.databases\n", in: folder).output.contains("/k.sqlite"))
    #expect(try run(".show\n", in: folder).output.contains("mode: table"))
  }

  @Test(arguments: [
    ".tabels", ".", ".import x", ".mode nope", ".headers maybe", ".separator x", ".read", ".help nope", ".quit now",
  ])
  func wrongCommandsAreRefused(line: String) throws {
    let result = try run(line + "\nSELECT 1;\n", in: Workdir())
    #expect(result.status == 2 && result.output.isEmpty && result.error.hasPrefix("Error: ."), "\(result)")
  }
}
