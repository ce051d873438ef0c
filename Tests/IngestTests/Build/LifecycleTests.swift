import CatalogStore
import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// Catalogues come, are found again, are replaced.
@Suite struct LifecycleTests {
  private func table(_ rows: Int, seed: UInt64) -> [ParquetColumn] {
    var rng = SplitMix64(seed: seed)
    return SampleTable.plain(.cap(rows, raDegrees: 10, decDegrees: 20, radiusDegrees: 1, using: &rng))
  }

  @Test func theSameFileAgainIsNoWork() throws {
    let lab = try IngestLab()
    let path = try lab.write(table(300, seed: 1))
    let first = try lab.ingest([path])
    let files = try listing(lab)
    // Neither the size of shards, nor threads, nor the time of the file shape the result.
    try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
    let second = try lab.ingest([path]) {
      $0.shardBytes = 20_000
      $0.threads = 2
    }
    #expect(!first.wasThere && second.wasThere)
    #expect(second.catalogue.generation == first.catalogue.generation)
    #expect(try listing(lab) == files)
  }

  @Test func aChangedFileOrOtherOptionsAreRefusedWithoutReplace() throws {
    let lab = try IngestLab()
    let path = try lab.write(table(300, seed: 1))
    try lab.ingest([path])
    let before = try lab.contents()
    for change in [
      { $0.epochYears = 2015.5 }, { $0.mappings = ["sigma=0.2:arcsec"] }, { $0.excluding = ["source_id"] },
    ] as [(inout IngestOptions) -> Void] {
      let error = try #require(throws: StoreError.self) { try lab.ingest([path], change) }
      #expect(error.code == .usage && error.description.contains("--replace") && error.description.contains("--as"))
    }
    try lab.write(table(300, seed: 2))
    #expect(throws: StoreError.self) { try lab.ingest([path]) }
    #expect(try lab.contents() == before)
  }

  @Test func replacingMakesANewGenerationAndTakesTheOldFilesAway() throws {
    let lab = try IngestLab()
    let path = try lab.write(table(3000, seed: 1))
    try lab.ingest([path]) { $0.shardBytes = 50_000 }
    try lab.ingest([path], as: "other")
    try lab.write(table(500, seed: 2))
    let info = try lab.ingest([path]) { $0.replace = true }.catalogue
    #expect(info.number == 2 && info.rows == 500)
    #expect(try lab.contents().count == 500)
    #expect(FileSystem.list(lab.database.path + "/catalogues/c") == ["2"])
    #expect(FileSystem.list(lab.database.path + "/catalogues/other") == ["1"])
    #expect(try lab.contents("other").count == 3000)
    #expect(!FileSystem.exists(lab.database.stagingPath))
    #expect(try lab.ingest([path]) { $0.replace = true }.catalogue.number == 3)
    #expect(FileSystem.list(lab.database.path + "/catalogues/c") == ["3"])
  }

  @Test func oneFileMayBeTwoCatalogues() throws {
    let lab = try IngestLab()
    let path = try lab.write(table(100, seed: 3))
    try lab.ingest([path], as: "a")
    #expect(try !lab.ingest([path], as: "b").wasThere)
    #expect(try lab.contents("a") == lab.contents("b"))
    #expect(try lab.database.registry().catalogueNames() == ["a", "b"])
  }

  @Test(arguments: [
    "", "a/b", "..", "sqlite_x", "xm_x", "xmatch", "é", String(repeating: "a", count: 49),
  ])
  func namesThatAreNoTablesOrFoldersAreRefused(name: String) throws {
    let lab = try IngestLab()
    let path = try lab.write(table(1, seed: 1))
    let error = try #require(throws: StoreError.self) { try lab.ingest([path], as: name) }
    #expect(error.code == .usage && error.description.contains("--as NAME"))
  }

  @Test(arguments: [
    ("Gaia DR3.parquet", "gaia_dr3"), ("2mass.parquet", "t_2mass"), ("a.b.parquet", "a"), ("Ü.parquet", "t__"),
  ])
  func aNameIsTakenFromTheFile(file: String, name: String) throws {
    let lab = try IngestLab()
    var options = IngestOptions(paths: [try lab.write(table(1, seed: 1), to: file)])
    options.name = nil
    #expect(try IngestDriver(plan: IngestPlan(options)).run(into: lab.database).catalogue.name == name)
  }

