import CSQLiteBoot
import Indexing
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct ShardRangeTests {
  let workdir: Workdir

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir()
  }

  @Test(arguments: [NarrowLayout.IDKind.none, .integer, .text])
  func anyRangesGiveTheRowsInThem(id: NarrowLayout.IDKind) throws {
    try forEverySeed { rng in
      let sample = ShardSample(ShardRoundTripTests.layout(id), rows: 8193 + rng.below(3000), using: &rng)
      try sample.write(to: workdir.path("s"))
      let reader = try ShardReader(SealedFile(found: workdir.path("s")), layout: sample.layout)
      for ranges in queries(sample, &rng) {
        var read = SourceColumns(layout: sample.layout)
        try reader.read(ranges, into: &read)
        #expect(
          sample.difference(read, at: sample.rows(in: ranges)) == nil, "seed \(rng.seed), \(ranges.ranges.prefix(3))")
      }
    }
  }

  /// Ranges around the borders of blocks, many small ones, single indices, gaps, and beyond both ends.
  private func queries(_ sample: ShardSample, _ rng: inout SplitMix64) -> [PixelRangeSet] {
    let keys = sample.healpix29
    var queries: [PixelRangeSet] = [PixelRangeSet(), .everything, PixelRangeSet([0..<keys[0]])]
    queries.append(PixelRangeSet([(keys[keys.count - 1] + 1)..<(12 << 58)]))
    for row in [0, 1, 4095, 4096, 4097, 8191, 8192, keys.count - 1] {
      queries.append(PixelRangeSet([keys[row]..<keys[row] + 1]))
      queries.append(PixelRangeSet([0..<keys[row]]))
      queries.append(PixelRangeSet([keys[row]..<keys[keys.count - 1]]))
      queries.append(PixelRangeSet([keys[max(0, row - 3)]..<keys[min(keys.count - 1, row + 3)] + 1]))
    }
    let many = (0..<300).map { _ in
      let start = keys[rng.below(keys.count)] + Int64(rng.below(3)) - 1
      return max(0, start)..<max(0, start) + 1 + Int64(rng.below(50))
    }
    queries.append(PixelRangeSet(many))
    queries.append(PixelRangeSet(Set(keys).map { $0..<$0 + 1 }))
    queries.append(PixelRangeSet.everything.subtracting(PixelRangeSet(many)))
    return queries
  }

  @Test func manyRowsOfOneIndexAreFoundAcrossBlocks() throws {
    var rng = SplitMix64(seed: 8)
    var sample = ShardSample(ShardRoundTripTests.layout(.integer), rows: 10_000, using: &rng)
    sample.healpix29 = (0..<10_000).map { $0 < 100 ? 5 : ($0 < 9_900 ? 77 : 78) }
    try sample.write(to: workdir.path("s"))
    let reader = try ShardReader(SealedFile(found: workdir.path("s")), layout: sample.layout)
    for (range, count) in [(77..<78, 9_800), (5..<6, 100), (6..<77, 0), (78..<79, 100), (5..<79, 10_000)] {
      var read = SourceColumns(layout: sample.layout)
      try reader.read(PixelRangeSet([Int64(range.lowerBound)..<Int64(range.upperBound)]), into: &read)
      #expect(read.count == count)
      #expect(read.rowid == read.rowid.sorted())
    }
  }

  @Test func shardsAreReadTogetherInRowidOrder() throws {
    let database = try SkyDatabase.openOrCreate(at: workdir.path("sky"))
    try forEverySeed { rng in
      // Shards of different orders along the curve, with gaps between them.
      let pixels = [(2, 0), (1, 1), (3, 40), (0, 1), (2, 100), (0, 11)].map {
        HealpixPixel(order: $0.0, index: Int64($0.1))
      }
      var whole = ShardSample(ShardRoundTripTests.layout(.text), rows: 0, using: &rng)
      var info = CatalogueInfo(name: "c", inputsFingerprint: "", layout: whole.layout)
      for (index, pixel) in pixels.enumerated() {
        var part = ShardSample(
          whole.layout, rows: 1 + rng.below(500), firstRowid: Int64(whole.healpix29.count), using: &rng)
        let range = pixel.range29
        part.healpix29 = part.healpix29.indices.map { _ in
          range.lowerBound + Int64(rng.next() >> 2) % Int64(range.count)
        }.sorted()
        part.healpix29[0] = range.lowerBound
        part.healpix29[part.healpix29.count - 1] = range.upperBound - 1
        part.healpix29.sort()
        let summary = try part.write(to: database.path + "/\(index).sqlite")
        info.shards.append(
          ShardInfo(
            pixel: pixel, firstRowid: part.firstRowid, rows: summary.rows, path: "\(index).sqlite",
            bytes: summary.bytes,
            fingerprint: summary.fingerprint, smallestID: summary.smallestID, largestID: summary.largestID))
        whole.healpix29 += part.healpix29
        whole.ids += part.ids
        for column in whole.columns.indices { whole.columns[column] += part.columns[column] }
      }
      let reader = CatalogueReader(database: database, info: info)
      for _ in 0..<40 {
        let order = rng.below(4)
        let pixels = (0..<1 + rng.below(6)).map { _ in
          HealpixPixel(order: order, index: Int64(rng.below(12 << (2 * order))))
        }
        let ranges = PixelRangeSet(pixels: pixels)
        #expect(try whole.difference(reader.sources(in: ranges), at: whole.rows(in: ranges)) == nil, "seed \(rng.seed)")
        for shard in info.shards {
          #expect(
            reader.shards(in: ranges).contains(shard) == ranges.intersects(shard.pixel.range29), "seed \(rng.seed)")
        }
      }
      #expect(try reader.sources(in: PixelRangeSet()).count == 0)
      #expect(try reader.sources(in: .everything).count == whole.healpix29.count)
      try expectWideRows(whole, database, info, &rng)
    }
  }

  private func expectWideRows(
    _ whole: ShardSample, _ database: SkyDatabase, _ info: CatalogueInfo, _ rng: inout SplitMix64
  ) throws {
    let wide = WideReader(database: database, info: info, columns: ["id"])
    for _ in 0..<200 {
      let rowid = rng.below(whole.ids.count)
      #expect(try wide.withRow(rowid: Int64(rowid)) { $0.sourceID(0) } == whole.ids[rowid], "seed \(rng.seed)")
    }
    for rowid in [-1, Int64(whole.ids.count), .max, .min] {
      let error = try #require(throws: StoreError.self) { try wide.withRow(rowid: rowid) { _ in } }
      #expect(error.code == .damaged && error.description.contains("\(rowid)"))
    }
    // A column that is not there is an error, not the text of its name.
    #expect(throws: StoreError.self) {
      try WideReader(database: database, info: info, columns: ["absent"]).withRow(rowid: 0) { _ in }
    }
  }

  @Test func aCatalogueWithoutShardsHasNoSources() throws {
    let database = try SkyDatabase.openOrCreate(at: workdir.path("sky"))
    let info = CatalogueInfo(name: "c", inputsFingerprint: "", layout: ShardRoundTripTests.layout(.none))
    let reader = CatalogueReader(database: database, info: info)
    #expect(try reader.sources(in: .everything).count == 0)
    #expect(reader.shards(in: .everything).isEmpty)
    #expect(throws: StoreError.self) {
      try WideReader(database: database, info: info, columns: []).withRow(rowid: 0) { _ in }
    }
  }
}
