import CatalogStore
import Foundation
import Indexing
import MatchRun
import Testing
import XMDBTestSupport

/// Islands wanted of a part of the sky only: those that touch it, each once, with the rows of the whole run.
@Suite struct RegionTests {
  /// The rows of all chunks as text, of the islands in `islands`.
  private func rows(_ plan: MatchPlan, _ region: PixelRangeSet, islands: Set<Int64>? = nil) throws -> [String] {
    var matcher = ChunkMatcher(LiveMatch(plan))
    var lines: [String] = []
    for chunk in plan.chunks {
      let result = try matcher.match(chunk, region: region)
      for table in ResultTable.allCases {
        let rows = try RunRows.read(ResultReader(holding: table, of: result), table, chunk: 0)
        lines += rows.filter { islands?.contains($0.integer("island")) ?? true }.map { "\(table) \($0.values)" }
      }
    }
    return lines.sorted()
  }

  /// The islands with a member in the region.
  private func islands(_ rows: RunRows, _ pair: SimulatedPair, in region: PixelRangeSet) -> Set<Int64> {
    let inside = Set(
      (pair.a.sources + pair.b.sources).filter {
        region.contains(Healpix29.index(raDegrees: $0.ra, decDegrees: $0.dec))
      }.map(\.id))
    let matched = rows.matches.filter { inside.contains($0.ids.a) || inside.contains($0.ids.b) }
    return Set((matched + rows.nonmatches.filter { inside.contains($0.id) }).map { $0.integer("island") })
  }

  @Test(arguments: [SimulatedSky.polarCorner, .northPole, .clusters, .densityContrast])
  func aPartOfTheSkyHasTheIslandsThatTouchIt(sky: SimulatedSky) throws {
    let pair = sky.pair(seed: 17)
    let bench = try MatchBench(pair, shardBytes: 20_000)
    let whole = try bench.run()
    try forEverySeed([1, 2, 3]) { rng in
      let plan = try bench.plan(sourcesPerChunk: [30, 200, 100_000][rng.below(3)])
      let center = pair.a.sources[rng.below(pair.a.sources.count)]
      let region = PixelRangeSet.cone(
        center: SkyPosition(raDegrees: center.ra, decDegrees: center.dec)!, radius: .arcseconds(rng.logUniform(1, 100)))
      let expected = islands(whole, pair, in: region)
      #expect(!expected.isEmpty)
      let found = try rows(plan, region)
      #expect(found == (try rows(plan, .wholeSky, islands: expected)), "seed \(rng.seed)")
    }
  }
}
