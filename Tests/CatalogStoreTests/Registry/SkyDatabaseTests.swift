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
    for name in ["registry.draft", ".xmdb-0123abcd-0123456789abcdef.draft", "registry.draft-journal"] {
      try workdir.write(Data("garbage".utf8), to: "half/" + name)
    }
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

  @Test func theNextWriterClearsWhatTheRegistryHasForgottenAndNothingElse() throws {
    try database.writableRegistry().publish(SampleCatalogue.info("gaia", number: 3), coverage: SampleCatalogue.coverage)
    let gaia = try database.registry().catalogue("gaia")
    let run = try database.writableRegistry().beginRun(
      gaia, gaia, fingerprint: "r", configuration: "", program: "", now: "")
    let forgotten = try database.writableRegistry().beginRun(
      gaia, gaia, fingerprint: "s", configuration: "", program: "", now: "")
    try database.writableRegistry().removeRun(forgotten)
    try database.writableRegistry().expect(folder: "catalogues/wise/1")
    let shard = "Norder=3/Npix=17.sqlite"
    let kept = [
      "catalogues/gaia/3/\(shard)", "runs/\(run)/\(shard)", "runs/\(forgotten)/notes.txt",
      "runs/\(forgotten)/Norder=3/Npix=17.csv", "runs/\(forgotten)/Norder=3/Npix=017.sqlite", "runs/99/\(shard)",
      "catalogues/gaia/4/\(shard)", "catalogues/wise/2/\(shard)", "staging/mine/data", "staging/data.csv",
    ]
    let stray = [
      "catalogues/wise/1/\(shard)", "catalogues/wise/1/problems.sqlite", "runs/\(forgotten)/\(shard)",
      "runs/\(forgotten)/counts/Norder=3/Npix=17.counts", "runs/\(forgotten)/plan.registry",
      "runs/\(forgotten)/status.json", "staging/run-0.keys", "staging/generation/\(shard)", "staging/ids-63",
    ]
    for path in kept + stray { try workdir.write(Data("x".utf8), to: "sky.xmdb/" + path) }
    // A reader believes the registry alone, so what lies beside it does no harm.
    #expect(try database.registry().catalogueNames() == ["gaia"])
    let lock = try database.lockForWriting()
    for path in kept { #expect(FileSystem.exists(database.path + "/" + path), "\(path)") }
    for path in stray { #expect(!FileSystem.exists(database.path + "/" + path), "\(path)") }
    #expect(!FileSystem.exists(database.path + "/catalogues/wise/1"))
    #expect(!FileSystem.exists(database.path + "/runs/\(forgotten)/counts"))
    #expect(try database.registry().leftovers().isEmpty)
    withExtendedLifetime(lock) {}
  }

  /// Whatever was there before, of this database or not, a new folder is one that nothing is in.
  @Test func numbersOfFoldersThatAreThereAreNotGivenAgain() throws {
    for path in ["runs/41/x", "catalogues/gaia/6/x", "runs/notes/x", "runs/0099/x"] {
      try workdir.write(Data("x".utf8), to: "sky.xmdb/" + path)
    }
    let registry = try database.writableRegistry()
    #expect(try registry.nextNumber(of: "gaia") == 7)
    #expect(try registry.nextNumber(of: "wise") == 1)
    try registry.publish(SampleCatalogue.info("gaia", number: 7), coverage: SampleCatalogue.coverage)
    let gaia = try registry.catalogue("gaia")
    #expect(
      try registry.beginRun(gaia, gaia, fingerprint: "r", configuration: "", program: "", now: "") == 42)
  }

  // MARK: Folders of other people

  @Test(arguments: [
    "notes.txt", ".git/config", "runs/1/data", "catalogues/gaia/1/x.sqlite", "staging/x", "writer.lock",
  ])
  func aFolderThatHoldsAnythingElseIsNotMadeADatabase(_ name: String) throws {
    let path = workdir.path("project")
    try workdir.write(Data("mine".utf8), to: "project/" + name)
    let error = try #require(throws: StoreError.self) { try SkyDatabase.openOrCreate(at: path) }
    #expect(error.code == .usage && error.description.contains("is not empty") && error.description.contains("--db"))
    #expect(FileSystem.list(path).count == 1)
    #expect(try String(contentsOfFile: path + "/" + name, encoding: .utf8) == "mine")
  }

  @Test func whatAPersonPreparesIsAllowedInANewDatabase() throws {
    try workdir.write(Data("pairs: []".utf8), to: "new/project.yaml")
    try FileSystem.createDirectories(workdir.path("disk"))
    try FileManager.default.createSymbolicLink(
      atPath: workdir.path("new/runs"), withDestinationPath: workdir.path("disk"))
    _ = try SkyDatabase.openOrCreate(at: workdir.path("new"))
  }

  @Test func aRegistryOfAnotherProgramIsLeftAlone() throws {
    let path = try workdir.write(Data(), to: "other/registry.sqlite")
    try Connection(path: path, mode: .readWrite).execute(
      "CREATE TABLE run (x); PRAGMA user_version=3; INSERT INTO run VALUES (1)")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    for attempt in [
      { _ = try SkyDatabase.open(at: workdir.path("other")) },
      { _ = try SkyDatabase.openOrCreate(at: workdir.path("other"), locks: .file) },
    ] {
      let error = try #require(throws: StoreError.self, performing: attempt)
      #expect(error.code == .usage && error.description.contains("another program"), "\(error)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(!FileSystem.exists(workdir.path("other/registry.sqlite-journal")))
  }

  /// Registries from before there was a mark are known by their tables, and get it.
  @Test func anOlderRegistryIsKnownByItsTables() throws {
    let path = workdir.path("old")
    try FileSystem.createDirectories(path)
    let connection = try Connection(path: path + "/registry.sqlite", mode: .create)
    try Migration.apply(Migration.registry.filter { $0.number < 8 }, to: connection)
    try connection.execute(
      """
      INSERT INTO generation (catalogue, number, created, program, inputs_fingerprint, options, input_rows, rows,
        problem_rows, duplicate_ids, null_ids, frame, largest_sigma_arcsec, largest_pm_mas_yr, largest_sigma_pm_mas_yr,
        known_motions, layout, retired) VALUES ('gaia', 3, '', '', '', '', 0, 0, 0, 0, 0, '', 0, 0, 0, 0, '', 1)
      """)
    _ = try SkyDatabase.open(at: path).writableRegistry()
    let mark = try Connection(path: path + "/registry.sqlite", mode: .readOnly).prepare("PRAGMA application_id")
    #expect(try mark.step() && mark.int64(0) == RegistryMark.applicationID)
    #expect(try SkyDatabase.open(at: path).registry().leftovers() == ["catalogues/gaia/3"])
  }

  @Test func behindALinkOnlyWhatIsKnownIsTakenForOurs() throws {
    try workdir.write(Data("mine".utf8), to: "disk/7/Norder=0/Npix=1.sqlite")
    try FileManager.default.createSymbolicLink(
      atPath: database.path + "/runs", withDestinationPath: workdir.path("disk"))
    try database.writableRegistry().expect(folder: "runs/3")
    for attempt in [{ _ = try database.lockForWriting() }, { _ = try database.writableFolder("runs") }] {
      let error = try #require(throws: StoreError.self, performing: attempt)
      #expect(error.code == .usage && error.description.contains("which holds 7"), "\(error)")
    }
    #expect(FileSystem.exists(workdir.path("disk/7/Norder=0/Npix=1.sqlite")))
    // Once the registry knows it, it is ours.
    try database.writableRegistry().expect(folder: "runs/7")
    _ = try database.lockForWriting()
    #expect(FileSystem.list(workdir.path("disk")) == [])
    #expect(FileSystem.exists(database.path + "/runs"))
  }

  @Test func linksBelowAreNeverFollowed() throws {
    try workdir.write(Data("mine".utf8), to: "disk/Npix=1.sqlite")
    try FileSystem.createDirectories(database.path + "/runs/3")
    for (place, target) in [("runs/3/Norder=0", "disk"), ("runs/3/flights", "disk/Npix=1.sqlite"), ("staging", "disk")]
    {
      try FileManager.default.createSymbolicLink(
        atPath: database.path + "/" + place, withDestinationPath: workdir.path(target))
    }
    try FileSystem.createDirectories(database.path + "/catalogues")
    try FileManager.default.createSymbolicLink(
      atPath: database.path + "/catalogues/gaia", withDestinationPath: workdir.path("disk"))
    for folder in ["runs/3", "catalogues/gaia/1", "catalogues/../disk", "runs/../../disk"] {
      try database.writableRegistry().expect(folder: folder)
    }
    let lock = try database.lockForWriting()
    #expect(FileSystem.list(workdir.path("disk")) == ["Npix=1.sqlite"])
    #expect(throws: StoreError.self) { try database.makeFolder(ofGeneration: "catalogues/gaia/2", holding: lock) }
    #expect(throws: StoreError.self) { try database.makeStaging(holding: lock) }
  }

  @Test func nothingIsClearedWhileAnotherWrites() throws {
    let lock = try WriterLock(folder: database.path)
    try workdir.write(Data("x".utf8), to: "sky.xmdb/staging/ids-1")
    #expect(try #require(throws: StoreError.self) { try database.lockForWriting() }.code == .busy)
    #expect(FileSystem.exists(database.stagingPath + "/ids-1"))
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
