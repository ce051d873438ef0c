import CSQLiteBoot
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// Whatever stands in a shard's file, reading it gives rows or a `StoreError`: never a crash, never an endless loop.
@Suite struct DamagedShardTests {
  let workdir: Workdir
  let database: SkyDatabase

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
    database = try SkyDatabase.openOrCreate(at: workdir.path)
  }

  private static let kinds: [NarrowLayout.IDKind] = [.none, .integer, .text]

  @Test(arguments: kinds) func flippedBitsNeverCrashAReader(id: NarrowLayout.IDKind) throws {
    try forEverySeed { rng in
      let (sample, bytes) = try makeShard(id, rows: 300, &rng)
      for _ in 0..<120 {
        var damaged = bytes
        for _ in 0..<1 + rng.below(4) {
          // Half of the damage goes to the first bytes of pages, where SQLite keeps its own structure.
          let place = rng.below(2) == 0 ? rng.below(bytes.count) : rng.below(bytes.count / 8192) * 8192 + rng.below(120)
          damaged[place] ^= 1 << UInt8(rng.below(8))
        }
        try readEverything(damaged, sample)
      }
    }
  }

  @Test(arguments: kinds) func truncatedShardsAreDamaged(id: NarrowLayout.IDKind) throws {
    var rng = SplitMix64(seed: 9)
    let (sample, bytes) = try makeShard(id, rows: 3000, &rng)
    let file = try SealedFile(found: workdir.path("whole.sqlite"))
    for count in [0, 1, 99, 100, 8191, 8192, bytes.count / 2, bytes.count - 8192, bytes.count - 1] {
      try readEverything(bytes.prefix(count), sample)
      try bytes.prefix(count).write(to: URL(fileURLWithPath: file.path))
      for attempt in [{ _ = try ShardReader(file, layout: sample.layout) }, { _ = try WideShard(file) }] {
        let failure = try #require(throws: StoreError.self, performing: attempt)
        #expect(failure.code == .damaged, "\(count) of \(bytes.count) bytes: \(failure)")
      }
    }
  }

  @Test func aMissingShardIsDamage() throws {
    let file = SealedFile(path: workdir.path("absent"), bytes: 9000, fingerprint: "", remedy: "ingest again")
    let error = try #require(throws: StoreError.self) { try WideShard(file) }
    #expect(error.code == .damaged && error.description.contains("is missing; run `xmdb verify`, then ingest again"))
  }

  @Test func otherDatabasesAreNoShards() throws {
    let path = workdir.path("other.db")
    try Connection(path: path, mode: .create).execute("CREATE TABLE block (x)")
    let layout = ShardRoundTripTests.layout(.none)
    let error = try #require(throws: StoreError.self) { try reader(path, layout) }
    #expect(error.code == .damaged && error.description.contains("is not a shard of xmdb"))
    try Connection(path: path, mode: .readWrite).execute(
      "PRAGMA application_id=\(ShardSchema.applicationID); PRAGMA user_version=9")
    let newer = try #require(throws: StoreError.self) { try reader(path, layout) }
    #expect(newer.description.contains("form 9"))
  }

  @Test func aShardOfAnotherLayoutIsDamage() throws {
    var rng = SplitMix64(seed: 11)
    let sample = ShardSample(ShardRoundTripTests.layout(.integer), rows: 10, using: &rng)
    try sample.write(to: workdir.path("s"))
    let layout = SampleLayout(bands: ["absent"]).layout(.integer)
    let error = try #require(throws: StoreError.self) { try reader(workdir.path("s"), layout) }
    #expect(error.code == .damaged && error.description.contains("mag_absent"))
    let texts = SampleLayout().layout(.text)
    var read = SourceColumns(layout: texts)
    #expect(throws: StoreError.self) {
      try reader(workdir.path("s"), texts).read(.everything, into: &read)
    }
  }

  /// Blocks that contradict themselves, in a file that is sound to SQLite.
  @Test(arguments: [
    "count = 299", "count = 301", "count = -1", "count = 9223372036854775807", "count = NULL", "first_rowid = -5",
    "first_rowid = 9223372036854775807", "healpix29 = x''", "healpix29 = NULL", "healpix29 = zeroblob(2399)",
    "healpix29 = zeroblob(2400)", "healpix29_first = -1", "healpix29_last = 4611686018427387904",
    "healpix29_last = 9223372036854775807", "healpix29_first = healpix29_last + 1", "ra_deg = NULL",
    "ra_deg = zeroblob(8)", "mag_G = 'text'", "id = NULL", "id = zeroblob(3)", "id = zeroblob(100000)",
    "id = x'ffffffff'", "id_null = x'0101'", "id_null = zeroblob(301)",
  ])
  func aBlockThatContradictsItselfIsDamage(change: String) throws {
    for id in [NarrowLayout.IDKind.integer, .text] {
      var rng = SplitMix64(seed: 12)
      let (sample, bytes) = try makeShard(id, rows: 300, &rng)
      let path = workdir.path("changed.sqlite")
      try bytes.write(to: URL(fileURLWithPath: path))
      try Connection(path: path, mode: .readWrite).execute(
        "PRAGMA ignore_check_constraints=ON; PRAGMA writable_schema=ON;"
          + "UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '');")
      try Connection(path: path, mode: .readWrite).execute("UPDATE block SET \(change)")
      var read = SourceColumns(layout: sample.layout)
      let error = try #require(throws: StoreError.self, "\(id) \(change)") {
        try reader(path, sample.layout).read(.everything, into: &read)
      }
      #expect(error.code == .damaged && error.subject == path, "\(error)")
    }
  }

  private func makeShard(_ id: NarrowLayout.IDKind, rows: Int, _ rng: inout SplitMix64) throws -> (ShardSample, Data) {
    let sample = ShardSample(ShardRoundTripTests.layout(id), rows: rows, using: &rng)
    try sample.write(to: workdir.path("whole.sqlite"))
    return (sample, try Data(contentsOf: URL(fileURLWithPath: workdir.path("whole.sqlite"))))
  }

  /// A reader that does not ask whether the file is the one that was written.
  private func reader(_ path: String, _ layout: NarrowLayout) throws -> ShardReader {
    let connection = try Connection(path: path, mode: .immutable)
    try ShardReader.checkIsShard(connection)
    return try ShardReader(connection, layout: layout)
  }

  /// Reads the narrow and the wide form, without asking whether the file is the one that was written.
  /// - Returns: What either failed with.
  @discardableResult
  private func readEverything(_ bytes: Data, _ sample: ShardSample) throws -> [StoreError] {
    let path = workdir.path("damaged.sqlite")
    try bytes.write(to: URL(fileURLWithPath: path))
    var failures: [StoreError] = []
    func attempt(_ body: () throws -> Void) throws {
      do { try body() } catch let error as StoreError { failures.append(error) }
    }
    try attempt {
      var read = SourceColumns(layout: sample.layout)
      try reader(path, sample.layout).read(.everything, into: &read)
    }
    try attempt {
      let connection = try Connection(path: path, mode: .immutable)
      try ShardReader.checkIsShard(connection)
      let shard = try WideShard(connection)
      _ = try shard.declaredTypes()
      for ranges in [PixelRangeSet.everything, PixelRangeSet([sample.healpix29[0] + 1..<1 << 60])] {
        for rowids in try shard.rowids(in: ranges) where rowids.count < 100_000 {
          let rows = try shard.rows(.ofRowids, columns: sample.schema.columns.map(\.name), condition: nil)
          rows.bind(1, rowids.lowerBound)
          rows.bind(2, rowids.upperBound - 1)
          while try rows.step() { (0..<rows.columnCount).forEach { _ = rows.text($0) } }
        }
      }
    }
    return failures
  }
}
