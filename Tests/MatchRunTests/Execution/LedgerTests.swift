import CatalogStore
import Foundation
import Indexing
import MatchRun
import Testing
import XMDBTestSupport

/// Nothing is lost and nothing comes twice.
@Suite struct LedgerTests {
  /// Every source is in exactly one match or non-match row, and every island in the rows of one chunk.
  private func expectClosed(_ rows: RunRows, _ pair: SimulatedPair) {
    let sidesA = rows.matches.map(\.ids.a) + rows.nonmatches.filter(\.isA).map(\.id)
    let sidesB = rows.matches.map(\.ids.b) + rows.nonmatches.filter { !$0.isA }.map(\.id)
    #expect(sidesA.sorted() == pair.a.sources.map(\.id).sorted())
    #expect(sidesB.sorted() == pair.b.sources.map(\.id).sorted())
    #expect(Set(rows.pairs.map(\.ids)).count == rows.pairs.count)
    var chunks: [Int64: Set<Int>] = [:]
    for row in rows.matches + rows.nonmatches + rows.pairs {
      chunks[row.integer("island"), default: []].insert(row.chunk)
    }
    #expect(chunks.values.allSatisfy { $0.count == 1 })
    let totals = rows.outcome.totals
    #expect(totals.matches == rows.matches.count && totals.pairs == rows.pairs.count)
    #expect(totals.nonmatchesA + totals.nonmatchesB == rows.nonmatches.count)
    #expect(Int(totals.islands) == Set(rows.pairs.map { $0.integer("island") }).count)
  }

  @Test(arguments: SimulatedSky.allCases)
  func everySourceIsInOneRowAndEveryIslandInOneChunk(sky: SimulatedSky) throws {
    let pair = sky.pair(seed: 99)
    let rows = try MatchBench(pair, shardBytes: 30_000).run(sourcesPerChunk: 60, threads: 2)
    expectClosed(rows, pair)
  }

  /// The island's number is twice its first member's rowid, plus one for a member of b; its rows are in that chunk's pixel.
  @Test func islandsAreNumberedByTheirFirstMemberAndOwnedByItsChunk() throws {
    let pair = SimulatedSky.clusters.pair()
    let bench = try MatchBench(pair, shardBytes: 30_000)
    let rows = try bench.run(sourcesPerChunk: 40)
    let indices = Dictionary(
      uniqueKeysWithValues: (pair.a.sources + pair.b.sources).map {
        ($0.id, Healpix29.index(raDegrees: $0.ra, decDegrees: $0.dec))
      })
    var members: [Int64: [(index: Int64, side: Int64, rowid: Int64, chunk: Int)]] = [:]
    for row in rows.matches {
      members[row.integer("island"), default: []] += [
        (indices[row.ids.a]!, 0, row.integer("a_rowid"), row.chunk),
        (indices[row.ids.b]!, 1, row.integer("b_rowid"), row.chunk),
      ]
    }
    for row in rows.nonmatches {
      members[row.integer("island"), default: []].append(
        (indices[row.id]!, row.isA ? 0 : 1, row.integer("xm_rowid"), row.chunk))
    }
    for (island, members) in members {
      let first = members.min { ($0.index, $0.side, $0.rowid) < ($1.index, $1.side, $1.rowid) }!
      #expect(island == 2 * first.rowid + first.side)
      #expect(rows.chunks[first.chunk].pixel.contains(healpix29: first.index))
    }
  }

  @Test func anEmptyCatalogueLeavesTheOtherUnmatched() throws {
    var rng = SplitMix64(seed: 4)
    let full = SimulatedPair(
      objects: .cap(100, raDegrees: 3, decDegrees: 4, radiusDegrees: 1, using: &rng), using: &rng)
    for (hasA, hasB) in [(true, false), (false, true), (false, false)] {
      var pair = full
      if !hasA { pair.a.sources = [] }
      if !hasB { pair.b.sources = [] }
      let rows = try MatchBench(pair).run(sourcesPerChunk: 20)
      expectClosed(rows, pair)
      #expect(rows.matches.isEmpty)
      #expect(
        rows.nonmatches.allSatisfy { $0.double("alone_p") == 1 && $0.double("match_p") == 1 && $0["nnm_id"] == .null })
      #expect(rows.nonmatches.allSatisfy { $0.flags.contains(.outsideCommonCoverage) })
    }
  }

  @Test func oneSourceEachIsAPairOrNot() throws {
    for (distance, expected) in [(0.5, 1), (5.0, 0), (500_000.0, 0)] {
      var place = Sky()
      place.append(vector: Sky.vector(aroundRA: 0, dec: 90, distanceRadians: distance / 206_265, direction: 2))
      let pair = SimulatedPair(
        a: [SimulatedSource(120, 90, sigma: 0.5)],
        b: [SimulatedSource(place.raDegrees[0], place.decDegrees[0], sigma: 0.4)])
      let rows = try MatchBench(pair).run(sourcesPerChunk: 1)
      expectClosed(rows, pair)
      #expect(rows.pairs.count == expected, "\(distance)″")
    }
  }

  @Test func cataloguesThatDoNotOverlapHaveNoPairs() throws {
    var rng = SplitMix64(seed: 6)
    var pair = SimulatedPair(
      objects: .cap(300, raDegrees: 80, decDegrees: 20, radiusDegrees: 0.1, using: &rng), using: &rng)
    for index in pair.b.sources.indices { pair.b.sources[index].ra += 60 }
    let bench = try MatchBench(pair, shardBytes: 20_000)
    let rows = try bench.run(sourcesPerChunk: 30, threads: 2)
    expectClosed(rows, pair)
    #expect(rows.pairs.isEmpty)
    #expect(rows.nonmatches.allSatisfy { $0.flags.contains(.outsideCommonCoverage) })
    // Chunks that hold one catalogue only.
    #expect(rows.chunks.contains { $0.totals.nonmatchesA > 0 && $0.totals.nonmatchesB == 0 })
    #expect(rows.chunks.contains { $0.totals.nonmatchesB > 0 && $0.totals.nonmatchesA == 0 })
  }
}
