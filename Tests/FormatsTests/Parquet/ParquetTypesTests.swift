import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

/// Every type of column arrives with its values, whatever the layout of the file.
struct ParquetTypesTests {
  /// A column, its type in the source and its values as they must arrive.
  struct Expectation: Sendable, CustomTestStringConvertible {
    let values: ParquetColumn.Values
    let type: ColumnType
    let cells: [Cell]
    var testDescription: String { "\(type) \(cells)" }

    init(_ values: ParquetColumn.Values, _ type: ColumnType, _ cells: [Cell]) {
      self.values = values
      self.type = type
      self.cells = cells
    }
  }

  static let expectations: [Expectation] = [
    .init(.int8([-128, nil, 127]), .int64, [.int(-128), .missing, .int(127)]),
    .init(.int16([-32768, nil, 32767]), .int64, [.int(-32768), .missing, .int(32767)]),
    .init(.int32([.min, nil, .max]), .int64, [.int(-2_147_483_648), .missing, .int(2_147_483_647)]),
    .init(.int64([.min, nil, .max]), .int64, [.int(.min), .missing, .int(.max)]),
    .init(.uint8([0, nil, 255]), .int64, [.int(0), .missing, .int(255)]),
    .init(.uint16([0, nil, 65535]), .int64, [.int(0), .missing, .int(65535)]),
    .init(.uint32([0, nil, .max]), .int64, [.int(0), .missing, .int(4_294_967_295)]),
    .init(.uint64([0, nil, .max]), .uint64, [.uint(0), .missing, .uint(.max)]),
    .init(.float16([0.5, nil, -65504]), .float32, [.double(0.5), .missing, .double(-65504)]),
    .init(.float([0.1, nil, -.infinity]), .float32, [.double(Double(Float(0.1))), .missing, .double(-.infinity)]),
    .init(
      .double([0.1, nil, .leastNonzeroMagnitude]), .float64, [.double(0.1), .missing, .double(.leastNonzeroMagnitude)]),
    .init(.bool([true, nil, false]), .bool, [.bool(true), .missing, .bool(false)]),
    .init(.string(["", nil, "Ωmega ⟂"]), .text, [.text(""), .missing, .text("Ωmega ⟂")]),
    .init(.largeString(["a", nil, "bc "]), .text, [.text("a"), .missing, .text("bc ")]),
    .init(.dictionary(["x", nil, "x"]), .text, [.text("x"), .missing, .text("x")]),
    .init(.binary([[0, 255], nil, []]), .binary, [.bytes([0, 255]), .missing, .bytes([])]),
    .init(.date([-1, nil, 19_000]), .date(.day), [.int(-1), .missing, .int(19_000)]),
    .init(.timestamp([1, nil, -1]), .timestamp(.microsecond, zone: ""), [.int(1), .missing, .int(-1)]),
    .init(.timestampUTC([7, nil, 8]), .timestamp(.millisecond, zone: "UTC"), [.int(7), .missing, .int(8)]),
    .init(.time([5, nil, 6]), .time(.nanosecond), [.int(5), .missing, .int(6)]),
    .init(.decimal([12_345, nil, -1]), .float64, [.double(12.345), .missing, .double(-0.001)]),
    .init(.digits(["17", nil, "-3"], precision: 18, scale: 0), .int64, [.int(17), .missing, .int(-3)]),
    .init(
      .digits(["9223372036854775807", nil, "-9223372036854775808"], precision: 19, scale: 0), .int64,
      [.int(.max), .missing, .int(.min)]),
    .init(
      .digits(["18446744073709551615", nil, "0"], precision: 20, scale: 0), .uint64, [.uint(.max), .missing, .uint(0)]),
    .init(
      .digits(["18446744073709551616", nil, "-1"], precision: 38, scale: 0), .float64,
      [.double(18_446_744_073_709_551_616), .missing, .double(-1)]),
    .init(.digits(["-5", nil, "6"], precision: 50, scale: 0), .int64, [.int(-5), .missing, .int(6)]),
    .init(
      .digits(["12345678901234567890.123456", nil, "-0.000001"], precision: 38, scale: 6), .float64,
      [.double(12345678901234567890.123456), .missing, .double(-0.000001)]),
    .init(
      .digits(
        ["0.1000000000000000055511151231257827", nil, "1.00000000000000011102230246251566"], precision: 60, scale: 34),
      .float64, [.double(0.1), .missing, .double(1.0000000000000002)]),
    .init(.duration([5, nil, -6]), .duration(.microsecond), [.int(5), .missing, .int(-6)]),
    .init(.timestampSeconds([5, nil, -6]), .timestamp(.millisecond, zone: ""), [.int(5000), .missing, .int(-6000)]),
    .init(.null(count: 3), .text, [.missing, .missing, .missing]),
  ]

