import CatalogStore
import Foundation
import MatchRun
import Testing
import XMDBTestSupport

/// Probabilities mean what they say: of the pairs given P, a fraction P is real.
@Suite struct TruthTests {
  /// A field in which half of the rarer catalogue has counterparts, as the count priors suppose: 2000 objects in both,
  /// 2000 in a alone, 3000 in b alone; about every second circle of candidates holds a stranger.
  private func field(_ seed: UInt64, isElliptical: Bool) -> SimulatedPair {
    var rng = SplitMix64(seed: seed)
    var detection = SimulatedPair.Detection(completenessA: 1, completenessB: 1, sigmaA: 0.25...0.6, sigmaB: 0.25...0.6)
    detection.isElliptical = isElliptical
    let (ra, dec, radius) = (281.0, -29.0, isElliptical ? 0.12 : 0.06)
    func sky(_ count: Int) -> Sky { .cap(count, raDegrees: ra, decDegrees: dec, radiusDegrees: radius, using: &rng) }
    let both = sky(2000)
    let (strangersA, strangersB) = (sky(2000), sky(3000))
    var pair = SimulatedPair(objects: both, detection, using: &rng)
    let alone = SimulatedPair(objects: strangersA, detection, using: &rng)
    pair.a.sources += alone.a.sources
    pair.b.sources += SimulatedPair(objects: strangersB, detection, using: &rng).b.sources
    pair.a.number(from: 1000)
    pair.b.number(from: 5_000_000)
    return pair
  }

  /// The count lies within four standard deviations, and a twentieth more for priors that come from a ragged border.
  private func expectBinomial(_ hits: Int, of count: Int, mean: Double, _ what: String) {
    let spread = (mean * (1 - mean) * Double(count)).squareRoot()
    let slack = 4 * spread + 0.02 * Double(count) + 1
    #expect(abs(Double(hits) - mean * Double(count)) <= slack, "\(what): \(hits) of \(count), expected \(mean)")
  }

  @Test(arguments: [false, true])
  func reliabilityHoldsInEveryDecile(isElliptical: Bool) throws {
    var pairs = [(hits: Int, count: Int, sum: Double)](repeating: (0, 0, 0), count: 10)
    var alone = pairs
    for seed: UInt64 in [1, 2] {
      let pair = field(seed, isElliptical: isElliptical)
      let rows = try MatchBench(pair).run(threads: 2)
      let back = Dictionary(uniqueKeysWithValues: pair.truth.map { ($1, $0) })
      for row in rows.pairs {
        tally(&pairs, row.double("pair_p"), pair.truth[row.ids.a] == row.ids.b)
      }
      let inAnIsland = Set(rows.pairs.flatMap { [$0.ids.a, $0.ids.b] })
      for row in rows.nonmatches where inAnIsland.contains(row.id) {
        tally(&alone, row.double("alone_p"), (row.isA ? pair.truth[row.id] : back[row.id]) == nil)
      }
    }
    for (name, deciles) in [("pair_p", pairs), ("alone_p", alone)] {
      for (decile, (hits, count, sum)) in deciles.enumerated() where count >= 30 {
        expectBinomial(hits, of: count, mean: sum / Double(count), "\(name) in \(decile)/10")
      }
    }
    #expect(pairs.count { $0.count >= 30 } >= 9)
  }

  private func tally(_ deciles: inout [(hits: Int, count: Int, sum: Double)], _ p: Double, _ isTrue: Bool) {
    let decile = min(9, Int(p * 10))
    deciles[decile].hits += isTrue ? 1 : 0
    deciles[decile].count += 1
    deciles[decile].sum += p
  }

  @Test(arguments: [0.6, 0.9, 0.999])
  func truePairsInsideTheCutAreCandidates(fraction: Double) throws {
    for isElliptical in [false, true] {
      let pair = field(3, isElliptical: isElliptical)
      var configuration = MatchConfiguration.positionsOnly
      configuration.candidateFraction = fraction
      let rows = try MatchBench(pair).run(configuration, threads: 2)
      let found = Set(rows.pairs.map(\.ids))
      let hits = pair.truth.count { found.contains(RunRows.Pair(a: $0.key, b: $0.value)) }
      let spread = (fraction * (1 - fraction) * Double(pair.truth.count)).squareRoot()
      #expect(abs(Double(hits) - fraction * Double(pair.truth.count)) <= 4 * spread, "\(hits) of \(pair.truth.count)")
    }
  }

  /// Sparse pairs in a disc at two places, right ascension stored in [0, 360).
  @Test(arguments: [131.0, 0])
  func sparseDiscsGiveAllTruePairsAndNothingElse(ra: Double) throws {
    for (both, onlyA, onlyB) in [(35, 5, 15), (370, 30, 130)] {
      var rng = SplitMix64(seed: 30)
      let objects = Sky.cap(both + onlyA + onlyB, raDegrees: ra, decDegrees: 0, radiusDegrees: 0.5, using: &rng)
      var pair = SimulatedPair(
        objects: objects, .init(completenessA: 1, completenessB: 1, sigmaA: 0.3...0.3, sigmaB: 0.5...0.5), using: &rng)
      let (missingFromB, missingFromA) = (both..<both + onlyA, (both + onlyA)..<objects.count)
      for index in missingFromB { pair.truth[1000 + Int64(index)] = nil }
      for index in missingFromA { pair.truth[1000 + Int64(index)] = nil }
      pair.a.sources.removeSubrange(missingFromA)
      pair.b.sources.removeSubrange(missingFromB)
      var configuration = MatchConfiguration.positionsOnly
      configuration.candidateFraction = 0.999_999
      let rows = try MatchBench(pair).run(configuration)
      #expect(rows.matchedPairs == Set(pair.truth.map { RunRows.Pair(a: $0.key, b: $0.value) }))
    }
  }
}
