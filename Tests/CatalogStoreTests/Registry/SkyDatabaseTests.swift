import CSQLiteBoot
import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct SkyDatabaseTests {
  let workdir: Workdir
  let database: SkyDatabase

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky.xmdb"))
  }

  @Test func aNewDatabaseHasARegistryAndNoDrafts() throws {
    #expect(FileSystem.list(database.path) == ["readers.lock", "registry.sqlite", "writer.lock"])
    #expect(try database.registry().catalogueNames() == [])
    _ = try SkyDatabase.openOrCreate(at: database.path)
  }

  @Test func openingDoesNotMakeADatabase() throws {
    let error = try #require(throws: StoreError.self) { try SkyDatabase.open(at: workdir.path("none")) }
    #expect(error.code == .usage && error.description.contains("xmdb ingest"))
    #expect(!FileSystem.exists(workdir.path("none")))
  }

  @Test func whatAKilledCreationLeavesIsNoDatabaseAndInNobodysWay() throws {
    let path = workdir.path("half")
    try workdir.write(Data("garbage".utf8), to: "half/registry.draft")
    #expect(throws: StoreError.self) { try SkyDatabase.open(at: path) }
    let database = try SkyDatabase.openOrCreate(at: path)
    #expect(FileSystem.list(path) == ["readers.lock", "registry.sqlite", "writer.lock"])
    #expect(try database.registry().catalogueNames() == [])
  }

  /// An emptied registry must not pass for a new one: the next writer would clear every catalogue away.
  @Test func anEmptyRegistryIsDamagedAndClearsNothing() throws {
    try workdir.write(Data("shard".utf8), to: "sky.xmdb/catalogues/gaia/1/x.sqlite")
    try Data().write(to: URL(fileURLWithPath: database.registryPath))
    for attempt in [
      { _ = try SkyDatabase.open(at: database.path) }, { _ = try SkyDatabase.openOrCreate(at: database.path) },
      { _ = try database.lockForWriting() }, { _ = try database.writableRegistry() },
    ] {
      let error = try #require(throws: StoreError.self, performing: attempt)
      #expect(error.code == .damaged)
    }
    #expect(FileSystem.exists(database.path + "/catalogues/gaia/1/x.sqlite"))
  }

  @Test func aFileThatIsNoRegistryIsDamaged() throws {
    try Data("This is not a database, but it is long enough to look at. ".utf8).write(
      to: URL(fileURLWithPath: database.registryPath))
    #expect(try #require(throws: StoreError.self) { try SkyDatabase.open(at: database.path) }.code == .damaged)
  }

  @Test func theNextWriterClearsWhatTheRegistryDoesNotName() throws {
    try database.writableRegistry().publish(SampleCatalogue.info("gaia", number: 3), coverage: SampleCatalogue.coverage)
    let gaia = try database.registry().catalogue("gaia")
    let run = try database.writableRegistry().beginRun(
      gaia, gaia, fingerprint: "r", configuration: "", program: "", now: "")
    let kept = ["catalogues/gaia/3/x.sqlite", "runs/\(run)/x.sqlite"]
    let stray = ["catalogues/gaia/4/x", "catalogues/gaia/2/x", "catalogues/wise/1/deep/x", "runs/99/x", "staging/a/b"]
    for path in kept + stray { try workdir.write(Data("x".utf8), to: "sky.xmdb/" + path) }
    // A reader believes the registry alone, so what lies beside it does no harm.
    #expect(try database.registry().catalogueNames() == ["gaia"])
    let lock = try database.lockForWriting()
    for path in kept { #expect(FileSystem.exists(database.path + "/" + path), "\(path)") }
    for path in stray { #expect(!FileSystem.exists(database.path + "/" + path), "\(path)") }
    #expect(!FileSystem.exists(database.stagingPath))
    withExtendedLifetime(lock) {}
  }

  @Test func nothingIsClearedWhileAnotherWrites() throws {
    let lock = try WriterLock(folder: database.path)
    try workdir.write(Data("x".utf8), to: "sky.xmdb/staging/x")
    #expect(try #require(throws: StoreError.self) { try database.lockForWriting() }.code == .busy)
    #expect(FileSystem.exists(database.stagingPath + "/x"))
    withExtendedLifetime(lock) {}
  }

  /// A process killed in mid-commit leaves a hot journal. Opening for reading alone may not roll it back.
  @Test func aCommitThatWasKilledIsTakenBackByWhoeverOpensNext() throws {
    try database.writableRegistry().publish(SampleCatalogue.info("gaia"), coverage: SampleCatalogue.coverage)
    for attempt in 0..<2 {
      let copy = SkyDatabase(path: workdir.path("copy-\(attempt)"))
      try FileSystem.createDirectories(copy.path)
      try copyInMidTransaction(to: copy)
      if attempt == 0 {
        #expect(try SkyDatabase.open(at: copy.path).registry().catalogue("gaia").number == 1)
      } else {
        let lock = try copy.lockForWriting()
        #expect(try copy.registry().catalogue("gaia").shards.count == 3)
        withExtendedLifetime(lock) {}
      }
      #expect(!FileSystem.exists(copy.registryPath + "-journal"))
    }
  }

  private func copyInMidTransaction(to copy: SkyDatabase) throws {
    let connection = try Connection(path: database.registryPath, mode: .readWrite)
    // A cache of one page makes SQLite write into the file before the commit, after syncing the journal.
    try connection.execute(
      "PRAGMA cache_size=1; BEGIN IMMEDIATE; DELETE FROM shard; DELETE FROM \"column\"; DELETE FROM role")
    try connection.execute("UPDATE generation SET number = 77, options = hex(zeroblob(100000))")
    for suffix in ["", "-journal"] {
      try FileManager.default.copyItem(atPath: database.registryPath + suffix, toPath: copy.registryPath + suffix)
    }
    #expect((FileSystem.size(copy.registryPath + "-journal") ?? 0) > 512)
    try connection.execute("ROLLBACK")
  }
}