  @Test(arguments: expectations) func arrivesAsWritten(_ expectation: Expectation) throws {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write([ParquetColumn("x", expectation.values)], to: path)
    let source = try TableSource(paths: [path])
    #expect(source.columns.map(\.type) == [expectation.type])
    #expect(try source.everything() == [expectation.cells])
  }

  @Test(arguments: ["none", "snappy", "gzip", "zstd", "brotli", "lz4_raw"], [true, false])
  func layoutDoesNotMatter(compression: String, dictionaryPages: Bool) throws {
    let scratch = try Workdir()
    var random = SplitMix64(seed: 11)
    let rows = 1000
    let numbers = (0..<rows).map { _ in Int.random(in: 0..<5, using: &random) == 0 ? nil : random.next() }
    let words = numbers.map { $0.map { "word \($0 % 17)" } }
    var options = ParquetFixture.Options()
    options.compression = compression
    options.dictionaryPages = dictionaryPages
    options.rowGroupRows = 137
    options.pageBytes = 256
    options.pageChecksums = true
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write(
      [
        ParquetColumn("n", .uint64(numbers)), ParquetColumn("w", .string(words)),
        ParquetColumn("d", .dictionary(words)), ParquetColumn("b", .bool(numbers.map { $0.map { $0 % 2 == 0 } })),
        ParquetColumn("s", .int16(numbers.map { $0.map { Int16(truncatingIfNeeded: $0) } })),
      ], to: path, options: options)
    let source = try TableSource(paths: [path])
    #expect(source.rowCount == 1000)
    for batchRows in [7, 137, 100_000] {
      let cells = try source.everything(batchRows: batchRows)
      #expect(cells[0] == numbers.map { $0.map(Cell.uint) ?? .missing })
      #expect(cells[1] == words.map { $0.map(Cell.text) ?? .missing })
      #expect(cells[2] == cells[1])
      #expect(cells[3] == numbers.map { $0.map { .bool($0 % 2 == 0) } ?? .missing })
      #expect(cells[4] == numbers.map { $0.map { .int(Int64(Int16(truncatingIfNeeded: $0))) } ?? .missing })
    }
  }

  @Test func chosenColumnsComeInTheOrderAskedFor() throws {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write(
      [
        ParquetColumn("a", .int64([1])), ParquetColumn("l", .list([2])), ParquetColumn("t", .structure([3])),
        ParquetColumn("b", .int64([4])), ParquetColumn("c", .int64([5])),
      ], to: path)
    let source = try TableSource(paths: [path], excluding: ["l", "t"])
    #expect(source.columns.map(\.name) == ["a", "b", "c"])
    #expect(try source.everything(columns: [2, 0]) == [[.int(5)], [.int(1)]])
    #expect(try source.everything(columns: [1]) == [[.int(4)]])
    var rows = 0
    try source.forEachBatch(columns: []) { rows += $0.rowCount }
    #expect(rows == 1)
  }

  @Test func tableWithoutRowsHasColumnsAndNoBatch() throws {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write([ParquetColumn("ra", .double([])), ParquetColumn("n", .string([]))], to: path)
    let source = try TableSource(paths: [path])
    #expect(source.rowCount == 0)
    #expect(source.columns.map(\.name) == ["ra", "n"])
    try source.forEachBatch { _ in Issue.record("a batch without rows") }
  }

  @Test func typeNamesReadBack() {
    let types = Self.expectations.map(\.type) + [.duration(.second), .timestamp(.nanosecond, zone: "Europe/Rome")]
    for type in types { #expect(ColumnType(type.description) == type) }
    for text in ["", "int", "date", "date[x]", "timestamp[us", "date[d,UTC]"] { #expect(ColumnType(text) == nil) }
  }

  @Test func errorsOfTheClosureComeThrough() throws {
    struct Stop: Error {}
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write([ParquetColumn("a", .int64([1, 2, 3]))], to: path)
    #expect(throws: Stop.self) { try TableSource(paths: [path]).forEachBatch(batchRows: 1) { _ in throw Stop() } }
  }
}
