import CatalogStore
import Foundation
import MatchRun
import Testing
import XMDBTestSupport

/// The answer does not depend on how the sky is cut: shards, units, threads and the order of the input.
@Suite struct CutInvarianceTests {
  /// One way to cut the work.
  struct Cut: Sendable, CustomStringConvertible {
    var sourcesPerUnit: Int
    var threads: Int
    var description: String { "\(sourcesPerUnit) sources per unit, \(threads) threads" }
  }

  @Test(arguments: SimulatedSky.allCases)
  func resultsAreTheSameBytesHoweverTheSkyIsCut(sky: SimulatedSky) throws {
    let pair = sky.pair()
    let whole = try MatchBench(pair)
    let expected = try whole.run(sourcesPerUnit: 1_000_000)
    let exported = try whole.export()
    #expect(!expected.matches.isEmpty)
    var shuffled = pair
    shuffled.a = pair.a.shuffled(seed: 7)
    shuffled.b = pair.b.shuffled(seed: 8)
    let cutSmall = try MatchBench(shuffled, shardBytes: 20_000)
    try expectSame(whole, Cut(sourcesPerUnit: 40, threads: 2), expected, exported)
    try expectSame(cutSmall, Cut(sourcesPerUnit: 1_000_000, threads: 1), expected, exported)
    try expectSame(cutSmall, Cut(sourcesPerUnit: 100, threads: 2), expected, exported)
  }

  private func expectSame(_ bench: MatchBench, _ cut: Cut, _ expected: RunRows, _ exported: [String: Data]) throws {
    let rows = try bench.run(sourcesPerUnit: cut.sourcesPerUnit, threads: cut.threads)
    let first = zip(rows.text, expected.text).first { $0 != $1 }
    #expect(first == nil && rows.text.count == expected.text.count, "\(cut), \(rows.units.count) units")
    #expect(rows.outcome.totals == expected.outcome.totals, "\(cut)")
    if cut.threads == 2 { #expect(try bench.export() == exported, "\(cut)") }
  }

  /// Bytes to a shard, sources to a unit, threads.
  private static let realCuts: [(Int64, Int?, Int)] = [
    (64 << 20, nil, 1), (1 << 20, 1200, 2), (100_000, 5000, 2), (20_000, 1_000_000, 1),
  ]

  @Test(.enabled(if: RealCones.isPresent, "../shared/real is absent"))
  func realConesGiveTheSameBytesForEveryShardSize() throws {
    var expected: (text: [String], exported: [String: Data])?
    for (shardBytes, sourcesPerUnit, threads) in Self.realCuts {
      let workdir = try Workdir()
      let database = try RealCones.ingest(into: workdir, shardBytes: shardBytes, threads: 2)
      let bench = MatchBench(workdir, database, "gaia", "catwise")
      let rows = try bench.run(sourcesPerUnit: sourcesPerUnit, threads: threads)
      guard let expected else {
        expected = (rows.text, try bench.export())
        continue
      }
      #expect(rows.text == expected.text, "shards of \(shardBytes) bytes, \(rows.units.count) units")
      if shardBytes == 20_000 { #expect(try bench.export() == expected.exported) }
    }
  }
}
