import CFaultInjection
import CatalogStore
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Formats

@Suite struct OutputFormatTests {
  /// A table of every type, with what separates values, extremes of numbers, and rows without a value.
  private static func fixture(_ folder: Workdir) throws -> TableSource {
    let path = folder.path("in.parquet")
    try ParquetFixture.write(
      [
        ParquetColumn("id", .int64([5_853_498_713_190_525_696, .max, 0, -1, -.max, 7])),
        ParquetColumn("count", .int64([1, nil, -3, nil, 5, 6])),
        ParquetColumn("x", .double([0.1, nil, -.infinity, .leastNonzeroMagnitude, 1.7976931348623157e308, -0.0])),
        ParquetColumn("f", .float([0.1, nil, 3, 16_777_216, .leastNonzeroMagnitude, -.infinity])),
        ParquetColumn("flag", .bool([true, nil, false, true, nil, false])),
        ParquetColumn("name", .string(["a", nil, "two words", "comma, \"quote\"", "line\nend", "x"])),
      ], to: path)
    return try TableSource(paths: [path])
  }

  private static let notes = TableNotes(
    name: "matches", description: "A < B & \"C\"", facts: [("creator", "xmdb"), ("configuration", "a: <1>\n")])

  /// The columns of a source with notes of their own.
  private static func described(_ source: TableSource) -> [TableColumn] {
    let units = ["", "", "deg", "mag", "", ""]
    let ucds = ["meta.id;meta.main", "", "pos.eq.ra", "phot.mag;em.opt.V", "", "meta.id"]
    return source.columns.enumerated().map { place, column in
      TableColumn(
        column.name, column.type, unit: units[place].isEmpty ? nil : units[place],
        ucd: ucds[place].isEmpty ? nil : ucds[place], description: "<column> \(place) & more", isNullable: place > 0)
    }
  }

  private static func write(
    _ source: TableSource, _ format: OutputFormat, to path: String, batchRows: Int = 2,
    _ options: OutputFormat.Options = .init()
  ) throws -> any TableWriter {
    let writer = try format.writer(path: path, columns: described(source), notes: notes, options: options)
    try source.forEachBatch(batchRows: batchRows) { try writer.append(rows: $0.rowCount, $0.columns) }
    try writer.publish()
    return writer
  }

  private static let files: [(OutputFormat, String)] = [
    (.csv, "a.csv"), (.csv, "a.csv.gz"), (.csv, "a.tsv.zst"), (.parquet, "a.parquet"), (.arrow, "a.feather"),
    (.votable, "a.vot"), (.votable, "a.xml.gz"), (.votable, "a.vot.bz2"), (.fits, "a.fits"), (.fits, "a.fits.gz"),
    (.fits, "a.fit.lz4"),
  ]

  @Test(arguments: files) func everyValueIsReadBackAsItWasWritten(_ format: OutputFormat, _ name: String) throws {
    let folder = try Workdir()
    let source = try Self.fixture(folder)
    #expect(OutputFormat.of(name) == format)
    let writer = try Self.write(source, format, to: folder.path(name))
    #expect(writer.rowCount == 6)
    let copy = try TableSource(paths: [folder.path(name)])
    var expected = try source.everything()
    if format == .fits { expected[5][4] = .text("line?end") }
    // Shortest digits of single precision are read as double precision where a format has no types.
    if format == .csv {
      expected[3] = [0.1, nil, 3, 16_777_216, 1e-45, -.infinity].map { $0.map(Cell.double) ?? .missing }
    }
    let found = try copy.everything()
    for (column, cells) in expected.enumerated() {
      #expect(found[column] == cells, "\(name), \(source.columns[column].name)")
    }
    guard format != .csv else { return }
    #expect(copy.columns.map(\.type) == source.columns.map(\.type))
    #expect(copy.columns.map(\.unit) == [nil, nil, "deg", "mag", nil, nil])
    #expect(copy.columns.map(\.ucd) == Self.described(source).map(\.ucd))
    #expect(copy.columns.map(\.description) == Self.described(source).map(\.description))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [name, "in.parquet"].sorted())
  }

  @Test(arguments: files) func theBatchesDoNotMatter(_ format: OutputFormat, _ name: String) throws {
    let folder = try Workdir()
    let source = try Self.fixture(folder)
    let whole = try TableSource(paths: [Self.write(source, format, to: folder.path(name), batchRows: 6).path])
    let parted = try TableSource(paths: [Self.write(source, format, to: folder.path("b-" + name), batchRows: 1).path])
    #expect(try whole.everything() == parted.everything())
  }

