import CatalogStore
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Flags say what a reader of a row should know, and priors come from where both catalogues look.
@Suite struct FlagTests {
  private func distance(_ row: RunRows.Row, _ ra: Double, _ dec: Double) -> Double {
    separation(ra1Degrees: row.double("ra_deg"), dec1Degrees: row.double("dec_deg"), ra2Degrees: ra, dec2Degrees: dec)
      .degrees
  }

  @Test func sourcesNearTheEdgeAreFlaggedAndThoseInsideAreNot() throws {
    var rng = SplitMix64(seed: 8)
    let (ra, dec, radius) = (150.0, 30.0, 0.5)
    let objects = Sky.cap(6000, raDegrees: ra, decDegrees: dec, radiusDegrees: radius, using: &rng)
    let rows = try MatchBench(SimulatedPair(objects: objects, using: &rng)).run()
    // A border pixel holds at most some 32 sources at 5000 deg⁻²: 0.08° on a side.
    let loners = rows.nonmatches.filter { $0["nnm_id"] == .null }
    for row in loners where distance(row, ra, dec) < radius - 0.25 { #expect(!row.flags.contains(.nearEdge)) }
    for row in loners where distance(row, ra, dec) > radius - 0.005 { #expect(row.flags.contains(.nearEdge)) }
    #expect(loners.contains { distance($0, ra, dec) < radius - 0.25 })
    #expect(!rows.nonmatches.contains { $0.flags.contains(.approximate) || $0.flags.contains(.radiusLimited) })
  }

  /// Discs of 0.5° whose centres are 0.5° apart: 39 % of each is common.
  @Test func priorsComeFromTheSkyThatBothCataloguesCover() throws {
    var rng = SplitMix64(seed: 9)
    func disc(_ count: Int, _ ra: Double, sigma: Double) -> [SimulatedSource] {
      let sky = Sky.cap(count, raDegrees: ra, decDegrees: 0.3, radiusDegrees: 0.5, using: &rng)
      return zip(sky.raDegrees, sky.decDegrees).map { SimulatedSource($0, $1, sigma: sigma) }
    }
    let pair = SimulatedPair(a: disc(5000, 100, sigma: 1), b: disc(9000, 100.5, sigma: 1))
    let bench = try MatchBench(pair)
    let (area, rows) = (Double.pi * 0.25, try bench.run())
    let (nA, nB) = (5000 / area, 9000 / area)
    let first = try #require(rows.pairs.first)
    #expect(abs(first.double("n_c") / (nA / 2) - 1) < 0.1, "\(first.double("n_c")) for \(nA / 2)")
    #expect(abs(first.double("n_a") / (nA / 2) - 1) < 0.1)
    #expect(abs(first.double("n_b") / (nB - nA / 2) - 1) < 0.1)
    let inside = rows.nonmatches.filter { $0["nnm_id"] == .null && $0.isA }
    for row in inside {
      let beyond = distance(row, 100.5, 0.3) - 0.5
      // A border pixel reaches farther than the sources in it.
      if beyond > 0.01 { #expect(!row.flags.isDisjoint(with: [.outsideCommonCoverage, .nearEdge])) }
      if beyond > 0.3 { #expect(row.flags.contains(.outsideCommonCoverage)) }
      if beyond < -0.12 { #expect(!row.flags.contains(.outsideCommonCoverage)) }
    }
    #expect(inside.contains { $0.flags.contains(.outsideCommonCoverage) })
  }

  /// A field of 0.3° that reaches a hundredth of its sources over the border of a base pixel.
  @Test func priorsOfASliverBeyondABasePixelAreThoseOfItsField() throws {
    var rng = SplitMix64(seed: 10)
    let objects = Sky.cap(6000, raDegrees: 90.56, decDegrees: 60, radiusDegrees: 0.3, using: &rng)
    let rows = try MatchBench(SimulatedPair(objects: objects, using: &rng)).run()
    let density = 0.7 * 6000 / (Double.pi * 0.09)
    let sliver = rows.matches.filter { $0.double("a_ra_deg") < 90 && $0.double("b_ra_deg") < 90 }
    #expect(sliver.count > 5)
    let priors = Dictionary(uniqueKeysWithValues: rows.pairs.map { ($0.ids, $0.double("n_c")) })
    for row in sliver {
      let ratio = priors[row.ids]! / (density / 2)
      #expect(ratio > 0.3 && ratio < 3, "\(ratio) of the field's density")
    }
  }

  /// A source with an error of 30″ looks 111″ far, but no farther than the run's largest separation.
  @Test func sourcesWithLargeErrorsAreFlaggedAndSeeTheWholeLargestSeparation() throws {
    var pair = SimulatedPair(a: [SimulatedSource(50, 10, sigma: 30), SimulatedSource(70, 10, sigma: 0.1)], b: [])
    pair.a.number(from: 1000)
    for (index, arcsec) in [20.0, 41, 43, 55, 59.9, 60.1, 80].enumerated() {
      pair.b.sources.append(SimulatedSource(id: Int64(5_000_000 + index), 50, 10 + arcsec / 3600, sigma: 0.1))
    }
    pair.b.sources.append(SimulatedSource(id: 5_000_100, 70, 10, sigma: 0.1))
    let bench = try MatchBench(pair, shardBytes: 20_000)
    for sourcesPerChunk in [1, 1000] {
      let rows = try bench.run(sourcesPerChunk: sourcesPerChunk)
      let separations = rows.pairs.filter { $0.ids.a == 1000 }.map { $0.double("separation_arcsec").rounded() }
      #expect(separations.sorted() == [20, 41, 43, 55, 60])
      for row in rows.pairs { #expect(row.flags.contains(.radiusLimited) == (row.ids.a == 1000)) }
    }
    var narrow = MatchConfiguration.positionsOnly
    narrow.largestSeparationArcsec = 42
    #expect(try bench.run(narrow).pairs.count { $0.ids.a == 1000 } == 2)
  }

  /// Thirty against twenty-six sources at one spot: no narrow frontier, so belief propagation.
  @Test func anEntangledIslandIsSolvedApproximatelyAndSaysSo() throws {
    let rows = try MatchBench(SimulatedSky.duplicates.pair()).run()
    let sizes = Dictionary(grouping: rows.pairs) { $0.integer("island") }
    for (_, pairs) in sizes {
      let isLarge = pairs.count >= 700
      #expect(pairs.allSatisfy { $0.flags.contains(.approximate) == isLarge }, "\(pairs.count) pairs")
    }
    let approximate = rows.pairs.filter { $0.flags.contains(.approximate) }
    #expect(approximate.count >= 780)
    let matched = rows.matches.filter { $0.flags.contains(.approximate) }
    #expect(matched.count == 26)
    // Every source's probabilities add up: all pairs of the spot are alike.
    let sums = Dictionary(grouping: approximate) { $0.ids.a }.mapValues { $0.reduce(0) { $0 + $1.double("pair_p") } }
    #expect(sums.values.allSatisfy { $0 <= 1 + 1e-9 })
  }

  /// What is flagged of one source says nothing of others in its island.
  @Test func aRowHasTheFlagsOfItsOwnSources() throws {
    let rows = try MatchBench(SimulatedSky.lesserCoverage.pair()).run()
    let islands = Dictionary(grouping: rows.matches + rows.nonmatches) { $0.integer("island") }
    #expect(islands.values.contains { Set($0.map(\.flags)).count > 1 })
    // A pair has what its match has, and the flags of a source are the same in each of its pairs.
    var ofPairs: [[Int64]: MatchFlags] = [:]
    for row in rows.pairs { ofPairs[[row.ids.a, row.ids.b]] = row.flags }
    for row in rows.matches { #expect(row.flags == ofPairs[[row.ids.a, row.ids.b]]) }
  }
}
