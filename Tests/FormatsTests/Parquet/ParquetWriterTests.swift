import CFaultInjection
import CatalogStore
import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

@Suite struct ParquetWriterTests {
  private static let fields = [
    TableColumn("id", .int64, ucd: "meta.id;meta.main", description: "Größe – ein Name"),
    TableColumn("count", .int64, isNullable: true),
    TableColumn("ra", .float64, unit: "deg", ucd: "pos.eq.ra;meta.main"),
    TableColumn("mag", .float32, unit: "mag", isNullable: true),
    TableColumn("name", .text, isNullable: true),
  ]

  private static func columns(_ rows: Range<Int64>) -> [ColumnData] {
    [
      .int64(rows.map { Int64.max - $0 }), .optionalInt64(rows.map { $0 % 3 == 0 ? nil : -$0 }),
      .float64(rows.map { Double($0) / 7 }), .float32(rows.map { $0 % 5 == 0 ? .nan : Float($0) / 3 }),
      .text(rows.map { $0 % 4 == 0 ? nil : $0 % 4 == 1 ? "" : "n\($0) ☉" }),
    ]
  }

  private static func cells(_ rows: Range<Int64>) -> [[Cell]] {
    [
      rows.map { .int(Int64.max - $0) }, rows.map { $0 % 3 == 0 ? .missing : .int(-$0) },
      rows.map { .double(Double($0) / 7) }, rows.map { $0 % 5 == 0 ? .missing : .double(Double(Float($0) / 3)) },
      rows.map { $0 % 4 == 0 ? .missing : $0 % 4 == 1 ? .text("") : .text("n\($0) ☉") },
    ]
  }

  private func source(_ path: String) throws -> TableSource { try TableSource(paths: [path]) }

  @Test(arguments: [1, 7, 100, 1000]) func everyTypeIsReadBackAsItWasWritten(_ rowGroupRows: Int) throws {
    let folder = try Workdir()
    let path = try folder.file("a.parquet")
    let writer = try ParquetWriter(path: path, columns: Self.fields, rowGroupRows: rowGroupRows)
    for batch in [0..<1, 1..<30, 30..<30, 30..<137] as [Range<Int64>] { try writer.append(Self.columns(batch)) }
    #expect(writer.rowCount == 137)
    #expect(!FileManager.default.fileExists(atPath: path))
    try writer.publish()
    #expect(try source(path).everything() == Self.cells(0..<137))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.parquet"])
  }

  @Test func unitsAndUCDsAreInTheFile() throws {
    let folder = try Workdir()
    let path = try folder.file("a.parquet")
    let writer = try ParquetWriter(path: path, columns: Self.fields)
    try writer.append(Self.columns(0..<3))
    try writer.publish()
    let columns = try source(path).columns
    #expect(columns.map(\.name) == Self.fields.map(\.name))
    #expect(columns.map(\.unit) == [nil, nil, "deg", "mag", nil])
    #expect(columns.map(\.ucd) == ["meta.id;meta.main", nil, "pos.eq.ra;meta.main", nil, nil])
    #expect(columns.map(\.description) == ["Größe – ein Name", nil, nil, nil, nil])
    #expect(columns.map(\.isNullable) == [false, true, false, true, true])
    #expect(columns.map(\.type) == [.int64, .int64, .float64, .float32, .text])
  }

  @Test func aFileMayHaveNoRows() throws {
    let folder = try Workdir()
    let path = try folder.file("a.parquet")
    try ParquetWriter(path: path, columns: Self.fields).publish()
    #expect(try source(path).everything() == Array(repeating: [], count: 5))
  }

  @Test func notANumberStaysInAColumnWithoutMissingValues() throws {
    let folder = try Workdir()
    let path = try folder.file("a.parquet")
    let writer = try ParquetWriter(path: path, columns: [TableColumn("x", .float64)])
    try writer.append([.float64([1, .nan, .infinity])])
    try writer.publish()
    let cells = try source(path).everything()[0]
    guard case .double(let value) = cells[1] else {
      Issue.record("\(cells)")
      return
    }
    #expect(value.isNaN && cells[2] == .double(.infinity))
  }