  /// What is no number is no value in a column that may lack values, and itself in others.
  @Test func notANumberIsKeptWhereValuesCannotBeMissing() throws {
    let folder = try Workdir()
    for (format, name) in Self.files where format != .csv && format != .fits && !name.contains(".xml") {
      let columns = [TableColumn("x", .float64), TableColumn("y", .float64, isNullable: true)]
      let writer = try format.writer(path: folder.path(name), columns: columns, notes: Self.notes)
      try writer.append([.float64([.nan, 1]), .float64([.nan, 2])])
      try writer.publish()
      let cells = try TableSource(paths: [folder.path(name)]).everything()
      let isNaN = if case .double(let value) = cells[0][0] { value.isNaN } else { false }
      #expect(isNaN || format == .votable, "\(name)")
      #expect(cells[1] == [.missing, .double(2)] || format == .votable, "\(name)")
    }
  }

  @Test(arguments: files) func aTableMayHaveNoRows(_ format: OutputFormat, _ name: String) throws {
    let folder = try Workdir()
    let columns = [TableColumn("id", .int64), TableColumn("name", .text, isNullable: true)]
    try format.writer(path: folder.path(name), columns: columns, notes: Self.notes).publish()
    let copy = try TableSource(paths: [folder.path(name)])
    #expect(copy.rowCount == 0 && copy.columns.map(\.name) == ["id", "name"])
  }

  @Test func aTextInFITSIsAsWideAsTheLongest() throws {
    let folder = try Workdir()
    let lengths = [3, 1, 40, 2, 41, 0, 700, 5, 12]
    let texts = lengths.enumerated().map { String(repeating: "\($0.offset)", count: $0.element) }
    let columns = [
      TableColumn("n", .int64), TableColumn("first", .text, isNullable: true), TableColumn("x", .float64),
      TableColumn("second", .text, isNullable: true), TableColumn("y", .float32),
    ]
    let writer = try OutputFormat.fits.writer(path: folder.path("a.fits"), columns: columns, notes: Self.notes)
    for (row, text) in texts.enumerated() {
      try writer.append([
        .int64([Int64(row)]), .text([text]), .float64([Double(row) / 3]), .text(["z" + text]),
        .float32([Float(row) / 3]),
      ])
    }
    try writer.publish()
    let copy = try TableSource(paths: [folder.path("a.fits")])
    let cells = try copy.everything()
    #expect(cells[1] == texts.map { $0.isEmpty ? .missing : .text($0) } && cells[3] == texts.map { .text("z" + $0) })
    #expect(cells[0] == texts.indices.map { .int(Int64($0)) })
    #expect(cells[2] == texts.indices.map { .double(Double($0) / 3) })
    #expect(cells[4] == texts.indices.map { .double(Double(Float($0) / 3)) })
    #expect(copy.columns.map(\.fileType) == ["1K", "700A", "1D", "701A", "1E"])
  }

  @Test func charactersThatFITSLacksAreCounted() throws {
    let folder = try Workdir()
    let columns = [TableColumn("naïve", .text, unit: "µas", isNullable: true)]
    let writer = try OutputFormat.fits.writer(path: folder.path("a.fits"), columns: columns, notes: Self.notes)
    try writer.append([.text(["é", nil, "plain", "日本"])])
    try writer.publish()
    #expect(writer.remarks.count == 1 && writer.remarks[0].contains("'naïve' (2 rows)"), "\(writer.remarks)")
    let copy = try TableSource(paths: [folder.path("a.fits")])
    #expect(try copy.everything() == [[.text("?"), .missing, .text("plain"), .text("??")]])
    #expect(copy.columns[0].name == "na?ve" && copy.columns[0].unit == "?as")
  }

  @Test(arguments: [(OutputFormat.parquet, "a.parquet"), (.arrow, "a.arrow"), (.votable, "a.vot"), (.csv, "a.csv")])
  func textsOfAnyLanguageAreKept(_ format: OutputFormat, _ name: String) throws {
    let folder = try Workdir()
    let texts: [String?] = ["é", nil, "日本", "𝛼 Cen", " blanks ", "\u{FFFD}", "]]>&<\"'", "1e5", "\\N"]
    let columns = [
      TableColumn("名", .text, unit: "µas", description: "größer", isNullable: true), TableColumn("n", .int64),
    ]
    let writer = try format.writer(path: folder.path(name), columns: columns, notes: Self.notes)
    try writer.append([.text(texts), .int64(Array(0..<Int64(texts.count)))])
    try writer.publish()
    let copy = try TableSource(paths: [folder.path(name)])
    #expect(try copy.everything(batchRows: 100)[0] == texts.map { $0.map(Cell.text) ?? .missing })
    #expect(copy.columns[0].name == "名" && (format == .csv || copy.columns[0].unit == "µas"))
  }

