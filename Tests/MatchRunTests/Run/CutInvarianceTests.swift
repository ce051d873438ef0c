import CatalogStore
import Foundation
import MatchRun
import Testing
import XMDBTestSupport

/// The answer does not depend on how the sky is cut: shards, chunks, threads and the order of the input.
@Suite struct CutInvarianceTests {
  /// One way to cut the work.
  struct Cut: Sendable, CustomStringConvertible {
    var sourcesPerChunk: Int
    var threads: Int
    var description: String { "\(sourcesPerChunk) sources per chunk, \(threads) threads" }
  }

  @Test(arguments: SimulatedSky.allCases)
  func resultsAreTheSameBytesHoweverTheSkyIsCut(sky: SimulatedSky) throws {
    let pair = sky.pair()
    let whole = try MatchBench(pair)
    let expected = try whole.run(sourcesPerChunk: 1_000_000)
    let exported = try whole.export()
    #expect(!expected.matches.isEmpty)
    var shuffled = pair
    shuffled.a = pair.a.shuffled(seed: 7)
    shuffled.b = pair.b.shuffled(seed: 8)
    let cutSmall = try MatchBench(shuffled, shardBytes: 20_000)
    try expectSame(whole, Cut(sourcesPerChunk: 40, threads: 2), expected, exported)
    try expectSame(cutSmall, Cut(sourcesPerChunk: 1_000_000, threads: 1), expected, exported)
    try expectSame(cutSmall, Cut(sourcesPerChunk: 100, threads: 2), expected, exported)
  }

  private func expectSame(_ bench: MatchBench, _ cut: Cut, _ expected: RunRows, _ exported: [String: Data]) throws {
    let rows = try bench.run(sourcesPerChunk: cut.sourcesPerChunk, threads: cut.threads)
    let first = zip(rows.text, expected.text).first { $0 != $1 }
    #expect(first == nil && rows.text.count == expected.text.count, "\(cut), \(rows.chunks.count) chunks")
    #expect(rows.outcome.totals == expected.outcome.totals, "\(cut)")
    if cut.threads == 2 { #expect(try bench.export() == exported, "\(cut)") }
  }

  /// Bytes to a shard, sources to a chunk, threads.
  private static let realCuts: [(Int64, Int?, Int)] = [
    (64 << 20, nil, 1), (1 << 20, 1200, 2), (100_000, 5000, 2), (20_000, 1_000_000, 1),
  ]

  @Test(.enabled(if: RealCones.isPresent, "../shared/real is absent"))
  func realConesGiveTheSameBytesForEveryShardSize() throws {
    var expected: (text: [String], exported: [String: Data])?
    for (shardBytes, sourcesPerChunk, threads) in Self.realCuts {
      let workdir = try Workdir()
      let database = try RealCones.ingest(into: workdir, shardBytes: shardBytes, threads: 2)
      let bench = MatchBench(workdir, database, "gaia", "catwise")
      let rows = try bench.run(sourcesPerChunk: sourcesPerChunk, threads: threads)
      guard let expected else {
        expected = (rows.text, try bench.export())
        continue
      }
      #expect(rows.text == expected.text, "shards of \(shardBytes) bytes, \(rows.chunks.count) chunks")
      if shardBytes == 20_000 { #expect(try bench.export() == expected.exported) }
    }
  }
}
