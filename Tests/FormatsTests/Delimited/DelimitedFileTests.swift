import Formats
import Foundation
import Testing
import XMDBTestSupport

@Suite struct DelimitedFileTests {
  private func read(_ text: String, name: String = "x.csv", batchRows: Int = 7) throws -> (TableSource, [[Cell]]) {
    let folder = try Workdir()
    let source = try TableSource(paths: [try folder.write(Data(text.utf8), to: name)])
    return (source, try source.everything(batchRows: batchRows))
  }

  private func failure(_ text: String) throws -> FormatError? { formatError { _ = try read(text) } }

  @Test(arguments: ["small.csv", "small.csv.gz", "small.csv.bz2", "small.csv.zst", "small.csv.lz4"])
  func whatAstropyWroteIsReadToTheBit(_ name: String) throws {
    let source = try SmallTable.check(name)
    #expect(source.columns.map(\.type) == [.int64, .float64, .float64, .float64, .int64, .bool, .float64, .text])
  }

  @Test func aColumnHasTheNarrowestTypeThatHoldsAllItsValues() throws {
    let (source, cells) = try read(
      """
      i,u,d,b,t,wide,mixed,empty
      -9223372036854775808,0,1,true,a,1,18446744073709551615,
      9223372036854775807,18446744073709551615,2.5,FALSE,7,340282366920938463463374607431768211456,-1,

      """)
    #expect(source.columns.map(\.type) == [.int64, .uint64, .float64, .bool, .text, .text, .text, .text])
    #expect(cells[0] == [.int(.min), .int(.max)] && cells[1] == [.uint(0), .uint(.max)])
    #expect(cells[2] == [.double(1), .double(2.5)] && cells[3] == [.bool(true), .bool(false)])
    #expect(cells[5] == [.text("1"), .text("340282366920938463463374607431768211456")])
    #expect(cells[6] == [.text("18446744073709551615"), .text("-1")])
    #expect(cells[7] == [.missing, .missing] && source.columns[7].fileType == "null")
  }

  @Test func aTypeIsFoundOverAllRowsNotTheFirst() throws {
    var text = "a,b\n"
    for row in 0..<200_000 { text += "\(row),\(row)\n" }
    let (source, cells) = try read(text + "0.5,x\n", batchRows: 50_000)
    #expect(source.columns.map(\.type) == [.float64, .text] && source.rowCount == 200_001)
    #expect(cells[0].last == .double(0.5) && cells[1][199_999] == .text("199999"))
    #expect(source.notes.contains { $0.contains("'b' (row 200001: 'x')") }, "\(source.notes)")
  }

