import CatalogStore
import Indexing
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// Each source has the density of its catalogue around it, from all keys of the catalogue.
@Suite struct DensityTests {
  /// The definition, source by source, deg⁻².
  private static func expected(_ sky: Sky) -> [Double] {
    let keys = (0..<sky.count).map { Healpix29.index(raDegrees: sky.raDegrees[$0], decDegrees: sky.decDegrees[$0]) }
      .sorted()
    return keys.indices.map { row in
      for order in stride(from: 29, through: 0, by: -1) {
        let shift = Int64(2 * (29 - order))
        func isBeside(_ other: Int) -> Bool { keys[other] >> shift == keys[row] >> shift }
        if keys.indices.count(where: isBeside) <= 32 { continue }
        let near = max(0, row - 512)..<min(keys.count, row + 513)
        return Double(near.count(where: isBeside) - 1) / HealpixPixel.area(order: order)
      }
      return Double(keys.count) / (129_600 / Double.pi)
    }
  }

  private static func densities(_ lab: IngestLab, _ name: String = "c") throws -> [Double] {
    let info = try lab.database.registry().catalogue(name)
    let sources = try CatalogueReader(database: lab.database, info: info, reading: info.layout.forMatching)
      .sources(in: .wholeSky)
    return try #require(sources[.density], "every catalogue has densities")
  }

  /// Sources all over the sky, a dense field, and heaps at one place.
  private static func sky(_ rng: inout SplitMix64) -> Sky {
    var sky = Sky.sphere(700, using: &rng)
    sky.append(.cap(700, raDegrees: 45.1, decDegrees: -0.1, radiusDegrees: 0.3, using: &rng))
    for _ in 0..<200 { sky.append(200, 70) }
    return sky
  }

  private func expectEqual(_ found: [Double], _ expected: [Double], _ comment: String) {
    #expect(found.count == expected.count, "\(comment)")
    let wrong = zip(found, expected).enumerated().first { abs($1.0 / $1.1 - 1) > 1e-7 }
    #expect(wrong == nil, "\(comment)")
  }

  @Test func densitiesAreThoseOfTheDefinition() throws {
    try forEverySeed(Array(Seeds.quick.prefix(2))) { rng in
      let lab = try IngestLab()
      let sky = Self.sky(&rng)
      try lab.ingest([lab.write(SampleTable.plain(sky))]) { $0.shardBytes = 30_000 }
      #expect(try lab.database.registry().catalogue("c").shards.count > 10)
      expectEqual(try Self.densities(lab), Self.expected(sky), "seed \(rng.seed)")
    }
  }

  @Test func howTheWorkIsCutDoesNotChangeADensity() throws {
    let lab = try IngestLab()
    var rng = SplitMix64(seed: 11)
    let table = SampleTable.plain(Self.sky(&rng))
    let order = (0..<1600).shuffled(using: &rng)
    let whole = [try lab.write(table)]
    let pieces = try (0..<5).map { part in
      let rows = order.enumerated().filter { $0.offset % 5 == part }.map(\.element)
      return try lab.write(table.map { $0.reordered(rows) }, to: "piece-\(part).parquet", rowGroupRows: 71)
    }
    try lab.ingest(whole, as: "reference")
    let expected = try Self.densities(lab, "reference")
    for shardBytes in [Int64(1 << 14), 40_000, 1 << 26] {
      for threads in [1, 4] {
        for (paths, spillBytes) in [(whole, 1 << 20), (pieces, 30_000)] {
          try lab.ingest(paths, spillBytes: spillBytes, batchRows: 50) {
            ($0.shardBytes, $0.threads, $0.replace) = (shardBytes, threads, true)
          }
          #expect(try Self.densities(lab) == expected, "\(shardBytes) bytes, \(threads) threads, \(paths.count) files")
        }
      }
    }
  }

  @Test func aHeapAtOnePlaceHasAFiniteDensity() throws {
    let lab = try IngestLab()
    var sky = Sky()
    for _ in 0..<2000 { sky.append(123.456, -45.6) }
    try lab.ingest([lab.write(SampleTable.plain(sky))]) { $0.shardBytes = 20_000 }
    let densities = try Self.densities(lab)
    expectEqual(densities, Self.expected(sky), "a heap")
    #expect(densities.allSatisfy { $0 > 1e15 && $0 < 1e18 })
  }

  @Test(arguments: 0...4) func aFewSourcesHaveDensities(count: Int) throws {
    let lab = try IngestLab()
    var sky = Sky()
    for source in 0..<count { sky.append(Double(source) * 80, Double(source) * 20) }
    try lab.ingest([lab.write(SampleTable.plain(sky))]) { $0.shardBytes = 1 << 14 }
    expectEqual(try Self.densities(lab), Self.expected(sky), "\(count) sources")
  }

  @Test func aCatalogueOfBeforeHasNoneAndIsRead() throws {
    var rng = SplitMix64(seed: 5)
    let sky = try TestSky()
    let info = try sky.add(TestCatalogue("old", .sphere(100, using: &rng)))
    #expect(!info.layout.has(.density))
    let sources = try CatalogueReader(database: sky.database, info: info).sources(in: .wholeSky)
    #expect(sources.count == 100 && sources[.density] == nil)
    #expect(try DatabaseVerifier(database: sky.database, threads: 1).verify(catalogue: "old").damages.isEmpty)
  }

  @Test func densitiesAreVerified() throws {
    let lab = try IngestLab()
    var rng = SplitMix64(seed: 6)
    try lab.ingest([lab.write(SampleTable.plain(Self.sky(&rng)))]) { $0.shardBytes = 30_000 }
    #expect(try DatabaseVerifier(database: lab.database, threads: 1).verify(catalogue: "c").damages.isEmpty)
  }
}