  @Test func unsignedIntegersAreKeptOrRefused() throws {
    let folder = try Workdir()
    try ParquetFixture.write(
      [ParquetColumn("u", .uint64([.max - 1, nil, 0, 1 << 63])), ParquetColumn("n", .int64([1, 2, 3, 4]))],
      to: folder.path("in.parquet"))
    let source = try TableSource(paths: [folder.path("in.parquet")])
    func copy(_ format: OutputFormat, _ name: String) throws -> TableSource {
      let writer = try format.writer(path: folder.path(name), columns: source.columns, notes: Self.notes)
      try source.forEachBatch(batchRows: 3) { try writer.append(rows: $0.rowCount, $0.columns) }
      try writer.publish()
      return try TableSource(paths: [folder.path(name)])
    }
    for (format, name) in [
      (OutputFormat.csv, "a.csv"), (.parquet, "a.parquet"), (.arrow, "a.arrow"), (.fits, "a.fits"),
    ] {
      let found = try copy(format, name)
      #expect(found.columns[0].type == .uint64, "\(name)")
      #expect(try found.everything() == source.everything(), "\(name)")
    }
    let error = #expect(throws: StoreError.self) { try copy(.votable, "a.vot") }
    #expect(
      error?.code == .usage && error?.message.contains("18446744073709551614") == true, "\(String(describing: error))")
    #expect(!FileSystem.exists(folder.path("a.vot")))
  }

  @Test func theIntegerThatStandsForNoneIsRefusedInFITS() throws {
    let folder = try Workdir()
    let columns = [TableColumn("n", .int64, isNullable: true)]
    let writer = try OutputFormat.fits.writer(path: folder.path("a.fits"), columns: columns, notes: Self.notes)
    let error = #expect(throws: StoreError.self) { try writer.append([.optionalInt64([1, nil, .min])]) }
    #expect(error?.message.contains("-2^63") == true, "\(String(describing: error))")
    // Where no value can be missing it is a number like others.
    let plain = try OutputFormat.fits.writer(
      path: folder.path("b.fits"), columns: [TableColumn("n", .int64)], notes: Self.notes)
    try plain.append([.int64([.min, .max])])
    try plain.publish()
    #expect(try TableSource(paths: [folder.path("b.fits")]).everything() == [[.int(.min), .int(.max)]])
  }

  @Test func timesKeepTheirTypeOrAreISO8601() throws {
    let folder = try Workdir()
    let path = folder.path("in.parquet")
    try ParquetFixture.write(
      [
        ParquetColumn("date", .date([0, nil, -719_162, 19_782])),
        ParquetColumn("stamp", .timestamp([0, nil, -1, 1_709_210_096_789_012])),
        ParquetColumn("utc", .timestampUTC([0, nil, -1, 1_709_210_096_789])),
        ParquetColumn("time", .time([0, nil, 1, 86_399_999_999_999])),
        ParquetColumn("took", .duration([0, nil, -1, 1_500_000])),
      ], to: path)
    let source = try TableSource(paths: [path])
    for (format, name) in [(OutputFormat.parquet, "a.parquet"), (.arrow, "a.arrow")] {
      let writer = try format.writer(path: folder.path(name), columns: source.columns, notes: Self.notes)
      try source.forEachBatch(batchRows: 3) { try writer.append(rows: $0.rowCount, $0.columns) }
      try writer.publish()
      let copy = try TableSource(paths: [folder.path(name)])
      #expect(copy.columns.map(\.type) == source.columns.map(\.type), "\(name)")
      #expect(try copy.everything() == source.everything(), "\(name)")
    }
    let expected: [[Cell]] = [
      ["1970-01-01", nil, "0001-01-01", "2024-02-29"],
      [
        "1970-01-01T00:00:00.000000", nil, "1969-12-31T23:59:59.999999", "2024-02-29T12:34:56.789012",
      ],
      ["1970-01-01T00:00:00.000Z", nil, "1969-12-31T23:59:59.999Z", "2024-02-29T12:34:56.789Z"],
      ["00:00:00.000000000", nil, "00:00:00.000000001", "23:59:59.999999999"],
    ].map { $0.map { $0.map(Cell.text) ?? .missing } }
    for (format, name) in [(OutputFormat.fits, "a.fits"), (.votable, "a.vot"), (.csv, "a.csv")] {
      let writer = try format.writer(path: folder.path(name), columns: source.columns, notes: Self.notes)
      try source.forEachBatch(batchRows: 3) { try writer.append(rows: $0.rowCount, $0.columns) }
      try writer.publish()
      let copy = try TableSource(paths: [folder.path(name)])
      #expect(try Array(copy.everything()[..<4]) == expected, "\(name)")
      #expect(try copy.everything()[4] == source.everything()[4] && (format == .csv || copy.columns[4].unit == "us"))
    }
  }

  @Test func bytesAreHexadecimalWhereAFormatHasNone() throws {
    let folder = try Workdir()
    try ParquetFixture.write([ParquetColumn("y", .binary([[0, 171, 255], nil]))], to: folder.path("in.parquet"))
    let source = try TableSource(paths: [folder.path("in.parquet")])
    for (format, name) in [(OutputFormat.fits, "a.fits"), (.votable, "a.vot"), (.csv, "a.csv")] {
      let writer = try format.writer(path: folder.path(name), columns: source.columns, notes: Self.notes)
      try source.forEachBatch { try writer.append(rows: $0.rowCount, $0.columns) }
      try writer.publish()
      // One value would be a line without a separator.
      if format == .csv {
        #expect(try String(contentsOfFile: folder.path(name), encoding: .utf8) == "y\n00abff\n\n")
      } else {
        #expect(try TableSource(paths: [folder.path(name)]).everything() == [[.text("00abff"), .missing]])
      }
    }
  }

  @Test func aCSVFileSaysNoValueAsItIsTold() throws {
    let folder = try Workdir()
    let columns = [TableColumn("n", .int64, isNullable: true), TableColumn("t", .text, isNullable: true)]
    let options = OutputFormat.Options(null: "NULL", header: false)
    let writer = try OutputFormat.csv.writer(
      path: folder.path("a.csv"), columns: columns, notes: Self.notes, options: options)
    try writer.append([.optionalInt64([1, nil, 3]), .text(["NULL", nil, ""])])
    try writer.publish()
    #expect(try String(contentsOfFile: folder.path("a.csv"), encoding: .utf8) == "1,\"NULL\"\nNULL,NULL\n3,\"\"\n")
    for null in [",", "a\"b", "\n", "\t"] {
      #expect(throws: StoreError.self) {
        try OutputFormat.csv.writer(
          path: folder.path("b.csv"), columns: columns, notes: Self.notes, options: .init(null: null))
      }
    }
  }

  @Test func whatCannotBeWrittenIsRefused() throws {
    let folder = try Workdir()
    func error(_ format: OutputFormat, _ name: String, _ columns: [TableColumn]) -> StoreError? {
      #expect(throws: StoreError.self) {
        try format.writer(path: folder.path(name), columns: columns, notes: Self.notes)
      }
    }
    let one = [TableColumn("x", .float64)]
    for (format, name) in [(OutputFormat.parquet, "a.parquet.gz"), (.arrow, "a.arrow.zst")] {
      #expect(error(format, name, one)?.message.contains("leave out") == true)
    }
    #expect(error(.csv, "a.csv", one + [TableColumn("X", .int64)])?.code == .usage)
    let many = (0..<1000).map { TableColumn("c\($0)", .float64) }
    #expect(error(.fits, "a.fits", many)?.message.contains("999") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test(arguments: files) func anAbandonedFileLeavesNothing(_ format: OutputFormat, _ name: String) throws {
    let folder = try Workdir()
    try folder.write(Data("old".utf8), to: name)
    do {
      let columns = [TableColumn("id", .int64), TableColumn("name", .text)]
      let writer = try format.writer(path: folder.path(name), columns: columns, notes: Self.notes)
      try writer.append([.int64(Array(0..<5000)), .text((0..<5000).map { "n\($0)" })])
    }
    #expect(FileManager.default.contents(atPath: folder.path(name)) == Data("old".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
  }

  @Test(arguments: files) func whicheverChangeToTheDiskFailsNothingHalfWrittenIsThere(
    _ format: OutputFormat, _ name: String
  ) throws {
    for nth in 1...400 {
      let folder = try Workdir()
      fault_arm(nth, 0)
      let result = Result {
        let columns = [TableColumn("id", .int64), TableColumn("name", .text)]
        let writer = try format.writer(path: folder.path(name), columns: columns, notes: Self.notes)
        try writer.append([.int64(Array(0..<50_000)), .text((0..<50_000).map { "n\($0 &* 7919)" })])
        try writer.publish()
      }
      fault_disarm()
      guard fault_hit() != nil else { return #expect(nth > 3) }
      let call = String(cString: fault_hit())
      // What cannot be removed stays.
      if call.hasPrefix("unlink") { continue }
      #expect(throws: StoreError.self, "\(name): change \(nth), \(call)") { try result.get() }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "\(name): change \(nth), \(call)")
    }
    Issue.record("a small file takes more than 400 changes")
  }
}
