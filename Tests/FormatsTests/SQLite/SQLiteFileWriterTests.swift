import CSQLiteBoot
import CatalogStore
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Formats

@Suite struct SQLiteFileWriterTests {
  init() { _ = xsql_bootstrap() }

  /// A batch of a few rows, put in value by value as from a database.
  private func batch(_ columns: [TableColumn], _ rows: [[Cell]]) throws -> TableBatch {
    var filling = TableBatch.Filling(columns, capacity: rows.count)
    for row in rows {
      for (column, cell) in row.enumerated() {
        switch cell {
        case .int(let number): try filling.put(.integer(number), column: column)
        case .uint(let number):
          let digits = Array(String(number).utf8)
          try digits.withUnsafeBytes { try filling.put(.text($0), column: column) }
        case .double(let number): try filling.put(.real(number), column: column)
        case .text(let text): try Array(text.utf8).withUnsafeBytes { try filling.put(.text($0), column: column) }
        case .bytes(let bytes): try bytes.withUnsafeBytes { try filling.put(.blob($0), column: column) }
        default: try filling.put(.null, column: column)
        }
      }
      filling.endRow()
    }
    return filling.finish()
  }

  private static let columns = [
    TableColumn("id", .int64, ucd: "meta.id", description: "its \"name\"", isNullable: true),
    TableColumn("huge", .uint64, isNullable: true), TableColumn("x y", .float64, unit: "deg", isNullable: true),
    TableColumn("f", .float32, isNullable: true), TableColumn("select", .text, isNullable: true),
    TableColumn("y", .binary, isNullable: true), TableColumn("day", .date(.day), isNullable: true),
  ]

  private static let rows: [[Cell]] = [
    [.int(.max), .uint(.max), .double(0.1), .double(0.5), .text("é"), .bytes([0, 255]), .int(0)],
    Array(repeating: .missing, count: 7),
    [.int(.min), .uint(7), .double(-.infinity), .double(-2), .text(""), .bytes([]), .int(-1)],
  ]

  @Test func tablesAreReadBackWithTheirNotes() throws {
    let folder = try Workdir()
    let writer = try SQLiteFileWriter(path: folder.path("a.sqlite"), facts: [("creator", "a test")])
    let first = try writer.addTable("first", description: "the first", columns: Self.columns)
    let second = try writer.addTable("se\"cond", description: "another", columns: [TableColumn("n", .int64)])
    try writer.append(batch(Self.columns, Self.rows), to: first)
    try writer.append(batch([TableColumn("n", .int64)], [[.int(1)], [.int(2)]]), to: second)
    try writer.append(batch(Self.columns, Self.rows), to: first)
    try writer.index("first", "x y")
    #expect(writer.rows(of: first) == 6 && writer.rows(of: second) == 2)
    #expect(!FileSystem.exists(folder.path("a.sqlite")))
    try writer.publish()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.sqlite"])

    let copy = try TableSource(paths: [folder.path("a.sqlite") + "[first]"])
    let found = try copy.everything()
    #expect(copy.columns.map(\.name) == ["id", "huge", "x y", "f", "select", "y", "day"])
    #expect(found[0] == [.int(.max), .missing, .int(.min), .int(.max), .missing, .int(.min)])
    #expect(found[1].prefix(3) == [.text("18446744073709551615"), .missing, .text("7")] || found[1][0] == .uint(.max))
    #expect(found[2].prefix(3) == [.double(0.1), .missing, .double(-.infinity)])
    #expect(found[3].prefix(3) == [.double(0.5), .missing, .double(-2)])
    #expect(found[4].prefix(3) == [.text("é"), .missing, .text("")])
    #expect(found[5].prefix(3) == [.bytes([0, 255]), .missing, .bytes([])])
    #expect(found[6].prefix(3) == [.text("1970-01-01"), .missing, .text("1969-12-31")])
    #expect(try TableSource(paths: [folder.path("a.sqlite") + "[se\"cond]"]).rowCount == 2)

    let connection = try Connection(path: folder.path("a.sqlite"), mode: .readOnly)
    let notes = try connection.prepare("SELECT type, unit, ucd, description FROM column_notes WHERE column_name = ?")
    notes.bind(1, "x y")
    #expect(try notes.step() && notes.text(0) == "float64" && notes.text(1) == "deg" && notes.isNull(2))
    let about = try connection.prepare("SELECT value FROM provenance WHERE name = 'creator'")
    #expect(try about.step() && about.text(0) == "a test")
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    let folder = try Workdir()
    do {
      let writer = try SQLiteFileWriter(path: folder.path("a.sqlite"), facts: [])
      let table = try writer.addTable("t", description: "", columns: Self.columns)
      try writer.append(batch(Self.columns, Self.rows), to: table)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func aValueThatIsNotOfTheTypeIsDamage() throws {
    for (type, cell) in [
      (ColumnType.int64, Cell.text("x")), (.float64, .text("1")), (.uint64, .text("-1")), (.bool, .double(1)),
    ] {
      let error = #expect(throws: StoreError.self) { try batch([TableColumn("c", type)], [[cell]]) }
      #expect(error?.code == .damaged && error?.subject == "column 'c'", "\(type)")
    }
  }
}
