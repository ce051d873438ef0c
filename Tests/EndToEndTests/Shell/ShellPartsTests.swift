import Testing

@testable import xmdb

/// What the shell is made of, without a terminal.
@Suite struct ShellPartsTests {
  // MARK: Places

  @Test func aCaretStandsBelowThePlace() {
    #expect(SQLPlace(in: "SELECT nope", offset: 7).text == "  SELECT nope\n         ^")
    #expect(SQLPlace(in: "SELECT\n\t'é', nope\nFROM t", offset: 15).text == "  line 2:  'é', nope\n                 ^")
    #expect(
      SQLPlace(in: "SELECT nope\n", offset: 7, firstLine: 12).text == "  line 12: SELECT nope\n                  ^")
  }

  @Test func longLinesAreCutAroundThePlace() {
    let text = String(repeating: "a", count: 200) + "!" + String(repeating: "b", count: 200)
    let lines = SQLPlace(in: text, offset: 200).text.split(separator: "\n")
    #expect(lines[0].count < 90 && lines[0].hasPrefix("  …aaa") && lines[0].hasSuffix("bbb…"))
    #expect(Array(lines[0])[lines[1].count - 1] == "!")
  }

  @Test(arguments: [Int.min, -1, 0, 3, 1000, .max]) func anyOffsetIsAPlace(offset: Int) {
    for text in ["", "\n", "é", "a\nb\n", "😀\u{0}x"] { #expect(SQLPlace(in: text, offset: offset).text.hasSuffix("^")) }
  }

  // MARK: Words of commands

  @Test func wordsStandBetweenBlanksOrQuotationMarks() throws {
    #expect(try DotWords.split(".import  my.csv t ") == [".import", "my.csv", "t"])
    #expect(try DotWords.split(#".separator "\t" '\t'"#) == [".separator", "\t", #"\t"#])
    #expect(try DotWords.split(#".read "a \"b\" c" ''"#) == [".read", #"a "b" c"#, ""])
    #expect(throws: (any Error).self) { try DotWords.split(".read 'half") }
  }

  @Test func commandsAreFoundByTheirBeginning() throws {
    #expect(try DotCommand.named(".tab").name == "tables")
    #expect(try DotCommand.named("q").name == "quit")
    for wrong in [".", ".t", ".nope", ".s"] { #expect(throws: (any Error).self) { try DotCommand.named(wrong) } }
    #expect(Set(DotCommand.all.map(\.name)).count == DotCommand.all.count)
    #expect(DotCommand.all.allSatisfy { !$0.summary.isEmpty })
  }

  // MARK: Styles

  @Test func csvHasAStyleThatCanBeReadBack() throws {
    var style = RowStyle(.csv)
    try style.choose(separator: ";")
    try style.choose(null: "NULL")
    for wrong in ["", "ab", "\"", "\n", "é"] {
      #expect(throws: (any Error).self) { try style.choose(separator: wrong) }
    }
    for wrong in ["a;b", "\"", "\n"] { #expect(throws: (any Error).self) { try style.choose(null: wrong) } }
    #expect(style.separatorText == ";" && style.nullText == "NULL")
    try style.choose(.list)
    #expect(style.separatorText == "|")
    try style.choose(null: "a;b\n")
    #expect(throws: (any Error).self) { try style.choose(.csv) }
    #expect(style.format == .list)
    try style.choose(.table)
    #expect(throws: (any Error).self) { try style.choose(separator: ",") }
  }

  @Test func framesStandAroundCells() {
    func lines(_ frame: TextTable.Frame) -> [String] {
      var table = TextTable([("a", .left), ("n", .right)], frame: frame)
      table.add(["x|y", "10"])
      table.add(["é", "9"])
      return table.lines
    }
    #expect(lines(.none) == ["a     n", "---  --", "x|y  10", "é     9"])
    #expect(
      lines(.box) == ["┌─────┬────┐", "│ a   │  n │", "├─────┼────┤", "│ x|y │ 10 │", "│ é   │  9 │", "└─────┴────┘"])
    #expect(lines(.markdown) == [#"| a    |  n |"#, "|------|---:|", #"| x\|y | 10 |"#, "| é    |  9 |"])
  }

  @Test func timesHaveThreeDecimalPlaces() {
    #expect(
      [0, 0.0004, 1.0305, 12.9996, -1, .infinity].map(StatementTimer.milliseconds).prefix(5) == [
        "0.000", "0.000", "1.031", "13.000", "0.000",
      ])
  }
}
