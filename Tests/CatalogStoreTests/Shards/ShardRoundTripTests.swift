import CSQLiteBoot
import Indexing
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct ShardRoundTripTests {
  let workdir: Workdir

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
  }

  private static let bandLists: [[String]] = [[], ["G"], ["g", "G", "W 1", "a\"b"], (0..<40).map { "b\($0)" }]

  @Test(arguments: [NarrowLayout.IDKind.none, .integer, .text], bandLists)
  func everyLayoutIsReadAsItWasWritten(id: NarrowLayout.IDKind, bands: [String]) throws {
    try forEverySeed { rng in
      for bits in 0..<32 {
        let layout = SampleLayout(
          isCircular: bits & 1 != 0, hasMotion: bits & 2 != 0, hasEpoch: bits & 4 != 0, bands: bands,
          hasBestBand: bits & 8 != 0, hasMore: bits & 16 != 0
        ).layout(id)
        let sample = ShardSample(layout, rows: 1 + rng.below(30), firstRowid: Int64(rng.below(1 << 40)), using: &rng)
        try expectRoundTrip(sample, "seed \(rng.seed), \(layout.text)")
      }
    }
  }

  @Test(arguments: [1, 2, 4095, 4096, 4097, 8192, 8193], [NarrowLayout.IDKind.none, .integer, .text])
  func blocksOfAnySizeAreReadAsTheyWereWritten(rows: Int, id: NarrowLayout.IDKind) throws {
    var rng = SplitMix64(seed: UInt64(rows))
    try expectRoundTrip(ShardSample(Self.layout(id), rows: rows, using: &rng), "seed \(rng.seed)")
    let withoutNulls = ShardSample(Self.layout(id), rows: rows, nullIDs: false, using: &rng)
    try expectRoundTrip(withoutNulls, "seed \(rng.seed), no NULL")
  }

  @Test func aShardWithoutRowsIsEmpty() throws {
    var rng = SplitMix64(seed: 1)
    for id in [NarrowLayout.IDKind.none, .integer, .text] {
      try expectRoundTrip(ShardSample(Self.layout(id), rows: 0, using: &rng), "empty")
    }
  }

  @Test func theSameContentsGiveTheSameFile() throws {
    var rng = SplitMix64(seed: 5)
    let sample = ShardSample(Self.layout(.text), rows: 5000, using: &rng)
    let summaries = try ["a", "b"].map { try sample.write(to: workdir.path($0)) }
    #expect(summaries[0].fingerprint == summaries[1].fingerprint)
    #expect(summaries[0].bytes == summaries[1].bytes)
  }

  @Test func theSummaryTellsTheFileAndTheExtremeIDs() throws {
    var rng = SplitMix64(seed: 6)
    var sample = ShardSample(Self.layout(.integer), rows: 3, nullIDs: false, using: &rng)
    sample.ids = [.integer(5), .integer(.min), .integer(.max)]
    let summary = try sample.write(to: workdir.path("s"))
    #expect(summary.rows == 3)
    #expect(summary.smallestID == .integer(.min) && summary.largestID == .integer(.max))
    #expect(summary.bytes == FileSystem.size(workdir.path("s")))
    #expect(try summary.fingerprint == SealedFile(found: workdir.path("s")).fingerprint)
    sample.ids = [.null, .null, .null]
    #expect(try sample.write(to: workdir.path("s")).largestID == .null)
    // By bytes, as SQLite compares.
    sample = ShardSample(Self.layout(.text), rows: 3, using: &rng)
    sample.ids = [.text("é"), .text(""), .text("z")]
    let text = try sample.write(to: workdir.path("s"))
    #expect(text.smallestID == .text("") && text.largestID == .text("é"))
  }

  @Test func aShardMakesSenseInTheShell() throws {
    var rng = SplitMix64(seed: 7)
    try ShardSample(Self.layout(.integer), rows: 5000, using: &rng).write(to: workdir.path("s"))
    let connection = try Connection(path: workdir.path("s"), mode: .readOnly)
    for (sql, answer) in [
      ("PRAGMA integrity_check", "ok"), ("SELECT count(*) FROM source", "5000"), ("SELECT count(*) FROM block", "2"),
      ("SELECT sum(count) FROM block", "5000"), ("SELECT max(count) FROM block", "4096"),
      ("SELECT count(*) FROM source WHERE xm_rowid <> value", "0"),
    ] {
      let statement = try connection.prepare(sql)
      #expect(try statement.step() && statement.text(0) == answer, "\(sql)")
    }
  }

  static func layout(_ id: NarrowLayout.IDKind) -> NarrowLayout {
    SampleLayout(isCircular: true, hasMotion: false, hasEpoch: false, bands: ["G"], hasBestBand: true).layout(id)
  }

  private func expectRoundTrip(_ sample: ShardSample, _ comment: String) throws {
    try sample.write(to: workdir.path("shard"))
    var read = SourceColumns(layout: sample.layout)
    try ShardReader(SealedFile(found: workdir.path("shard")), layout: sample.layout).read(.everything, into: &read)
    #expect(sample.difference(read, at: Array(sample.healpix29.indices)) == nil, "\(comment)")
  }
}
