import CSQLiteBoot
import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// What is read from a sealed file is what was written, or an error.
@Suite struct SealedFileTests {
  let workdir: Workdir

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
  }

  /// A file with rows, long texts (overflow pages) and an index.
  private func make(_ name: String = "f.sqlite", rows: Int = 400, salt: Int = 0) throws -> SealedFile {
    let path = workdir.path(name)
    do {
      let connection = try Connection(path: path, mode: .bulk)
      try connection.execute(
        """
        BEGIN; CREATE TABLE t (x INTEGER PRIMARY KEY, y, z);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
        INSERT INTO t SELECT i, i * 7 + \(salt), printf('%.*c', (i % 5) * 3000, 'a') FROM n;
        CREATE INDEX t_by_y ON t (y); COMMIT
        """)
    }
    return try SealedFile.seal(path)
  }

  private static let query = "SELECT sum(x), sum(y), sum(length(z)), max(z), (SELECT x FROM t WHERE y = 77) FROM t"

  private func answer(_ connection: Connection) throws -> String {
    let statement = try connection.prepare(Self.query)
    guard try statement.step() else { return "" }
    return (0..<5).map { statement.text($0) }.joined(separator: "|")
  }

  @Test func aSealedFileReadsAsBefore() throws {
    let file = try make()
    #expect(file.bytes == FileSystem.size(file.path))
    let plain = try answer(Connection(path: file.path, mode: .readOnly))
    #expect(try answer(file.open()) == plain)
    try file.check()
    let check = try file.open().prepare("PRAGMA integrity_check")
    #expect(try check.step() && check.text(0) == "ok")
    #expect(try SealedFile(found: file.path).fingerprint == file.fingerprint)
    // The shell reads it as any other file.
    let shell = try Connection(path: file.path, mode: .readOnly).prepare("PRAGMA integrity_check")
    #expect(try shell.step() && shell.text(0) == "ok")
  }

  /// Sorting what does not fit into memory needs files of its own.
  @Test func queriesOnASealedFileMaySpill() throws {
    let connection = try make(rows: 4000).open()
    try connection.execute("PRAGMA cache_size=10; PRAGMA temp_store=FILE")
    let statement = try connection.prepare(
      "SELECT count(*) FROM (SELECT z, x FROM t ORDER BY z || x DESC LIMIT -1 OFFSET 1)")
    #expect(try statement.step() && statement.int(0) == 3999)
  }

  @Test func everyFlippedBitIsFoundWhenItIsRead() throws {
    let file = try make()
    let sound = try Data(contentsOf: URL(fileURLWithPath: file.path))
    let expected = try answer(file.open())
    try forEverySeed { rng in
      for _ in 0..<150 {
        var bytes = sound
        let place = rng.below(bytes.count)
        bytes[place] ^= 1 << UInt8(rng.below(8))
        try bytes.write(to: URL(fileURLWithPath: file.path))
        #expect(throws: StoreError.self, "seed \(rng.seed), byte \(place)") { try file.check() }
        do {
          #expect(try answer(file.open()) == expected, "seed \(rng.seed), byte \(place)")
        } catch let error as StoreError {
          #expect(error.code == .damaged, "seed \(rng.seed), byte \(place): \(error)")
        }
      }
    }
  }

  @Test func aFileOfAnyOtherLengthIsRefused() throws {
    let file = try make()
    let sound = try Data(contentsOf: URL(fileURLWithPath: file.path))
    for count in [0, 1, 15, 16, 100, 8192, sound.count / 2, sound.count - 16, sound.count - 1] {
      try sound.prefix(count).write(to: URL(fileURLWithPath: file.path))
      #expect(try #require(throws: StoreError.self) { try file.open() }.code == .damaged)
    }
    try (sound + Data([0])).write(to: URL(fileURLWithPath: file.path))
    #expect(try #require(throws: StoreError.self) { try file.open() }.code == .damaged)
    try FileManager.default.removeItem(atPath: file.path)
    #expect(try #require(throws: StoreError.self) { try file.open() }.description.contains("is missing"))
    try FileSystem.createDirectories(file.path)
    #expect(try #require(throws: StoreError.self) { try file.open() }.code == .damaged)
  }

  /// A file cut while it is open gives an error, not a signal.
  @Test func aFileThatIsCutWhileOpenIsDamaged() throws {
    let file = try make()
    let connection = try file.open()
    #expect(truncate(file.path, 8192) == 0)
    #expect(try #require(throws: StoreError.self) { try answer(connection) }.code == .damaged)
  }

  /// Another sound file in its place: of the same size, even of the same form.
  @Test func anotherSealedFileIsNotThisOne() throws {
    let (one, other) = (try make("one.sqlite"), try make("other.sqlite", salt: 1))
    #expect(one.bytes == other.bytes && one.fingerprint != other.fingerprint)
    try? FileManager.default.removeItem(atPath: one.path)
    try FileManager.default.copyItem(atPath: other.path, toPath: one.path)
    for attempt in [
      { _ = try one.open() }, { try one.check() }, { try one.copyPages(to: Draft(in: self.workdir.path)) },
    ] {
      let error = try #require(throws: StoreError.self, performing: attempt)
      #expect(error.code == .damaged && error.description.contains("is not the file that was written"))
    }
  }

  @Test func pagesCanBeCopiedChangedAndSealedAgain() throws {
    let file = try make()
    let draft = try Draft(in: workdir.path)
    let copy = draft.path
    try file.copyPages(to: draft)
    do { try Connection(path: copy, mode: .bulk).execute("UPDATE t SET y = y + 1; DELETE FROM t WHERE x > 390") }
    let sealed = try SealedFile.seal(copy)
    #expect(sealed.fingerprint != file.fingerprint)
    let statement = try sealed.open().prepare("SELECT count(*), min(y) FROM t")
    #expect(try statement.step() && statement.int(0) == 390 && statement.int(1) == 8)
    withExtendedLifetime(draft) {}
  }

  /// Connections come and go: no descriptor stays.
  @Test func descriptorsAreGivenBack() throws {
    let file = try make(rows: 3)
    func open() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0 }
    for _ in 0..<2000 { _ = try answer(file.open()) }
    #expect(open() < 1000)
  }

  @Test func aFileThatIsNoDatabaseCannotBeSealed() throws {
    for bytes in [Data(), Data(repeating: 0, count: 8192), Data("text".utf8)] {
      let path = try workdir.write(bytes, to: "no.sqlite")
      #expect(try #require(throws: StoreError.self) { try SealedFile.seal(path) }.code == .damaged)
    }
  }

  @Test func aLabelledFileIsTheOneThatWasWritten() throws {
    let path = workdir.path("deep/x.counts")
    try LabelledFile.write([1, 2, 3], label: "of x", to: path)
    #expect(try Array(LabelledFile.body(of: path, label: "of x")) == [1, 2, 3])
    #expect(try #require(throws: StoreError.self) { try LabelledFile.body(of: path, label: "of y") }.code == .damaged)
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    for place in sound.indices {
      var bytes = sound
      bytes[place] ^= 4
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(throws: StoreError.self) { try LabelledFile.body(of: path, label: "of x") }
      try sound.prefix(place).write(to: URL(fileURLWithPath: path))
      #expect(throws: StoreError.self) { try LabelledFile.body(of: path, label: "of x") }
    }
  }
}
