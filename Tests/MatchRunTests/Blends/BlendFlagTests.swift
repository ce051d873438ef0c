import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Matches whose blurred source may hold the light of other sources are flagged, and no others.
@Suite struct BlendFlagTests {
  /// Every source of a beside every matched one.
  @Test(arguments: [1, 2] as [UInt64])
  func flagsAreThoseOfEverySourceLookedAt(seed: UInt64) throws {
    let pair = BlendedSky.pair(seed: seed)
    let rows = try MatchBench(pair).run(MatchConfiguration())
    var candidates: [Int64: [(b: Int64, logRatio: Double)]] = [:]
    for row in rows.pairs {
      candidates[row.ids.a, default: []].append((row.ids.b, row.double("eta") + row.double("xi")))
    }
    let a = Dictionary(uniqueKeysWithValues: pair.a.sources.map { ($0.id, $0) })
    var flagged = 0
    for row in rows.matches {
      let own = try #require(a[row.ids.a])
      let isBlended = pair.a.sources.contains { other in
        guard other.id != own.id else { return false }
        let distance = separation(
          ra1Degrees: own.ra, dec1Degrees: own.dec, ra2Degrees: other.ra, dec2Degrees: other.dec)
        if distance.arcseconds > BlendedSky.radiusArcsec { return false }
        return !(candidates[other.id] ?? []).contains { $0.b != row.ids.b && $0.logRatio >= 0 }
      }
      #expect(row.flags.contains(.blendedB) == isBlended, "seed \(seed), \(row.ids)")
      #expect(!row.flags.contains(.blendedA))
      flagged += isBlended ? 1 : 0
    }
    #expect(flagged > 40 && flagged < rows.matches.count - 40, "\(flagged) of \(rows.matches.count)")
    for row in rows.pairs + rows.nonmatches { #expect(row.flags.isDisjoint(with: [.blendedA, .blendedB])) }
  }

  @Test func flagsAreThoseOfTheOtherSideWithNamesExchanged() throws {
    let pair = BlendedSky.pair(seed: 3)
    func flagged(_ rows: RunRows, _ flag: MatchFlags) -> Set<RunRows.Pair> {
      Set(rows.matches.filter { $0.flags.contains(flag) }.map(\.ids))
    }
    let (one, other) = (
      flagged(try MatchBench(pair).run(MatchConfiguration()), .blendedB),
      flagged(try MatchBench(pair.exchanged).run(MatchConfiguration()), .blendedA)
    )
    #expect(one.count > 40)
    #expect(Set(other.map { RunRows.Pair(a: $0.b, b: $0.a) }) == one)
  }

  @Test func flagsDoNotDependOnHowTheSkyIsCut() throws {
    let pair = BlendedSky.pair(seed: 4)
    let expected = try MatchBench(pair).run(MatchConfiguration(), sourcesPerChunk: 1_000_000)
    for (sources, threads, shardBytes) in [(40, 2, Int64(20_000)), (300, 1, 64 << 20)] {
      let rows = try MatchBench(pair, shardBytes: shardBytes).run(
        MatchConfiguration(), sourcesPerChunk: sources, threads: threads)
      #expect(rows.chunks.count > 4)
      #expect(rows.text == expected.text, "\(sources) sources per chunk")
    }
  }

  @Test func nothingIsFlaggedWithoutAPSF() throws {
    var configuration = MatchConfiguration()
    (configuration.psfOfA, configuration.psfOfB) = (.none, .none)
    let rows = try MatchBench(BlendedSky.pair(seed: 5)).run(configuration)
    #expect(rows.matches.count > 100)
    for row in rows.matches { #expect(row.flags.isDisjoint(with: [.blendedA, .blendedB])) }
  }

  /// With all pairs in the pairing, none is negligible.
  @Test func flagsAreTheSameWhereNoPairIsNegligible() throws {
    let bench = try MatchBench(BlendedSky.pair(seed: 6))
    var configuration = MatchConfiguration()
    func flagged(_ rows: RunRows) -> Set<RunRows.Pair> {
      Set(rows.matches.filter { $0.flags.contains(.blendedB) }.map(\.ids))
    }
    let usual = flagged(try bench.run(configuration))
    configuration.negligibleProbability = 0
    #expect(flagged(try bench.run(configuration)) == usual)
  }
}