  @Test func aFileOfTheSameNameIsReplacedByACompleteOneOnly() throws {
    let folder = try Workdir()
    let path = try folder.write(Data("old".utf8), to: "a.parquet")
    do {
      let writer = try ParquetWriter(path: path, columns: Self.fields)
      try writer.append(Self.columns(0..<1000))
    }
    #expect(FileManager.default.contents(atPath: path) == Data("old".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.parquet"])
    try ParquetWriter(path: path, columns: Self.fields).publish()
    #expect(try source(path).everything()[0].isEmpty)
  }

  @Test func itsOwnFilesAreToldFromOthers() throws {
    let folder = try Workdir()
    let path = try folder.file("a.parquet")
    let writer = try ParquetWriter(path: path, columns: Self.fields)
    try writer.append(Self.columns(0..<1000))
    try writer.publish()
    #expect(ParquetWriter.hasWritten(path))
    let bytes = try #require(FileManager.default.contents(atPath: path))
    for length in [0, 7, 8, 12, bytes.count / 2, bytes.count - 1] {
      #expect(!ParquetWriter.hasWritten(try folder.write(bytes.prefix(length), to: "b.parquet")), "\(length)")
    }
    let footerless = bytes.dropLast(8) + Data([255, 255, 255, 255]) + Data("PAR1".utf8)
    #expect(!ParquetWriter.hasWritten(try folder.write(footerless, to: "b.parquet")))
    #expect(!ParquetWriter.hasWritten(folder.path) && !ParquetWriter.hasWritten(folder.path + "/absent"))
    let other = folder.path + "/other.parquet"
    try ParquetFixture.write([ParquetColumn("x", .int64([1, 2, 3]))], to: other)
    #expect(!ParquetWriter.hasWritten(other))
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let error = #expect(throws: StoreError.self) {
      try ParquetWriter(path: "/no/such/folder/a.parquet", columns: Self.fields)
    }
    #expect(error?.code == .system)
    #expect(error?.subject.hasPrefix("/no/such/folder/") == true, "\(error!)")
    #expect(error?.message.hasPrefix("cannot be created: ") == true, "\(error!)")
  }

  @Test func aFullDiskIsSaidAndLeavesNothing() throws {
    let folder = try Workdir()
    // The file has been made, and nothing can be written to it.
    defer { fault_disarm() }
    var (error, hit): (StoreError?, String?) = (nil, nil)
    for change in 1...8 where hit != "write" {
      fault_arm(change, 0)
      error = #expect(throws: StoreError.self) {
        let writer = try ParquetWriter(path: folder.path + "/a.parquet", columns: Self.fields)
        try writer.append(Self.columns(0..<1000))
        try writer.publish()
      }
      hit = fault_hit().map { String(cString: $0) }
    }
    #expect(hit == "write")
    #expect(error?.code == .system)
    #expect(error?.message.contains("No space left on device") == true, "\(error!)")
    #expect(error?.message.hasSuffix("; free some space and run the command again") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func whicheverChangeToTheDiskFailsNothingHalfWrittenIsThere() throws {
    for nth in 1... {
      let folder = try Workdir()
      let path = try folder.file("a.parquet")
      fault_arm(nth, 0)
      let result = Result {
        let writer = try ParquetWriter(path: path, columns: Self.fields, rowGroupRows: 50)
        try writer.append(Self.columns(0..<200))
        try writer.publish()
      }
      fault_disarm()
      guard fault_hit() != nil else {
        #expect(nth > 4, "the file was written by fewer changes than it has parts")
        return
      }
      let call = String(cString: fault_hit())
      #expect(throws: StoreError.self, "change \(nth), \(call)") { try result.get() }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "change \(nth), \(call)")
    }
  }
}
