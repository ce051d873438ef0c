import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

@Suite struct TableDoorTests {
  @Test(arguments: ["a.parquet", "b.parq", "c.pq"]) func aFormatIsFoundByTheNameOfTheFile(_ name: String) {
    #expect(TableFormat.of(name)?.name == "Parquet")
  }

  @Test(arguments: ["a.doc", "parquet", "a.parquet.bak", "a.gz", ""]) func otherNamesSayNoFormat(_ name: String) {
    #expect(TableFormat.of(name) == nil)
  }

  @Test(arguments: [
    ("a.csv", "CSV"), ("a.csv.gz", "CSV"), ("a.tsv.bz2", "CSV"), ("a.parquet.zst", "Parquet"),
  ]) func theEndingOfACompressionIsNoneOfTheFormat(_ name: String, _ format: String) {
    #expect(TableFormat.of(name)?.name == format)
  }

  @Test func aFileIsReadByHowItBegins() throws {
    let folder = try Workdir()
    try ParquetFixture.write([ParquetColumn("x", .int64([1, 2, 3]))], to: folder.path("table"))
    let reader = try TableFormat.open(folder.path("table"))
    #expect(reader.rowCount == 3 && reader.columns().map(\.column.name) == ["x"])
    #expect(reader.metadata("no such key") == nil)
  }

  @Test func whatIsNotReadIsRefusedByItsName() throws {
    let folder = try Workdir()
    for (bytes, name) in [("\u{89}HDF\r\n", "HDF5"), ("FEA1xxxx", "Feather version 1"), ("PK\u{3}\u{4}", "ZIP")] {
      let data = Data(bytes.unicodeScalars.map { UInt8($0.value) })
      let path = try folder.write(data, to: "x.csv")
      let error = formatError { _ = try TableSource(paths: [path]) }
      #expect(error?.code == .otherFormat && error?.message.contains(name) == true, "\(String(describing: error))")
      #expect(error?.message.contains("Parquet") == true && error?.message.contains("CSV") == true)
    }
  }

  @Test func aCompressedParquetFileIsReadFromACopy() throws {
    let folder = try Workdir()
    try ParquetFixture.write([ParquetColumn("x", .int64([1, 2, 3]))], to: folder.path("table"))
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/gzip")
    gzip.arguments = [folder.path("table")]
    try gzip.run()
    gzip.waitUntilExit()
    #expect(try TableSource(paths: [folder.path("table.gz")]).everything() == [[.int(1), .int(2), .int(3)]])
  }

  @Test func whatOneDoorLendsTheOtherTakes() throws {
    let folder = try Workdir()
    let (first, second) = (folder.path("a.parquet"), folder.path("b.parquet"))
    try ParquetFixture.write(
      [
        ParquetColumn("i", .int64([1, nil, -3])), ParquetColumn("u", .uint64([.max, nil, 0])),
        ParquetColumn("d", .double([0.1, nil, -.infinity])), ParquetColumn("f", .float([0.1, nil, 3])),
        ParquetColumn("b", .bool([true, nil, false])), ParquetColumn("t", .string(["é", nil, ""])),
        ParquetColumn("y", .binary([[0, 255], nil, []])),
      ], to: first)
    let source = try TableSource(paths: [first])
    let writer: any TableWriter = try ParquetWriter(path: second, columns: source.columns)
    try source.forEachBatch(batchRows: 2) { try writer.append(rows: $0.rowCount, $0.columns) }
    try writer.publish()
    let copy = try TableSource(paths: [second])
    #expect(writer.rowCount == 3 && copy.columns.map(\.type) == source.columns.map(\.type))
    #expect(try copy.everything() == source.everything())
  }
}
