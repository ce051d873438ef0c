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
    for count in [0, 1, 99, 100, 8191, 8192, bytes.count / 2, bytes.count - 8192] {
      let failures = try readEverything(bytes.prefix(count), sample)
      #expect(failures.count == 3, "\(count) of \(bytes.count) bytes")
      for failure in failures { #expect(failure.code == .damaged, "\(failure)") }
    }
  }

  @Test func aMissingShardIsDamage() throws {
    var rng = SplitMix64(seed: 10)
    let sample = ShardSample(ShardRoundTripTests.layout(.integer), rows: 1, using: &rng)
    for failure in try readEverything(nil, sample) {
      #expect(failure.code == .damaged && failure.description.contains("is missing"))
    }
  }

  @Test func otherDatabasesAreNoShards() throws {
    let path = workdir.path("other.db")
    try Connection(path: path, mode: .create).execute("CREATE TABLE block (x)")
    let layout = ShardRoundTripTests.layout(.none)
    let error = try #require(throws: StoreError.self) { try ShardReader(path: path, layout: layout) }
    #expect(error.code == .damaged && error.description.contains("is not a shard of xmdb"))
    try Connection(path: path, mode: .readWrite).execute(
      "PRAGMA application_id=\(ShardSchema.applicationID); PRAGMA user_version=9")
    let newer = try #require(throws: StoreError.self) { try ShardReader(path: path, layout: layout) }
    #expect(newer.description.contains("shard layout 9"))
  }

  @Test func aShardOfAnotherLayoutIsDamage() throws {
    var rng = SplitMix64(seed: 11)
    let sample = ShardSample(ShardRoundTripTests.layout(.integer), rows: 10, using: &rng)
    try sample.write(to: workdir.path("s"))
    var layout = sample.layout
    layout.bands = ["absent"]
    let error = try #require(throws: StoreError.self) { try ShardReader(path: workdir.path("s"), layout: layout) }
    #expect(error.code == .damaged && error.description.contains("mag_absent"))
    layout.bands = []
    layout.id = .text
    var read = SourceColumns(layout: layout)
    #expect(throws: StoreError.self) {
      try ShardReader(path: workdir.path("s"), layout: layout).read(.everything, into: &read)
    }
  }

  /// Blocks that contradict themselves, in a file that is sound to SQLite.
  @Test(arguments: [
    "count = 299", "count = 301", "count = -1", "count = 9223372036854775807", "count = NULL", "first_rank = -5",
    "first_rank = 9223372036854775807", "healpix29 = x''", "healpix29 = NULL", "healpix29 = zeroblob(2399)",
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
        try ShardReader(path: path, layout: sample.layout).read(.everything, into: &read)
      }
      #expect(error.code == .damaged && error.subject == path, "\(error)")
    }
  }

  private func makeShard(_ id: NarrowLayout.IDKind, rows: Int, _ rng: inout SplitMix64) throws -> (ShardSample, Data) {
    let sample = ShardSample(ShardRoundTripTests.layout(id), rows: rows, using: &rng)
    try sample.write(to: workdir.path("whole.sqlite"))
    return (sample, try Data(contentsOf: URL(fileURLWithPath: workdir.path("whole.sqlite"))))
  }

  /// Reads the narrow and the wide form.
  /// - Returns: What either failed with.
  @discardableResult
  private func readEverything(_ bytes: Data?, _ sample: ShardSample) throws -> [StoreError] {
    let path = workdir.path("damaged.sqlite")
    try FileSystem.remove(path)
    try bytes?.write(to: URL(fileURLWithPath: path))
    var info = CatalogueInfo(name: "c", inputsFingerprint: "", layout: sample.layout)
    info.shards = [
      ShardInfo(
        pixel: HealpixPixel(order: 0, index: 0), firstRank: 0, rows: Int64(sample.ids.count), path: "damaged.sqlite",
        bytes: 0, fingerprint: "", smallestID: .null, largestID: .null)
    ]
    var failures: [StoreError] = []
    func attempt(_ body: () throws -> Void) throws {
      do { try body() } catch let error as StoreError { failures.append(error) }
    }
    try attempt {
      var read = SourceColumns(layout: sample.layout)
      try ShardReader(path: path, layout: sample.layout).read(.everything, into: &read)
    }
    try attempt {
      let shard = try WideShard(path: path)
      _ = try shard.declaredTypes()
      for ranges in [PixelRangeSet.everything, PixelRangeSet([sample.healpix29[0] + 1..<1 << 60])] {
        for ranks in try shard.ranks(in: ranges) where ranks.count < 100_000 {
          let rows = try shard.rows(columns: sample.schema.columns.map(\.name), where: nil, isBounded: true)
          rows.bind(1, ranks.lowerBound)
          rows.bind(2, ranks.upperBound - 1)
          while try rows.step() { (0..<rows.columnCount).forEach { _ = rows.text($0) } }
        }
      }
    }
    try attempt {
      let wide = WideReader(database: database, info: info, columns: sample.schema.columns.map(\.name))
      for rank in sample.ids.indices {
        try wide.withRow(rank: Int64(rank)) { row in (0..<row.columnCount).forEach { _ = row.text($0) } }
      }
    }
    return failures
  }
}
