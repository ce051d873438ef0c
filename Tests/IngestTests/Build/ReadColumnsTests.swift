import Ingest
import ParquetFixture
import Testing
import XMDBTestSupport

/// Columns as readers give them, in the catalogue.
@Suite struct ReadColumnsTests {
  @Test func maskedIdentifierMagnitudeAndPositionAreUnknownInTheCatalogue() throws {
    let lab = try IngestLab()
    let path = try lab.write([
      ParquetColumn("source_id", .int64([1, 2, 3])), ParquetColumn("source_id.mask", .bool([false, true, false])),
      ParquetColumn("ra", .double([10, 20, 30])), ParquetColumn("ra.mask", .bool([false, false, true])),
      ParquetColumn("dec", .double([1, 2, 3])), ParquetColumn("sigma", .double([0.1, 0.1, 0.1])),
    ])
    let info = try lab.ingest([path]).catalogue
    #expect(info.rows == 2 && info.problemRows == 1 && info.nullIDs == 1)
    #expect(info.columns.map(\.name) == ["source_id", "ra", "dec", "sigma"])
  }

  @Test func textThatIsNotUTF8IsRepairedAndCounted() throws {
    let lab = try IngestLab()
    let scratch = try Workdir()
    let yaml = "datatype:\n- {name: t, datatype: string}\n"
    var options = ParquetFixture.Options()
    options.footer = ("table_meta_yaml", yaml)
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write(
      [
        ParquetColumn("source_id", .int64([1, 2, 3, 4])), ParquetColumn("ra", .double([1, 2, 3, 4])),
        ParquetColumn("dec", .double([0, 0, 0, 0])), ParquetColumn("sigma", .double([1, 1, 1, 1])),
        ParquetColumn("t", .binary([[65, 0xE9, 66], Array("é☆".utf8), [0xF0, 0x9F, 0x98], nil])),
      ], to: path, options: options)
    let outcome = try lab.ingest([path])
    let kept = try lab.values("c", "source_id", "t").sorted { $0[0] < $1[0] }.map { $0[1] }
    #expect(kept == ["'A\u{FFFD}B'", "'é☆'", "'\u{FFFD}\u{FFFD}\u{FFFD}'", "NULL"])
    #expect(outcome.repairedTexts.map(\.column) == ["t"] && outcome.repairedTexts.map(\.count) == [2])
  }

  @Test func lettersThatSQLTellsApartAreKept() throws {
    let lab = try IngestLab()
    var table = SampleTable.plain(SchemaSky.one)
    table += [ParquetColumn("\u{c9}", .int64([7])), ParquetColumn("\u{e9}", .int64([8]))]
    try lab.ingest([lab.write(table)])
    #expect(try lab.values("c", "\u{c9}", "\u{e9}") == [["7", "8"]])
  }

  @Test func moreColumnsThanATableHoldsAreRefusedWithThePatternsThatHelp() throws {
    let lab = try IngestLab()
    let many =
      (0..<1980).map { ParquetColumn("r_\($0)", .int8([1])) } + (0..<20).map { ParquetColumn("i_\($0)", .int8([1])) }
    let path = try lab.write(SampleTable.plain(SchemaSky.one) + many)
    let error = ingestError { try lab.ingest([path]) }
    #expect(error?.code == .unsupported)
    for part in ["allowed: 1990", "--exclude", "--only", "1980 are 'r_*'", "20 are 'i_*'"] {
      #expect(error?.message.contains(part) == true, "\(part): \(error?.message ?? "no error")")
    }
    #expect(try lab.ingest([path]) { $0.excluding = ["i_*"] }.catalogue.columns.count == 1984)
    #expect(
      try lab.ingest([path], as: "d") { $0.only = ["*i*", "ra", "dec", "pos_err"] }.catalogue.columns.count == 24)
  }
}

/// A sky of one source.
enum SchemaSky {
  static var one: Sky {
    var sky = Sky()
    sky.append(10, 20)
    return sky
  }
}