  @Test func missingValuesAreSpelledInManyWays() throws {
    let (_, cells) = try read(
      "n,t\n1,a\n,\n\\N,\\N\nNaN,null\nnan,NULL\nnull,\"\"\nNA,\"NULL\"\nN/A,NaN\n--,None\n2,b\n")
    #expect(cells[0] == [.int(1)] + Array(repeating: .missing, count: 8) + [.int(2)])
    #expect(
      cells[1] == [
        .text("a"), .missing, .missing, .missing, .missing, .text(""), .text("NULL"), .text("NaN"), .text("None"),
        .text("b"),
      ])
  }

  @Test func quotedValuesMayHoldLineEndsDelimitersAndQuotes() throws {
    let (source, cells) = try read("id,note\r\n\"1\",\"a\r\nb,\"\"c\"\"\"\r\n2,\" d \"\r\n3,  e  \r\n")
    #expect(source.columns[0].type == .int64)
    #expect(cells[0] == [.int(1), .int(2), .int(3)])
    #expect(cells[1] == [.text("a\r\nb,\"c\""), .text(" d "), .text("e")])
  }

  @Test(arguments: [",", "\t", ";", "|"]) func theDelimiterIsFound(_ delimiter: String) throws {
    let rows = [["ra", "dec", "n"], ["1.5", "-2", "3"], ["4", "5", "6"]]
    let (source, cells) = try read(
      "# a comment, with; all | of\tthem\n\n" + rows.map { $0.joined(separator: delimiter) }.joined(separator: "\n"))
    #expect(source.columns.map(\.name) == ["ra", "dec", "n"] && cells[0] == [.double(1.5), .double(4)])
    #expect(cells[2] == [.int(3), .int(6)])
  }

  @Test func numbersAreReadToTheNearestDouble() throws {
    let words = [
      "0.1", "1e23", "9007199254740993.0", "2.2250738585072011e-308", "5e-324", "1.7976931348623157e308", "+1.5D+2",
      ".5",
      "3.", "-inf", "1e400", "-1e-400", "1e5",
    ]
    let (source, cells) = try read("x,y\n" + words.map { "\($0),1\n" }.joined())
    let expected = words.map { Double($0.replacing("D", with: "e")) ?? .nan }
    #expect(source.columns[0].type == .float64 && cells[0] == expected.map { .double($0) })
  }

  @Test func markAndHeaderOfEditorsAreNoPartOfNames() throws {
    let (source, _) = try read("\u{FEFF} ra , \"dec\" \n1,2\n")
    #expect(source.columns.map(\.name).first == "ra")
  }

  @Test func textThatIsNoUTF8IsRepairedAndCounted() throws {
    let folder = try Workdir()
    let path = try folder.write(Data("a,b\n1,x".utf8) + [0xFF] + Data("y\n".utf8), to: "x.csv")
    let cells = try TableSource(paths: [path]).everything()
    #expect(cells[1] == [.text("x\u{FFFD}y")])
  }

  @Test func commentsThatAreNoUTF8MoveNothing() throws {
    let folder = try Workdir()
    let path = try folder.write(Data("# caf".utf8) + [0xE9, 0xE8, 0x0A] + Data("inf,b\n1,2\n".utf8), to: "x.csv")
    let source = try TableSource(paths: [path])
    #expect(source.columns.map(\.name) == ["inf", "b"])
    #expect(try source.everything() == [[.int(1)], [.int(2)]])
  }

  // MARK: Refused

  @Test func aRowOfAnotherLengthIsRefusedByItsNumber() throws {
    let error = try failure("a,b\n1,2\n3\n4,5\n")
    #expect(
      error?.code == .damaged && error?.message.contains("row 2 has 1 fields, and there are 2") == true, "\(error!)")
    #expect(try failure("a,b\n1,2\n3,4,5\n")?.message.contains("row 2 has 3 fields") == true)
  }

  @Test func aQuoteThatIsNotClosedIsRefused() throws {
    let error = try failure("a,b\n1,\"2\n3,4\n")
    #expect(error?.code == .damaged, "\(String(describing: error))")
  }

  @Test func aFirstLineOfNumbersIsNoLineOfNames() throws {
    let error = try failure("10.5,20.1,3\n1,2,3\n")
    #expect(error?.code == .unsupported && error?.message.contains("names") == true)
  }

  @Test func whatHasNoDelimiterIsNoTable() throws {
    #expect(try failure("just a text\nof two lines\n")?.code == .otherFormat)
  }

  @Test func aTruncatedCompressedFileIsAnError() throws {
    let folder = try Workdir()
    let whole = try Data(contentsOf: URL(fileURLWithPath: SmallTable.path("small.csv.gz")))
    for length in 4..<whole.count {
      let path = try folder.write(whole.prefix(length), to: "x.csv.gz")
      #expect(formatError { _ = try TableSource(paths: [path]).everything() } != nil, "\(length)")
    }
  }

  @Test func aFileThatChangesWhileItIsReadIsRefused() throws {
    let folder = try Workdir()
    let path = try folder.write(Data("a,b\n1,2\n".utf8), to: "x.csv")
    let source = try TableSource(paths: [path])
    try folder.write(Data("a,b\n1,2\n3,4\n".utf8), to: "x.csv")
    #expect(formatError { try source.forEachBatch { _ in } }?.message.contains("has changed") == true)
  }

  @Test func columnsOfTextAndParquetFilesAreUnited() throws {
    let folder = try Workdir()
    let a = try folder.write(Data("ra,id\n1,1\n".utf8), to: "a.csv")
    let b = try folder.write(Data("ra,id,more\n1.5,2,x\n".utf8), to: "b.tsv")
    let source = try TableSource(paths: [a, b])
    #expect(source.columns.map(\.type) == [.float64, .int64, .text])
    #expect(try source.everything() == [[.double(1), .double(1.5)], [.int(1), .int(2)], [.missing, .text("x")]])
  }

  @Test(arguments: [UInt64(1), 2, 3]) func flippedBytesNeverCrash(seed: UInt64) throws {
    try Malformed.flip("small.csv", seed: seed, times: 300)
    try Malformed.flip("small.csv.gz", seed: seed, times: 300)
    try Malformed.flip("small.csv.zst", seed: seed, times: 300)
  }
}
