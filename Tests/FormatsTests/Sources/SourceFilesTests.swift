import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

/// Several files, directories and HATS trees as one source.
struct SourceFilesTests {
  private func write(_ ids: [Int64], _ scratch: Workdir, _ name: String) throws {
    try ParquetFixture.write([ParquetColumn("id", .int64(ids.map { $0 }))], to: try scratch.file(name))
  }

  @Test func directoryIsReadInTheOrderOfNames() throws {
    let scratch = try Workdir()
    try write([3], scratch, "cat/b.parquet")
    try write([1, 2], scratch, "cat/a.parquet")
    try write([4], scratch, "cat/deep/er/c.parq")
    for junk in ["_metadata", "_common_metadata", ".hidden.parquet", "readme.txt", "_x.parquet"] {
      _ = try scratch.write(Data("junk".utf8), to: "cat/" + junk)
    }
    let source = try TableSource(paths: [scratch.path + "/cat/"])
    #expect(source.files.map(\.firstRow) == [0, 2, 3])
    #expect(try source.everything() == [[.int(1), .int(2), .int(3), .int(4)]])
    var firsts: [Int64] = []
    var inFile: [Int64] = []
    try source.forEachBatch(batchRows: 1) { batch in
      firsts.append(batch.firstRow)
      inFile.append(batch.firstRowInFile)
    }
    #expect(firsts == [0, 1, 2, 3])
    #expect(inFile == [0, 1, 0, 0])
    var some: [Int64] = []
    try source.forEachBatch(files: 1..<2) { some.append($0.firstRow) }
    #expect(some == [2])
  }

  @Test func filesAreReadInTheOrderGiven() throws {
    let scratch = try Workdir()
    try write([1], scratch, "a.parquet")
    try write([2], scratch, "b.parquet")
    let source = try TableSource(paths: [scratch.path + "/b.parquet", scratch.path + "/a.parquet"])
    #expect(try source.everything() == [[.int(2), .int(1)]])
  }

  @Test func hatsCollectionStandsForItsPrimaryTable() throws {
    let scratch = try Workdir()
    try write([1], scratch, "all/gaia/dataset/Norder=0/Dir=0/Npix=1.parquet")
    try write([9], scratch, "all/gaia_margin/dataset/Norder=0/Dir=0/Npix=1.parquet")
    for name in ["gaia", "gaia_margin"] { _ = try scratch.write(Data("x=1".utf8), to: "all/\(name)/properties") }
    _ = try scratch.write(
      Data("#HATS\nhats_primary_table_url = gaia \nall_margins=gaia_margin\n".utf8), to: "all/collection.properties")
    #expect(try TableSource(paths: [scratch.path + "/all"]).everything() == [[.int(1)]])
    _ = try scratch.write(Data("all_margins=gaia_margin\n".utf8), to: "all/collection.properties")
    #expect(formatError { _ = try TableSource(paths: [scratch.path + "/all"]) }?.code == .damaged)
  }

  @Test func oneFileGivenTwiceIsRefused() throws {
    let scratch = try Workdir()
    try write([1], scratch, "a.parquet")
    let error = formatError { _ = try TableSource(paths: [scratch.path, scratch.path + "/a.parquet"]) }
    #expect(error?.code == .usage)
    #expect(error?.message.contains("twice") == true)
  }

  @Test func directoryWithoutParquetIsRefused() throws {
    let scratch = try Workdir()
    _ = try scratch.write(Data("x".utf8), to: "readme.txt")
    #expect(formatError { _ = try TableSource(paths: [scratch.path]) }?.code == .empty)
    #expect(formatError { _ = try TableSource(paths: []) }?.code == .usage)
    let missing = formatError { _ = try TableSource(paths: [scratch.path + "/nothing"]) }
    #expect(missing?.code == .notReadable)
    #expect(missing?.subject == scratch.path + "/nothing")
  }

  @Test func narrowAndWideIntegersAreTheSameColumn() throws {
    let scratch = try Workdir()
    try ParquetFixture.write([ParquetColumn("n", .int16([1]))], to: try scratch.file("a.parquet"))
    try ParquetFixture.write([ParquetColumn("n", .int64([2]))], to: try scratch.file("b.parquet"))
    #expect(try TableSource(paths: [scratch.path]).everything() == [[.int(1), .int(2)]])
  }

  @Test func nestedColumnsAreRefusedByName() throws {
    let scratch = try Workdir()
    try ParquetFixture.write(
      [ParquetColumn("a", .int64([1])), ParquetColumn("fluxes", .list([2])), ParquetColumn("s", .structure([3]))],
      to: try scratch.file("a.parquet"))
    let error = formatError { _ = try TableSource(paths: [scratch.path]) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("'fluxes' (list<") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("--exclude fluxes --exclude s") == true)
    #expect(try TableSource(paths: [scratch.path], excluding: ["fluxes", "s"]).columns.map(\.name) == ["a"])
    let wrong = formatError { _ = try TableSource(paths: [scratch.path], excluding: ["flux"]) }
    #expect(wrong?.code == .usage)
    #expect(wrong?.description.contains("a, fluxes, s") == true)
  }
}
