import CatalogStore
import Foundation
import Indexing
import MatchRun
import Testing
import XMDBTestSupport

/// Islands far larger than the halo of a chunk, and than chunks.
@Suite struct PercolationTests {
  /// Sources of a and b in turn along a great circle, each within reach of the next alone.
  private func chain(_ count: Int, throughRA ra: Double, dec: Double, direction: Double, stepArcsec: Double)
    -> SimulatedPair
  {
    var (a, b): ([SimulatedSource], [SimulatedSource]) = ([], [])
    for k in 0..<count {
      let distance = Double(k - count / 2) * stepArcsec / 206_264.806
      var place = Sky()
      place.append(vector: Sky.vector(aroundRA: ra, dec: dec, distanceRadians: distance, direction: direction))
      let source = SimulatedSource(place.raDegrees[0], place.decDegrees[0], sigma: 1 + 0.001 * Double(k % 7))
      if k % 2 == 0 { a.append(source) } else { b.append(source) }
    }
    return SimulatedPair(a: a, b: b)
  }

  private static let places: [(Double, Double, Double)] = [(45, 41.8103148957786, 0.3), (0, 90, 1), (180, 0, .pi / 4)]

  @Test(arguments: places)
  func aChainAcrossManyChunksComesOutWholeAndOnce(ra: Double, dec: Double, direction: Double) throws {
    let pair = chain(400, throughRA: ra, dec: dec, direction: direction, stepArcsec: 4)
    let bench = try MatchBench(pair, shardBytes: 20_000)
    let whole = try bench.run(sourcesPerChunk: 1_000_000)
    let cut = try bench.run(sourcesPerChunk: 40, threads: 2)
    #expect(cut.chunks.count >= 8, "\(cut.chunks.count) chunks")
    #expect(cut.text == whole.text)
    #expect(cut.outcome.totals.islands == 1)
    #expect(cut.pairs.count == 399)
    #expect(Set(cut.pairs.map(\.ids)).count == 399)
    #expect(cut.matches.count + cut.nonmatches.count { $0.isA } == pair.a.sources.count)
    #expect(Set((cut.matches + cut.pairs).map { $0.integer("island") }).count == 1)
    #expect(cut.chunks.count { $0.totals.islands > 0 } == 1)
  }

  /// An island that closes on itself around the pole and touches sixteen chunks without a member in most of their middles.
  @Test func aRingAroundThePoleIsOneIsland() throws {
    let (radius, step) = (0.2, 4.0)
    let count = Int(2 * Double.pi * radius * 3600 / step) / 2 * 2
    var (a, b): ([SimulatedSource], [SimulatedSource]) = ([], [])
    for k in 0..<count {
      let source = SimulatedSource(360 * Double(k) / Double(count), 90 - radius, sigma: 1)
      if k % 2 == 0 { a.append(source) } else { b.append(source) }
    }
    let bench = try MatchBench(SimulatedPair(a: a, b: b), shardBytes: 20_000)
    let rows = try bench.run(sourcesPerChunk: 60, threads: 2)
    #expect(rows.outcome.totals.islands == 1)
    #expect(rows.pairs.count == count)
    #expect(rows.text == (try bench.run(sourcesPerChunk: 1_000_000).text))
  }
}
