import CSQLiteBoot
import Glibc
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// What is replaced stays until its readers are done, and delays nobody who comes later.
@Suite struct ReadLeaseTests {
  private let workdir: Workdir
  private var path: String { workdir.path("sky") }

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    _ = try SkyDatabase.openOrCreate(at: path)
  }

  /// A folder that the registry calls a leftover, as a replaced generation is one.
  private func retire(_ name: String, _ database: SkyDatabase) throws -> String {
    let folder = path + "/catalogues/\(name)/1"
    try FileSystem.createDirectories(folder)
    // Replacing is a change of the registry.
    let registry = try database.writableRegistry()
    try registry.expect(folder: "catalogues/\(name)/1")
    return folder
  }

  @Test func aReaderKeepsWhatWasThereWhenItBegan() throws {
    let writer = try SkyDatabase.open(at: path)
    let lock = try writer.lockForWriting()
    var early: SkyDatabase? = try SkyDatabase.open(at: path)
    let folder = try retire("one", writer)
    let late = try SkyDatabase.open(at: path)
    try writer.removeLeftovers(holding: lock)
    #expect(FileSystem.exists(folder))
    early = nil
    try writer.removeLeftovers(holding: lock)
    #expect(!FileSystem.exists(folder), "a reader that came later does not need it")
    #expect(early == nil)
    withExtendedLifetime(late) {}
  }

  @Test func aCopyOfTheDatabaseHoldsAsItsOriginal() throws {
    let writer = try SkyDatabase.open(at: path)
    let lock = try writer.lockForWriting()
    var reader: SkyDatabase? = try SkyDatabase.open(at: path)
    var copy: SkyDatabase? = reader
    let folder = try retire("one", writer)
    reader = nil
    try writer.removeLeftovers(holding: lock)
    #expect(FileSystem.exists(folder) && copy != nil && reader == nil)
    copy = nil
    try writer.removeLeftovers(holding: lock)
    #expect(!FileSystem.exists(folder))
  }

  @Test func whereReadersCannotBeSeenWhatWasReplacedStaysForADay() throws {
    let writer = try SkyDatabase.open(at: path, locks: .file)
    let lock = try writer.lockForWriting()
    let folder = try retire("one", writer)
    for _ in 0..<2 { try writer.removeLeftovers(holding: lock) }
    #expect(FileSystem.exists(folder))
    var times = [timespec(tv_sec: time(nil) - 90_000, tv_nsec: 0), timespec(tv_sec: time(nil) - 90_000, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, folder + "/retired", &times, 0) == 0)
    try writer.removeLeftovers(holding: lock)
    #expect(!FileSystem.exists(folder))
  }

  @Test func aNumberThatStillHasFilesIsNotGivenAgain() throws {
    let database = try SkyDatabase.open(at: path)
    let folder = try retire("one", database)
    #expect(FileSystem.exists(folder))
    #expect(try database.writableRegistry().nextNumber(of: "one") == 2)
    #expect(try database.writableRegistry().nextNumber(of: "two") == 1)
  }
}
