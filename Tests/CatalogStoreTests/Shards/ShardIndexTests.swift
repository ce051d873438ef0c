import CSQLiteBoot
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// The index on the ids of a shard holds what SQLite would have put there.
@Suite struct ShardIndexTests {
  init() { _ = xsql_bootstrap() }

  private func write(_ ids: [SourceID], _ kind: NarrowLayout.IDKind, to path: String) throws -> ShardWriter.Summary {
    let layout = ShardRoundTripTests.layout(kind)
    let schema = ShardSchema(
      columns: [("r", "REAL"), ("id", kind == .text ? "TEXT" : "INTEGER")], idColumn: 1, layout: layout)
    let writer = try ShardWriter(path: path, schema: schema, firstRowid: 70)
    let narrow = [Double](repeating: 1, count: layout.width)
    for (row, id) in ids.enumerated() {
      try narrow.withUnsafeBufferPointer {
        try writer.append(healpix29: Int64(row), narrow: $0, id: id) {
          $0.put(compactly: Double(row) / 2)
          $0.put(id)
        }
      }
    }
    return try writer.finish()
  }

  /// By the index, and by a sort of the rows.
  private func expectSound(_ path: String, _ count: Int) throws {
    let connection = try Connection(path: path, mode: .immutable)
    let check = try connection.prepare("PRAGMA integrity_check")
    #expect(try check.step() && check.text(0) == "ok")
    let indexed = try connection.prepare("SELECT id, xm_rowid FROM source INDEXED BY source_id ORDER BY id, xm_rowid")
    let sorted = try connection.prepare("SELECT id, xm_rowid, r FROM source NOT INDEXED ORDER BY +id, xm_rowid")
    var rows = 0
    while try indexed.step() {
      #expect(try sorted.step() && indexed.sourceID(0) == sorted.sourceID(0) && indexed.int64(1) == sorted.int64(1))
      #expect(sorted.double(2) == Double(sorted.int64(1) - 70) / 2)
      rows += 1
    }
    #expect(try rows == count && !sorted.step())
  }

  @Test(arguments: 1...6) func integersOfAnySizeRepeatedAndMissingAreIndexed(seed: UInt64) throws {
    let workdir = try Workdir()
    var random = SplitMix64(seed: seed)
    let count = [0, 1, 2, 700, 9000, 20_000][Int(seed) - 1]
    let ids = (0..<count).map { _ -> SourceID in
      switch random.below(10) {
      case 0: .null
      case 1: .integer([.min, -1, 0, 1, .max][random.below(5)])
      case 2: .integer(Int64(random.below(100)))
      default: .integer(Int64(bitPattern: random.next()))
      }
    }
    let summary = try write(ids, .integer, to: workdir.path("shard"))
    try expectSound(workdir.path("shard"), count)
    let known = ids.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    #expect(summary.smallestID == (known.min().map { .integer($0) } ?? .null), "seed \(seed)")
    #expect(summary.largestID == (known.max().map { .integer($0) } ?? .null), "seed \(seed)")
  }

  @Test func textsAreIndexed() throws {
    let workdir = try Workdir()
    let ids: [SourceID] = [.text("b"), .null, .text(""), .text("é"), .text("b"), .text("a")]
    let summary = try write(ids, .text, to: workdir.path("shard"))
    try expectSound(workdir.path("shard"), ids.count)
    #expect(summary.smallestID == .text("") && summary.largestID == .text("é"))
  }

  /// As no ingest writes it.
  @Test func aTextAmongIntegersIsIndexedToo() throws {
    let workdir = try Workdir()
    let ids: [SourceID] = [.integer(5), .text("x"), .null, .integer(-3)]
    let summary = try write(ids, .integer, to: workdir.path("shard"))
    try expectSound(workdir.path("shard"), ids.count)
    #expect(summary.smallestID == .integer(-3) && summary.largestID == .text("x"))
  }
}
