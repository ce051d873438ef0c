import CSQLiteBoot
import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// A registry without locks: writers by their owner file, readers by copies.
@Suite struct LocklessTests {
  private let workdir: Workdir
  private let database: SkyDatabase

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky.xmdb"), locks: .file)
    try publish(number: 1)
  }

  private func publish(number: Int) throws {
    let lock = try database.lockForWriting()
    let info = SampleCatalogue.info("gaia", number: number)
    try database.writableRegistry().publish(info, coverage: SampleCatalogue.coverage)
    withExtendedLifetime(lock) {}
  }

  private func pretendOwner(_ host: String) throws {
    let mine = Owner.thisProcess()
    let owner = Owner(
      host: host, machine: mine.machine, boot: mine.boot, namespace: mine.namespace, pid: mine.pid,
      started: mine.started, since: mine.since, command: mine.command)
    try workdir.write(Data(owner.text.utf8), to: "sky.xmdb/writer.owner")
  }

  @Test func whatIsWrittenIsRead() throws {
    #expect(try database.registry().catalogue("gaia").number == 1)
    let earlier = try database.registry()
    try publish(number: 2)
    #expect(try database.registry().catalogue("gaia").number == 2)
    // A copy stays as it was.
    #expect(try earlier.catalogue("gaia").number == 1)
    #expect(!FileSystem.exists(database.path + "/writer.owner"))
  }

  /// A writer was killed after it made its journal, and before anything in it was synced.
  @Test(arguments: [0, 512])
  func aJournalThatHoldsNothingIsCleared(zeros: Int) throws {
    try workdir.write(Data(repeating: 0, count: zeros), to: "sky.xmdb/registry.sqlite-journal")
    #expect(try database.registry().catalogue("gaia").number == 1)
    #expect(!FileSystem.exists(database.registryPath + "-journal"))
  }

  @Test func aCopyCannotBeWritten() throws {
    let registry = try database.registry()
    #expect(throws: StoreError.self) { try registry.connection.execute("DELETE FROM generation") }
  }

  @Test(arguments: [LockMode.file, .system])
  func nobodyReadsWhileAnotherMayWriteWithoutLocks(_ locks: LockMode) throws {
    try pretendOwner("node12")
    let error = try #require(throws: StoreError.self) { try SkyDatabase.open(at: database.path, locks: locks) }
    #expect(error.code == .busy && error.description.contains("node12"))
    try FileManager.default.removeItem(atPath: database.path + "/writer.owner")
    _ = try SkyDatabase.open(at: database.path, locks: locks)
  }

  @Test func theWriterItselfReads() throws {
    let lock = try database.lockForWriting()
    #expect(try database.registry().catalogue("gaia").number == 1)
    withExtendedLifetime(lock) {}
  }

  /// A process killed in mid-commit leaves a journal and, on this machine, the file of a dead owner.
  @Test func aCommitThatWasKilledIsTakenBackByWhoeverReadsNext() throws {
    let copy = workdir.path("copy.xmdb")
    try FileSystem.createDirectories(copy)
    let connection = try Connection(path: database.registryPath, mode: .readWrite, locks: .file)
    // A cache of one page makes SQLite write into the file before the commit, after syncing the journal.
    try connection.execute("PRAGMA cache_size=1; BEGIN IMMEDIATE; DELETE FROM shard")
    try connection.execute("UPDATE generation SET number = 77, options = hex(zeroblob(100000))")
    for name in ["registry.sqlite", "registry.sqlite-journal"] {
      try FileManager.default.copyItem(atPath: database.path + "/" + name, toPath: copy + "/" + name)
    }
    try connection.execute("ROLLBACK")
    let info = try SkyDatabase.open(at: copy, locks: .file).registry().catalogue("gaia")
    #expect(info.number == 1 && info.shards.count == 3)
    #expect(FileSystem.list(copy) == ["readers.lock", "registry.sqlite", "writer.lock"])
  }

  /// Readers in the writer's own process see whole states only.
  @Test func readersNeverSeeHalfAChange() async throws {
    let lock = try database.lockForWriting()
    let writer = Task.detached { [database] in
      let registry = try database.writableRegistry()
      for number in 0..<60 {
        try registry.connection.transaction {
          for _ in 0..<2 { try registry.connection.execute("UPDATE generation SET number = number + 1") }
          try registry.connection.execute("UPDATE generation SET options = hex(zeroblob(\(1000 + number * 100)))")
          try registry.seals.seal(.generation, 1)
        }
      }
    }
    var seen = Set<Int>()
    for _ in 0..<60 {
      let info = try database.registry().catalogue("gaia")
      #expect(info.number % 2 == 1, "\(info.number)")
      seen.insert(info.number)
    }
    try await writer.value
    #expect(try database.registry().catalogue("gaia").number == 121)
    withExtendedLifetime(lock) {}
  }
}