  @Test func constantsStandForColumns() throws {
    let lab = try IngestLab()
    let columns = Array(table(50, seed: 5).prefix(3))
    let path = try lab.write(columns)
    #expect(throws: IngestError.self) { try lab.ingest([path]) }
    let info = try lab.ingest([path]) { $0.mappings = ["sigma=250:mas", "epoch=1991.25"] }.catalogue
    #expect(
      abs(info.largestSigmaArcsec - 0.25) < 1e-15 && info.epochYears == 1991.25 && info.epochRange == 1991.25...1991.25)
    let sources = try CatalogueReader(database: lab.database, info: info).sources(in: .wholeSky)
    #expect(sources.varianceX.allSatisfy { abs($0 - 0.0625) < 1e-15 })
    #expect(info.roles.first { $0.role == "sigma" }?.constant == 250)
  }

  @Test func progressGoesForwardToTheEnd() throws {
    let lab = try IngestLab()
    let path = try lab.write(table(3000, seed: 6))
    let seen = Guarded<[String]>([])
    var options = IngestOptions(paths: [path])
    options.shardBytes = 50_000
    _ = try IngestDriver(plan: IngestPlan(options)).run(into: lab.database) { progress in
      seen.withLock { $0.append("\(progress)") }
    }
    let lines = seen.withLock { $0 }
    #expect(lines.first?.contains("fingerprinting") == true)
    #expect(lines.contains { $0.contains("reading(rows: 3000, of: 3000)") })
    let shards = try lab.database.registry().catalogue("c").shards.count
    #expect(lines.last?.contains("writing(shards: \(shards), of: \(shards))") == true)
  }

  @Test func aFileThatShrinksBetweenPlanAndReadIsAnError() throws {
    let lab = try IngestLab()
    let path = try lab.write(table(300, seed: 1))
    let plan = try IngestPlan(IngestOptions(paths: [path]))
    try lab.write(table(200, seed: 1))
    #expect(throws: FormatError.self) { try IngestDriver(plan: plan).run(into: lab.database) }
    #expect(try lab.database.registry().catalogueNames() == [])
    #expect(FileSystem.list(lab.database.path) == ["catalogues", "readers.lock", "registry.sqlite", "writer.lock"])
    #expect(FileSystem.list(lab.database.path + "/catalogues") == [])
  }

  /// All its files are in place, but the process died before the registry learned of it.
  @Test func aGenerationThatWasNeverRecordedIsHarmlessAndCleared() throws {
    let lab = try IngestLab()
    let path = try lab.write(table(300, seed: 1))
    try lab.ingest([path])
    let before = try lab.contents()
    let folder = lab.database.path + "/catalogues/c"
    try lab.database.writableRegistry().expect(folder: "catalogues/c/2")
    try FileManager.default.copyItem(atPath: folder + "/1", toPath: folder + "/2")
    try lab.workdir.write(Data("half".utf8), to: "sky.xmdb/staging/generation/Norder=0/Npix=0.sqlite")
    #expect(try lab.contents() == before)
    try lab.write(table(200, seed: 2))
    let info = try lab.ingest([path]) { $0.replace = true }.catalogue
    #expect(info.number == 2 && info.rows == 200)
    #expect(try lab.contents().count == 200)
    #expect(FileSystem.list(folder) == ["2"] && !FileSystem.exists(lab.database.stagingPath))
  }

  @Test func aWriterAtWorkKeepsOthersOut() throws {
    let lab = try IngestLab()
    let path = try lab.write(table(10, seed: 1))
    let lock = try lab.database.lockForWriting()
    let error = try #require(throws: StoreError.self) { try lab.ingest([path]) }
    #expect(error.code == .busy)
    withExtendedLifetime(lock) {}
  }

  private func listing(_ lab: IngestLab) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: lab.database.path).sorted()
  }
}
