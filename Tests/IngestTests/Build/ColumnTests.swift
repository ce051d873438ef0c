import CatalogStore
import Formats
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// All columns are kept, under names that SQL can say, with their values and what the file says about them.
@Suite struct ColumnTests {
  private func hex(_ value: Double) -> String { "r" + String(value.bitPattern, radix: 16) }

  @Test func valuesOfEveryTypeAreKeptExactly() throws {
    let lab = try IngestLab()
    let more: [(ParquetColumn.Values, [String])] = [
      (.int8([.min, .max, nil, 0]), ["-128", "127", "NULL", "0"]),
      (.int16([.min, .max, nil, 0]), ["-32768", "32767", "NULL", "0"]),
      (.int32([.min, .max, nil, 0]), ["\(Int32.min)", "\(Int32.max)", "NULL", "0"]),
      (.int64([.min, .max, nil, 0]), ["\(Int64.min)", "\(Int64.max)", "NULL", "0"]),
      (.uint8([0, .max, nil, 1]), ["0", "255", "NULL", "1"]),
      (.uint16([0, .max, nil, 1]), ["0", "65535", "NULL", "1"]),
      (.uint32([0, .max, nil, 1]), ["0", "\(UInt32.max)", "NULL", "1"]),
      (.uint64([0, UInt64(Int64.max), nil, 1]), ["0", "\(Int64.max)", "NULL", "1"]),
      (.uint64([0, .max, nil, 1]), ["'0'", "'\(UInt64.max)'", "NULL", "'1'"]),
      (.float([0.1, .infinity, nil, .nan]), [hex(Double(Float(0.1))), hex(.infinity), "NULL", "NULL"]),
      (.float16([0.5, -2, nil, 65504]), [hex(0.5), hex(-2), "NULL", hex(65504)]),
      (
        .double([.leastNonzeroMagnitude, -.infinity, nil, .greatestFiniteMagnitude]),
        [hex(.leastNonzeroMagnitude), hex(-.infinity), "NULL", hex(.greatestFiniteMagnitude)]
      ), (.bool([true, false, nil, true]), ["1", "0", "NULL", "1"]),
      (.string(["", "a\0b", nil, "é☆"]), ["''", "'a\0b'", "NULL", "'é☆'"]),
      (.largeString(["12", "0012", nil, "1e5"]), ["'12'", "'0012'", "NULL", "'1e5'"]),
      (.dictionary(["x", "y", nil, "x"]), ["'x'", "'y'", "NULL", "'x'"]),
      (.binary([[], [0, 255], nil, [104, 105]]), ["x", "x0,ff", "NULL", "x68,69"]),
      (.date([-1, 20_000, nil, 0]), ["-86400000", "1728000000000", "NULL", "0"]),
      (.timestamp([-1, 1 << 50, nil, 0]), ["-1", "\(1 << 50)", "NULL", "0"]),
      (.timestampUTC([-1, 1 << 40, nil, 0]), ["-1", "\(1 << 40)", "NULL", "0"]),
      (.time([0, 86_399_999_999_999, nil, 1]), ["0", "86399999999999", "NULL", "1"]),
      (.decimal([1234, -1, nil, 0]), [hex(1.234), hex(-0.001), "NULL", hex(0)]),
      (.digits(["17", "-3", nil, "0"], precision: 9, scale: 0), ["17", "-3", "NULL", "0"]),
      (.duration([1, -1, nil, 0]), ["1", "-1", "NULL", "0"]),
      (.null(count: 4), ["NULL", "NULL", "NULL", "NULL"]),
    ]
    var sky = Sky()
    for row in 0..<4 { sky.append(Double(row), 0) }
    let columns = SampleTable.plain(sky) + more.enumerated().map { ParquetColumn("x\($0)", $1.0) }
    let info = try lab.ingest([lab.write(columns)]).catalogue
    #expect(info.columns.count == columns.count)
    for (index, (values, expected)) in more.enumerated() {
      let kept = try lab.values("c", "source_id", "x\(index)").sorted { $0[0] < $1[0] }.map { $0[1] }
      if case .date = values {
        // Days or milliseconds, as the type says; the count of steps is exact either way.
        let days = ["-1", "20000", "NULL", "0"]
        #expect(
          kept == (info.columns[index + 4].type == "date[d]" ? days : expected), "\(info.columns[index + 4].type)")
      } else {
        #expect(kept == expected, "\(values)")
      }
    }
  }

  @Test func anyNameIsKeptOrChangedSoThatSQLCanTellItApart() throws {
    let lab = try IngestLab()
    let names = [
      "select", "from where", "a\"b", "a'b", "x];--", "ünï ☆", " ", "1", "a.b", "`q`", "XM_ROWID", "xm_healpix29",
      "rowid", "oid",
      "_rowid_", "xm_reason", "xm_file", "xm_row", "xm_rowid_2", "table", "count", "first_rowid", "id", "healpix29",
      "NULL",
    ]
    var sky = Sky()
    sky.append(1, 2)
    sky.append(3, 95)
    let more = names.map { ParquetColumn($0, .string(["value of " + $0, "other"])) }
    let info = try lab.ingest([lab.write(SampleTable.plain(sky) + more)]) { $0.mappings = ["id=source_id"] }.catalogue
    #expect(info.rows == 1 && info.problemRows == 1)
    #expect(info.columns.dropFirst(4).map(\.sourceName) == names)
    #expect(Set(info.columns.map { $0.name.lowercased() }).count == info.columns.count)
    for (name, column) in zip(names, info.columns.dropFirst(4)) {
      #expect(try lab.values("c", column.name) == [["'value of \(name)'"]])
      if !name.lowercased().hasPrefix("xm_") { #expect(column.name == name) }
    }
    let notes = try IngestPlan(IngestOptions(paths: [lab.workdir.path("c.parquet")])).notes
    #expect(notes.contains { $0.contains("'XM_ROWID' is XM_ROWID_2") && !$0.contains("'rowid'") }, "\(notes)")
    #expect(info.columns.first { $0.sourceName == "XM_ROWID" }?.name == "XM_ROWID_2")
    #expect(info.columns.first { $0.sourceName == "xm_rowid_2" }?.name == "xm_rowid_2_2")
  }

  @Test func namesThatDifferInCaseOnlyAreRefusedByName() throws {
    let lab = try IngestLab()
    var sky = Sky()
    sky.append(1, 2)
    let columns = SampleTable.plain(sky) + [ParquetColumn("Flag", .bool([true])), ParquetColumn("FLAG", .bool([true]))]
    let error = try #require(throws: FormatError.self) { try lab.ingest([lab.write(columns)]) }
    #expect(
      error.description.contains("Flag") && error.description.contains("FLAG")
        && error.description.contains("--exclude"))
    let info = try lab.ingest([lab.workdir.path("c.parquet")]) { $0.excluding = ["FLAG"] }.catalogue
    #expect(info.columns.map(\.name).contains("Flag") && info.columns.count == 5)
  }

  @Test func moreColumnsThanATableCanHaveAreRefused() throws {
    let lab = try IngestLab()
    var sky = Sky()
    sky.append(1, 2)
    let columns = SampleTable.plain(sky) + (0..<1987).map { ParquetColumn("c\($0)", .bool([true])) }
    let error = try #require(throws: IngestError.self) { try lab.ingest([lab.write(columns)]) }
    #expect(error.description.contains("it has 1991 columns; allowed: 1990; leave some out with --exclude"))
    let info = try lab.ingest([lab.workdir.path("c.parquet")]) { $0.excluding = ["c5"] }.catalogue
    #expect(info.columns.count == 1990 && info.rows == 1)
  }

  @Test func whatTheFileSaysAboutItsColumnsIsKept() throws {
    let lab = try IngestLab()
    var sky = Sky()
    sky.append(1, 2)
    let odd = ParquetColumn(
      "odd", .float([1]), unit: "10+3J/s", ucd: "phys.luminosity;arith.ratio", description: "with \"quotes\"")
    let info = try lab.ingest([lab.write(SampleTable.plain(sky) + [odd])]).catalogue
    let kept = try #require(try lab.database.registry().catalogue("c").columns.last)
    #expect(
      kept.unit == "10+3J/s" && kept.ucd == "phys.luminosity;arith.ratio" && kept.description == "with \"quotes\"")
    #expect(kept.type == "float32")
    #expect(info.column(role: "ra") == "ra" && info.column(role: "sigma") == "pos_err")
  }

  @Test func bandsThatDifferInCaseOnlyAreBothKept() throws {
    let lab = try IngestLab()
    var sky = Sky()
    sky.append(1, 2)
    let columns =
      SampleTable.plain(sky) + [
        ParquetColumn("m1", .double([15])), ParquetColumn("m2", .double([16])), ParquetColumn("m3", .double([17])),
      ]
    let info = try lab.ingest([lab.write(columns)]) { $0.mappings = ["mag:g=m1", "mag:G=m2", "mag:W 1,x=m3"] }.catalogue
    #expect(info.layout.bands == ["g", "G", "W 1,x"])
    let sources = try CatalogueReader(database: lab.database, info: lab.database.registry().catalogue("c")).sources(
      in: .wholeSky)
    #expect(sources.magnitudes.map { $0[0] } == [15, 16, 17])
  }

  @Test func longTextsGoThroughSmallSpills() throws {
    let lab = try IngestLab()
    var rng = SplitMix64(seed: 6)
    let sky = Sky.sphere(60, using: &rng)
    let texts = (0..<60).map { String(repeating: "é", count: $0 * 4000) }
    let path = try lab.write(SampleTable.plain(sky) + [ParquetColumn("text", .largeString(texts))])
    try lab.ingest([path], spillBytes: 600_000) { $0.shardBytes = 1 << 20 }
    let lengths = try lab.values("c", "source_id", "text").map { (Int($0[0])!, $0[1]) }
    #expect(lengths.count == 60 && lengths.allSatisfy { $0.1 == "'\(texts[$0.0])'" })
    // A single batch larger than the budget is no reason to fail.
    try lab.ingest([path], as: "d", spillBytes: 1000, batchRows: 1)
    #expect(try lab.contents("d") == lab.contents())
  }
}
