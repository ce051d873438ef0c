import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

/// A HATS folder is read by its own rules, and folders that divide data sets make columns.
struct HatsTests {
  private func write(_ ids: [Int64], _ scratch: Workdir, _ name: String, _ more: [ParquetColumn] = []) throws {
    try ParquetFixture.write([ParquetColumn("id", .int64(ids.map { $0 }))] + more, to: try scratch.file(name))
  }

  /// Three pixels, one of them a folder of files, and what is no data.
  private func catalogue(rows: String = "4", list: String? = "Norder,Npix\n0,1\n1,7\n1,8\n") throws -> Workdir {
    let scratch = try Workdir()
    try write([1], scratch, "cat/dataset/Norder=0/Dir=0/Npix=1.parquet")
    try write([2], scratch, "cat/dataset/Norder=1/Dir=0/Npix=7.parquet")
    try write([3], scratch, "cat/dataset/Norder=1/Dir=0/Npix=8/part0.parquet")
    try write([4], scratch, "cat/dataset/Norder=1/Dir=0/Npix=8/part1.parquet")
    for name in ["dataset/data_thumbnail.parquet", "dataset/_metadata", "data_thumbnail.parquet", "x.parquet"] {
      try write([9], scratch, "cat/" + name)
    }
    _ = try scratch.write(Data("obs_collection=cat\nhats_nrows=\(rows)\n".utf8), to: "cat/hats.properties")
    if let list { _ = try scratch.write(Data(list.utf8), to: "cat/partition_info.csv") }
    return scratch
  }

  @Test func onlyTheFilesOfPixelsAreData() throws {
    let scratch = try catalogue()
    let whole = [[Cell.int(1), .int(2), .int(3), .int(4)]]
    // Also when the folder above, or the data alone, is named.
    for path in ["/cat", "/cat/", "", "/cat/dataset"] {
      let source = try TableSource(paths: [scratch.path + path])
      #expect(try source.everything() == whole, "\(path)")
      #expect(source.columns.map(\.name) == ["id"])
      #expect(source.notes.contains { $0.contains("HATS") && $0.contains("Norder, Dir and Npix") })
    }
  }

  @Test func theOlderPlacesOfFilesAreKnown() throws {
    let scratch = try Workdir()
    try write([1], scratch, "old/Norder=0/Dir=0/Npix=1.parquet")
    try write([9], scratch, "old/thumbnail.parquet")
    #expect(try TableSource(paths: [scratch.path + "/old"]).everything() == [[.int(1)]])
  }

  @Test func numberOfRowsIsCompared() throws {
    let scratch = try catalogue(rows: "5")
    let error = formatError { _ = try TableSource(paths: [scratch.path + "/cat"]) }
    #expect(error?.code == .damaged && error?.subject.hasSuffix("cat/hats.properties") == true)
    #expect(error?.message.contains("hats_nrows = 5, but the files hold 4 rows") == true, "\(error?.message ?? "")")
    let odd = try catalogue(rows: "many")
    #expect(formatError { _ = try TableSource(paths: [odd.path + "/cat"]) }?.code == .damaged)
  }

  @Test func listOfPixelsIsCompared() throws {
    let more = try catalogue(list: "Norder,Dir,Npix\n0,0,1\n1,0,7\n1,0,8\n1,0,44\n1,0,45\n")
    let missing = formatError { _ = try TableSource(paths: [more.path + "/cat"]) }
    #expect(
      missing?.code == .damaged && missing?.message.contains("2 have no file here, such as Norder=1, Npix=44") == true)
    let fewer = try catalogue(list: "Norder,Npix\n0,1\n1,8\n")
    let extra = formatError { _ = try TableSource(paths: [fewer.path + "/cat"]) }
    #expect(extra?.message.contains("does not list Norder=1, Npix=7") == true, "\(extra?.message ?? "")")
    for text in ["", "a,b\n1,2\n", "Norder,Npix\n0,x\n", "Norder,Npix\n0\n"] {
      let broken = try catalogue(list: text)
      #expect(formatError { _ = try TableSource(paths: [broken.path + "/cat"]) }?.code == .damaged, "\(text)")
    }
    let unlisted = try catalogue(list: nil)
    #expect(try TableSource(paths: [unlisted.path + "/cat"]).rowCount == 4)
  }

  @Test func folderOfSeveralCataloguesIsRefused() throws {
    let scratch = try catalogue()
    try write([9], scratch, "other/x.parquet")
    let error = formatError { _ = try TableSource(paths: [scratch.path]) }
    #expect(error?.code == .usage && error?.message.contains("/cat") == true, "\(error?.message ?? "")")
  }

  @Test func foldersNamedLikeValuesAreColumns() throws {
    let scratch = try Workdir()
    try write([1], scratch, "d/year=2015/band=g%20r/x.parquet")
    try write([2], scratch, "d/year=2016/band=__HIVE_DEFAULT_PARTITION__/x.parquet")
    try write([3], scratch, "d/plain/x.parquet")
    let source = try TableSource(paths: [scratch.path + "/d"])
    #expect(source.columns.map(\.name) == ["id", "year", "band"])
    #expect(source.columns.map(\.type) == [.int64, .int64, .text])
    #expect(
      try source.everything() == [
        [.int(3), .int(1), .int(2)], [.missing, .int(2015), .int(2016)], [.missing, .text("g r"), .missing],
      ])
    #expect(try source.everything(columns: [1]) == [[.missing, .int(2015), .int(2016)]])
    #expect(try TableSource(paths: [scratch.path + "/d"], excluding: ["year", "band"]).columns.map(\.name) == ["id"])
  }

  @Test func columnOfTheFileWinsOverTheNameOfItsFolder() throws {
    let scratch = try Workdir()
    try write([1], scratch, "d/Band=g/part=007/x.parquet", [ParquetColumn("band", .string(["r"]))])
    let source = try TableSource(paths: [scratch.path + "/d"])
    #expect(source.columns.map(\.name) == ["id", "band", "part"])
    #expect(try source.everything() == [[.int(1)], [.text("r")], [.text("007")]])
  }

  @Test func linksThatLeadBackAreRefused() throws {
    let scratch = try Workdir()
    try write([1], scratch, "d/x.parquet")
    for name in ["a", "b"] {
      try FileManager.default.createSymbolicLink(
        atPath: scratch.path + "/d/" + name, withDestinationPath: scratch.path + "/d")
    }
    let error = formatError { _ = try TableSource(paths: [scratch.path]) }
    #expect(error?.code == .usage && error?.message.contains("there twice") == true, "\(error?.message ?? "")")
  }

  @Test func fileThatCannotBeReachedIsNotPassedOver() throws {
    let scratch = try Workdir()
    try write([1], scratch, "d/x.parquet")
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/d/y.parquet", withDestinationPath: "nowhere")
    #expect(formatError { _ = try TableSource(paths: [scratch.path]) }?.subject.hasSuffix("/d/y.parquet") == true)
  }

  @Test func nameThatIsNoTextIsNotPassedOver() throws {
    let scratch = try Workdir()
    try write([1], scratch, "d/x.parquet")
    let name: [CChar] = Array((scratch.path + "/d/").utf8CString.dropLast()) + [-1] + Array(".parquet".utf8CString)
    #expect(rename(scratch.path + "/d/x.parquet", name) == 0)
    try write([2], scratch, "d/y.parquet")
    let error = formatError { _ = try TableSource(paths: [scratch.path]) }
    #expect(error?.code == .notReadable && error?.message.contains("not UTF-8") == true, "\(error?.message ?? "")")
  }
}
