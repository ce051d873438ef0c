import Foundation
import Testing
import XMDBTestSupport

@testable import Formats

/// Text as VizieR hands it out (asu-tsv). `vizier.tsv` was made for these tests in that layout.
@Suite struct VizieRTests {
  private let folder: Workdir

  init() throws { folder = try Workdir() }

  private var whole: String {
    get throws { try String(contentsOfFile: SmallTable.path("vizier.tsv"), encoding: .utf8) }
  }

  private func source(_ text: String, _ name: String = "asu.tsv", table: String? = nil) throws -> TableSource {
    let path = try folder.write(Data(text.utf8), to: name)
    return try TableSource(paths: [path + (table.map { "[\($0)]" } ?? "")])
  }

  private func check(_ source: TableSource) throws {
    let columns = source.columns
    #expect(columns.map(\.name) == ["_RAJ2000", "RAdeg", "DEdeg", "TYC", "Star", "Vmag", "e_pos", "K'", "Note"])
    #expect(
      columns.map(\.type) == [.text, .float64, .float64, .text, .int64, .float64, .int64, .float64, .text])
    #expect(columns.map(\.unit) == ["h:m:s", "deg", "deg", nil, nil, "mag", "mas", "mag", nil])
    #expect(columns[1].ucd == "pos.eq.ra;meta.main" && columns[8].ucd == nil && columns[4].fileType == "I6")
    #expect(columns[5].description == "? Magnitude in Johnson V")
    let cells = try source.everything()
    #expect(cells[0] == [.text("00 00 00.22"), .text("12 34 56.78"), .text("23 59 59.99")])
    #expect(cells[1] == [.double(0.00091), .double(188.73658), .double(359.99996)])
    #expect(cells[3] == [.text("00001"), .text("00012"), .text("11111")])
    #expect(cells[4] == [.int(1), .int(12), .int(900_000)])
    #expect(cells[5] == [.double(9.1), .missing, .double(12)])
    #expect(cells[7] == [.missing, .double(8.05), .double(7)])
    #expect(cells[8] == [.missing, .text("5\" away"), .missing])
  }

  @Test func itIsReadWhateverItsNameDelimiterLineEndsAndCompression() throws {
    let text = try whole
    for name in ["asu.tsv", "asu", "stars.txt", "x.csv"] { try check(source(text, name)) }
    for delimiter in [";", "|"] {
      // Comments keep their tabs.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.hasPrefix("#") ? String($0) : String($0.replacing("\t", with: delimiter))
      }
      try check(source(lines.joined(separator: "\n")))
    }
    try check(source(text.replacing("\n", with: "\r\n")))
    try check(source(String(text.dropLast(2))))
    try check(source(text + "#END#\n"))
    try check(source(text + "\n\n\n"))
    _ = try source(text)
    try TableFormat.require("vizier", of: folder.path("asu.tsv"))
  }

  @Test func itIsReadCompressed() throws {
    let path = try folder.write(Data(try whole.utf8), to: "z.tsv")
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", path]
    try gzip.run()
    gzip.waitUntilExit()
    try check(TableSource(paths: [path + ".gz"]))
  }

  @Test func ofSeveralTablesOneIsNamed() throws {
    let second =
      "\n#Table\tI_000_more:\n#Name: I/000/more\n#Column\tn\t(I2)\tA number\nn\tx\n\tkm\n--\t---\n 1\t2.5\n 2\t3.5\n\n"
    let text = try whole + second
    try check(source(text))
    #expect(try source(text).notes.contains { $0.contains("Of its 2 tables the first is read") })
    for name in ["2", "I/000/more"] {
      let source = try source(text, table: name)
      #expect(source.columns.map(\.name) == ["n", "x"] && source.columns[1].unit == "km")
      #expect(try source.everything() == [[.int(1), .int(2)], [.double(2.5), .double(3.5)]])
    }
    try check(source(text, table: "I/000/made"))
    let error = formatError { _ = try source(text, table: "3") }
    #expect(error?.code == .usage && error?.message.contains("2 (I/000/more)") == true)
  }

  @Test func theFrameIsThatOfTheOnlyCoordinateSystem() throws {
    let text = try whole
    #expect(try source(text).columns.allSatisfy { $0.frame == nil })
    let other = try source(text.replacing("#Coosys\tJ2000:\teq_FK5 J2000", with: "#Coosys\tB1950:\teq_FK4 B1950"))
    #expect(
      other.columns.map(\.frame).prefix(4) == [
        "eq_FK4 at equinox B1950", "eq_FK4 at equinox B1950", "eq_FK4 at equinox B1950", nil,
      ])
    #expect(other.notes.contains { $0.contains("eq_FK4 at equinox B1950") })
    let both = try source("#Coosys\tB1950:\teq_FK4 B1950\n" + text)
    #expect(both.columns.allSatisfy { $0.frame == nil } && both.notes.contains { $0.contains("eq_FK4") })
  }

  @Test func aTableWithoutRowsIsEmpty() throws {
    let text = try whole
    let rows = try #require(text.range(of: "\n00 00 00.22"))
    let source = try source(String(text[..<rows.lowerBound]) + "\n\n#END#\n")
    #expect(source.rowCount == 0 && source.columns.count == 9 && source.columns[4].type == .int64)
  }

  /// Rows that end where a block of the reader does, with a line end or without, and with something behind them.
  @Test(arguments: [1 << 21, 1 << 22, (1 << 21) + 64, (1 << 21) - 64]) func tablesMayBeAsLongAsABlock(_ bytes: Int)
    throws
  {
    let head = "#RESOURCE=yCat\n#Column\tn\t(I8)\tA number\nn\tt\n\t\n--------\t---\n"
    let count = bytes / 64
    let rows = (0..<count).map { number in
      let digits = String(number)
      return String(repeating: " ", count: 8 - digits.count) + digits + "\t" + String(repeating: "x", count: 54) + "\n"
    }.joined()
    #expect(rows.utf8.count == bytes)
    for text in [rows, String(rows.dropLast()), rows + "\n#END#\n"] {
      let source = try source(head + text)
      #expect(source.rowCount == Int64(count))
      let numbers = try source.everything(columns: [0], batchRows: 10_000)[0]
      #expect(numbers.count == count && numbers.last == .int(Int64(count - 1)))
    }
  }

  /// What only looks like it stays CSV: without VizieR's words, or without the line of dashes.
  @Test func otherTextIsNotTakenForIt() throws {
    for text in [
      "# made by hand\na\tb\n\tdeg\n--\t---\n1\t2\n", "#Column\ta\t(I2)\na,b\n1,2\n3,4\n",
      "#RESOURCE=x\na;b\n--;--\n1;2\n",
      "a\tb\n\tdeg\n--\t---\n1\t2\n",
    ] {
      let path = try folder.write(Data(text.utf8), to: "o.csv")
      try TableFormat.require("csv", of: path)
    }
  }

  @Test func rowsThatDoNotFitAreRefused() throws {
    let error = formatError {
      _ = try source(try whole.replacing("12 34 56.78\t188.73658", with: "12 34 56.78 188.73658")).everything()
    }
    #expect(error?.message.contains("row 2 has 8 fields") == true, "\(String(describing: error))")
  }

  @Test func linesBehindTheTableAreNotLost() throws {
    let error = formatError { _ = try source(try whole + "00 00 01.00\t1\t2\n#\n") }
    #expect(error?.code == .truncated || error?.code == .damaged, "\(String(describing: error))")
  }

  @Test func hugeLinesAndCommentsAreRefused() throws {
    let long = formatError { _ = try source(try whole + "#" + String(repeating: "x", count: 3 << 20)) }
    #expect(long?.message.contains("line longer") == true, "\(String(describing: long))")
    let comments = try whole + String(repeating: "#" + String(repeating: "x", count: 4000) + "\n", count: 2100)
    #expect(formatError { _ = try source(comments) }?.message.contains("comments") == true)
  }

  @Test func truncatedFiles() throws { try Malformed.truncate("vizier.tsv", step: 3, mayRead: true) }

  @Test func flippedBytes() throws { try Malformed.flip("vizier.tsv", seed: 60, times: 600) }
}
