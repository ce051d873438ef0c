import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Pairs that no island can make probable are left out of the pairing and accounted for, however the sky is cut.
@Suite struct NegligiblePairsTests {
  /// Few counterparts among many strangers: far pairs are improbable by position alone.
  private let pair = field(counterparts: 300, strangers: 20_000, radiusDegrees: 0.2, sigma: 0.3...0.6)

  /// Magnitudes tell counterparts from strangers.
  private static func field(
    counterparts: Int, strangers: Int, radiusDegrees: Double, sigma: ClosedRange<Double>
  ) -> SimulatedPair {
    var rng = SplitMix64(seed: 17)
    let detection = SimulatedPair.Detection(completenessA: 1, completenessB: 1, sigmaA: sigma, sigmaB: sigma)
    func objects(_ count: Int) -> SimulatedPair {
      let sky = Sky.cap(count, raDegrees: 0, decDegrees: -30, radiusDegrees: radiusDegrees, using: &rng)
      return SimulatedPair(objects: sky, detection, using: &rng)
    }
    var pair = objects(counterparts)
    for index in pair.a.sources.indices {
      let magnitude = rng.uniform(12, 16)
      pair.a.sources[index].magnitudes = [magnitude]
      pair.b.sources[index].magnitudes = [magnitude + rng.normal(sigma: 0.1)]
    }
    var (a, b) = (objects(strangers).a.sources, objects(strangers).b.sources)
    for index in a.indices { a[index].magnitudes = [rng.uniform(15, 20)] }
    for index in b.indices { b[index].magnitudes = [rng.uniform(15, 20)] }
    pair.a.sources += a
    pair.b.sources += b
    (pair.a.bands, pair.b.bands) = (["G"], ["W"])
    pair.a.number(from: 1)
    pair.b.number(from: 1_000_000)
    return pair
  }

  private func configuration(_ negligible: Double, photometry: Bool = false) -> MatchConfiguration {
    var configuration = MatchConfiguration()
    configuration.photometry = photometry
    configuration.negligibleProbability = negligible
    return configuration
  }

  /// What a source or pair had with all candidates differs by less than what was left out.
  @Test(arguments: [1e-4, 1e-2])
  func probabilitiesDifferByLessThanWasLeftOut(negligible: Double) throws {
    let bench = try MatchBench(pair)
    let all = try bench.run(configuration(0))
    let some = try bench.run(configuration(negligible))
    let totals = (all: all.outcome.totals, some: some.outcome.totals)
    #expect(totals.all.negligiblePairs == 0 && totals.some.negligiblePairs > 0)
    #expect(totals.some.pairs + totals.some.negligiblePairs == totals.all.pairs)
    var before: [RunRows.Pair: Double] = [:]
    for row in all.pairs { before[row.ids] = row.double("pair_p") }
    var (kept, sum): (Set<RunRows.Pair>, Double) = ([], 0)
    for row in some.pairs {
      let old = try #require(before[row.ids])
      #expect(abs(row.double("pair_p") - old) < 20 * negligible, "\(row)")
      kept.insert(row.ids)
    }
    for (ids, probability) in before where !kept.contains(ids) {
      #expect(probability < negligible)
      sum += probability
    }
    #expect(sum <= totals.some.negligibleProbability)
    #expect(totals.some.negligibleProbability < negligible * Double(totals.some.negligiblePairs))
    withExtendedLifetime(bench) {}
  }

  @Test func whatIsLeftOutDoesNotDependOnHowTheSkyIsCut() throws {
    let bench = try MatchBench(pair)
    let whole = try bench.run(configuration(1e-2))
    #expect(whole.outcome.totals.negligiblePairs > 0)
    for size in [1000, 4000] {
      let cut = try bench.run(configuration(1e-2), sourcesPerChunk: size, threads: 2)
      #expect(cut.text == whole.text && cut.outcome.totals == whole.outcome.totals)
    }
    withExtendedLifetime(bench) {}
  }

  /// A source whose candidates are all negligible still names the nearest.
  @Test func theNearestOfTheNegligibleIsNamed() throws {
    let bench = try MatchBench(pair)
    let all = try bench.run(configuration(0))
    let some = try bench.run(configuration(1e-2))
    var candidates: [Int64: Double] = [:]
    for row in all.pairs {
      let id = row.ids.a
      candidates[id] = min(candidates[id] ?? .infinity, row.double("separation_arcsec"))
    }
    let paired = Set(some.pairs.map(\.ids.a))
    var seen = 0
    for row in some.nonmatches where row.isA {
      guard let nearest = candidates[row.id], !paired.contains(row.id) else { continue }
      seen += 1
      #expect(row.double("nnm_separation_arcsec") == nearest && row.double("alone_p") == 1)
    }
    #expect(seen > 0)
    withExtendedLifetime(bench) {}
  }

  /// In an island of many pairs those that magnitudes make negligible hold nothing together.
  @Test func entangledIslandsFallApart() throws {
    let dense = Self.field(counterparts: 5000, strangers: 9000, radiusDegrees: 0.09, sigma: 0.9...1.1)
    let bench = try MatchBench(dense)
    let all = try bench.run(configuration(0, photometry: true))
    let some = try bench.run(configuration(1e-3, photometry: true))
    func pairsOfTheLargestIsland(_ rows: RunRows) -> Int {
      Dictionary(grouping: rows.pairs) { $0.integer("island") }.values.map(\.count).max() ?? 0
    }
    let (before, after) = (pairsOfTheLargestIsland(all), pairsOfTheLargestIsland(some))
    #expect(before > 1000 && after < before * 7 / 10, "\(before) pairs, then \(after)")
    #expect(some.matches.contains { $0.flags.contains(.entangled) })
    #expect(!all.matches.contains { $0.flags.contains(.entangled) })
    let cut = try bench.run(configuration(1e-3, photometry: true), sourcesPerChunk: 6000, threads: 2)
    #expect(cut.chunks.count > 2 && cut.text == some.text && cut.outcome.totals == some.outcome.totals)
    withExtendedLifetime(bench) {}
  }

  @Test(arguments: [-1e-9, 0.011, .nan, .infinity])
  func aLimitThatIsNoneIsRefused(value: Double) {
    #expect(throws: StoreError.self) { try configuration(value).validate() }
  }
}
