import CatalogStore
import Formats
import ParquetFixture
import Testing
import XMDBTestSupport

/// Files that differ in their columns are one source, and no value changes on the way.
struct SchemaUnionTests {
  typealias Values = ParquetColumn.Values

  private func opened(
    _ first: [ParquetColumn], _ second: [ParquetColumn], excluding: [String] = [], _ scratch: Workdir
  ) throws -> TableSource {
    try ParquetFixture.write(first, to: try scratch.file("a.parquet"))
    try ParquetFixture.write(second, to: try scratch.file("b.parquet"))
    return try TableSource(paths: [scratch.path], excluding: excluding)
  }

  /// Values in two files, the type over both, and the cells.
  struct Pair: Sendable, CustomTestStringConvertible {
    let first, second: Values
    let type: ColumnType
    let cells: [Cell]
    var testDescription: String { "\(first) and \(second)" }

    init(_ first: Values, _ second: Values, _ type: ColumnType, _ cells: [Cell]) {
      (self.first, self.second, self.type, self.cells) = (first, second, type, cells)
    }
  }

  private static let exact: Int64 = 1 << 53

  static let pairs: [Pair] = [
    Pair(.int32([1]), .double([1.5]), .float64, [.double(1), .double(1.5)]),
    Pair(.int64([exact]), .double([0.5]), .float64, [.double(9007199254740992), .double(0.5)]),
    Pair(.int64([exact + 1]), .double([nil]), .int64, [.int(exact + 1), .missing]),
    Pair(.uint64([7]), .double([0.5]), .float64, [.double(7), .double(0.5)]),
    Pair(.float([0.1]), .double([0.1]), .float64, [.double(Double(Float(0.1))), .double(0.1)]),
    Pair(.float16([0.5]), .double([0.1]), .float64, [.double(0.5), .double(0.1)]),
    Pair(.int16([3]), .float([0.5]), .float64, [.double(3), .double(0.5)]),
    Pair(.int8([-1]), .uint32([4_000_000_000]), .int64, [.int(-1), .int(4_000_000_000)]),
    Pair(.int64([-1]), .uint64([7]), .int64, [.int(-1), .int(7)]),
    Pair(.bool([true]), .int64([5]), .int64, [.int(1), .int(5)]),
    Pair(.bool([true]), .double([0.5]), .float64, [.double(1), .double(0.5)]),
    Pair(.double([0.5]), .null(count: 1), .float64, [.double(0.5), .missing]),
    Pair(.null(count: 1), .double([0.5]), .float64, [.missing, .double(0.5)]),
    Pair(.string(["x"]), .double([nil]), .text, [.text("x"), .missing]),
    Pair(.int64([nil]), .string(["x"]), .text, [.missing, .text("x")]),
    Pair(.list([1]), .null(count: 1), .binary, []),
    Pair(.string(["x"]), .largeString(["y"]), .text, [.text("x"), .text("y")]),
    Pair(.string(["x"]), .dictionary(["y"]), .text, [.text("x"), .text("y")]),
    Pair(.string(["x"]), .binary([[121]]), .text, [.text("x"), .text("y")]),
    Pair(
      .digits(["17"], precision: 9, scale: 0), .digits(["1.5"], precision: 9, scale: 2), .float64,
      [.double(17), .double(1.5)]),
    Pair(.timestampSeconds([2]), .timestamp([3]), .timestamp(.microsecond, zone: ""), [.int(2_000_000), .int(3)]),
    Pair(.date([1]), .timestamp([3]), .timestamp(.microsecond, zone: ""), [.int(86_400_000_000), .int(3)]),
  ]

  @Test(arguments: pairs) func typesAreWidenedWithoutChangingAValue(_ pair: Pair) throws {
    for isSwapped in [false, true] {
      let scratch = try Workdir()
      let values = isSwapped ? [pair.second, pair.first] : [pair.first, pair.second]
      if pair.cells.isEmpty {
        let error = formatError {
          _ = try opened([ParquetColumn("q", values[0])], [ParquetColumn("q", values[1])], scratch)
        }
        #expect(error?.code == .unsupported, "a list stays one, whatever the other file has")
        continue
      }
      let source = try opened([ParquetColumn("q", values[0])], [ParquetColumn("q", values[1])], scratch)
      #expect(source.columns.map(\.type) == [pair.type])
      #expect(try source.everything() == [isSwapped ? pair.cells.reversed() : pair.cells])
    }
  }

  @Test(arguments: [
    (Values.int64([exact + 1]), Values.double([0.5]), "9007199254740993, which is no exact double"),
    (.uint64([1 << 63]), .int64([-1]), "9223372036854775808, and other files have signed integers"),
    (.timestampSeconds([.max / 1000]), .timestamp([1]), "too far from 1970"),
  ])
  func valueThatDoesNotFitEndsTheReadingWithItsPlace(_ first: Values, _ second: Values, _ reason: String) throws {
    let scratch = try Workdir()
    let source = try opened([ParquetColumn("q", first)], [ParquetColumn("q", second)], scratch)
    let error = formatError { try source.forEachBatch { _ in } }
    #expect(error?.code == .schemaMismatch && error?.subject.hasSuffix("a.parquet") == true)
    #expect(error?.message.contains("column 'q'") == true && error?.message.contains("in row 1") == true)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "no error")")
  }

  @Test(arguments: [
    (ParquetColumn("q", .string(["x"])), "is double in"), (ParquetColumn("q", .list([1])), "is double in"),
    (ParquetColumn("q", .double([1]), unit: "mas"), "is in deg in"),
  ])
  func whatCannotBeUnitedIsNamedAndCanBeLeftOut(_ second: ParquetColumn, _ reason: String) throws {
    let scratch = try Workdir()
    let id = ParquetColumn("id", .int64([1]))
    let first = [id, ParquetColumn("q", .double([1]), unit: "deg")]
    let error = formatError { _ = try opened(first, [id, second], scratch) }
    #expect(error?.code == .schemaMismatch && error?.subject.hasSuffix("b.parquet") == true)
    for part in ["column 'q'", reason, "a.parquet", "--exclude q"] {
      #expect(error?.message.contains(part) == true, "\(part): \(error?.message ?? "no error")")
    }
    #expect(try opened(first, [id, second], excluding: ["q"], scratch).everything() == [[.int(1), .int(1)]])
  }

  @Test func columnsAreFoundByNameWhereverTheyStand() throws {
    let scratch = try Workdir()
    let source = try opened(
      [ParquetColumn("id", .int64([1])), ParquetColumn("ra", .double([10])), ParquetColumn("old", .string(["x"]))],
      [ParquetColumn("new", .bool([true])), ParquetColumn("ra", .double([20])), ParquetColumn("id", .int64([2]))],
      scratch)
    #expect(source.columns.map(\.name) == ["id", "ra", "old", "new"])
    #expect(
      try source.everything() == [
        [.int(1), .int(2)], [.double(10), .double(20)], [.text("x"), .missing], [.missing, .bool(true)],
      ])
    #expect(try source.everything(columns: [3, 0]) == [[.missing, .bool(true)], [.int(1), .int(2)]])
    #expect(source.notes.count == 1 && source.notes[0].contains("old, new"), "\(source.notes)")
  }

  @Test func fileWithoutAnyOfTheColumnsGivesRowsWithoutValues() throws {
    let scratch = try Workdir()
    let source = try opened(
      [ParquetColumn("a", .int64([1]))], [ParquetColumn("b", .int64([1, 2, 3]))], excluding: ["b"], scratch)
    #expect(try source.everything(batchRows: 2) == [[.int(1), .missing, .missing, .missing]])
  }

  @Test func namesMatchAcrossFilesByCaseAndUnicodeFormAsALastResort() throws {
    let scratch = try Workdir()
    let source = try opened(
      [ParquetColumn("ra", .int64([1])), ParquetColumn("caf\u{e9}", .int64([2]))],
      [ParquetColumn("RA", .int64([3])), ParquetColumn("cafe\u{301}", .int64([4]))], scratch)
    #expect(source.columns.map(\.name) == ["ra", "caf\u{e9}"])
    #expect(try source.everything() == [[.int(1), .int(3)], [.int(2), .int(4)]])
  }

  @Test func unitUCDAndDescriptionComeFromWhicheverFileHasThem() throws {
    let scratch = try Workdir()
    let column = try opened(
      [ParquetColumn("q", .double([1]), unit: "deg")], [ParquetColumn("q", .double([1]), ucd: "pos", description: "d")],
      scratch
    ).columns[0]
    #expect(column.unit == "deg" && column.ucd == "pos" && column.description == "d")
  }
}
