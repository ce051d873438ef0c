import CatalogStore
import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// The whole run against a matcher that tries everything.
@Suite struct OracleTests {
  /// How closely the numbers have to agree.
  private struct Tolerance {
    /// Probabilities are sums of a few terms e^(ln R), ln R itself good to some 10⁻¹⁴.
    var probability = 1e-12
    /// Of everything else, relative above 1.
    var relative = 1e-11

    /// Across right ascension 0 the difference of two right ascensions is rounded at 360°: 10⁻¹⁰ arcsec.
    static let acrossZero = Tolerance(probability: 5e-10, relative: 1e-9)
  }

  private static let skies: [SimulatedSky] = [
    .allSky, .northPole, .southPole, .rightAscensionZero, .polarCorner, .lesserCoverage, .densityContrast, .clusters,
    .ellipsesAtPole,
  ]

  @Test(arguments: skies)
  func runAgreesWithTryingEverything(sky: SimulatedSky) throws {
    try expectAgreement(sky.pair(seed: 5), sky == .rightAscensionZero ? .acrossZero : Tolerance())
  }

  /// East and north turn from one source to the next near a pole, by up to half a turn across it.
  @Test(arguments: [90.0, -89.9995, 89.99, 60])
  func ellipticalErrorsAgreeWithVectorsNearThePoles(dec: Double) throws {
    try forEverySeed([1, 2]) { rng in
      var detection = SimulatedPair.Detection()
      detection.isElliptical = true
      let objects = Sky.cap(120, raDegrees: 33, decDegrees: dec, radiusDegrees: 0.01, using: &rng)
      try expectAgreement(SimulatedPair(objects: objects, detection, using: &rng))
    }
  }

  private func expectAgreement(_ pair: SimulatedPair, _ tolerance: Tolerance = Tolerance()) throws {
    let bench = try MatchBench(pair, shardBytes: 40_000)
    let plan = try bench.plan(sourcesPerChunk: 60)
    let rows = try bench.run(plan, threads: 2)
    let regions = plan.regions
    let models = RegionModels(counting: regions)
    let oracle = NaiveMatcher(pair.a.sources.map(WideSource.init), pair.b.sources.map(WideSource.init)) { a, b in
      models.priors(
        ofA: regions.region(of: Healpix29.index(raDegrees: a.ra, decDegrees: a.dec)),
        ofB: regions.region(of: Healpix29.index(raDegrees: b.ra, decDegrees: b.dec)))
    }
    #expect(oracle.enumerated > oracle.islands * 9 / 10)
    #expect(Int(rows.outcome.totals.islands) == oracle.islands)
    expectSamePairs(rows, oracle, tolerance)
    expectSameMatches(rows, oracle, tolerance)
    expectSameNonmatches(rows, oracle, tolerance)
    expectSameIslands(rows, oracle)
  }

  private func expectSamePairs(_ rows: RunRows, _ oracle: NaiveMatcher, _ tolerance: Tolerance) {
    #expect(Set(rows.pairs.map(\.ids)) == Set(oracle.pairs.keys))
    for row in rows.pairs {
      guard let expected = oracle.pairs[row.ids] else { continue }
      expectClose(row, "separation_arcsec", expected.separation, relative: tolerance)
      expectClose(row, "chi2", expected.chiSquared, relative: tolerance)
      expectClose(row, "log10_density", expected.log10Density, relative: tolerance)
      expectClose(row, "xi", expected.xi, relative: tolerance)
      expectClose(row, "pair_p", expected.probability, probability: tolerance)
      #expect((row.integer("matched") == 1) == expected.isMatched, "\(row.ids)")
    }
  }

  private func expectSameMatches(_ rows: RunRows, _ oracle: NaiveMatcher, _ tolerance: Tolerance) {
    #expect(Set(rows.matches.map(\.ids)) == Set(oracle.pairs.filter(\.value.isMatched).keys))
    for row in rows.matches {
      guard let pair = oracle.pairs[row.ids], let source = oracle.sources[row.ids.a] else { continue }
      expectClose(row, "match_p", source.matchP, probability: tolerance)
      expectClose(row, "pair_p", pair.probability, probability: tolerance)
      expectClose(row, "separation_arcsec", pair.separation, relative: tolerance)
      let others = oracle.pairs.filter { $0.key.a == row.ids.a && $0.key.b != row.ids.b }
      if let best = others.max(by: { $0.value.probability < $1.value.probability }) {
        #expect(row.integer("a_runner_up_id") == best.key.b)
        expectClose(row, "a_runner_up_p", best.value.probability, probability: tolerance)
      } else {
        #expect(row["a_runner_up_id"] == .null && row["a_runner_up_p"] == .null)
      }
    }
  }

  private func expectSameNonmatches(_ rows: RunRows, _ oracle: NaiveMatcher, _ tolerance: Tolerance) {
    #expect(Set(rows.nonmatches.map(\.id)) == Set(oracle.sources.filter { $0.value.partner == nil }.keys))
    for row in rows.nonmatches {
      guard let expected = oracle.sources[row.id] else { continue }
      expectClose(row, "match_p", expected.matchP, probability: tolerance)
      expectClose(row, "alone_p", expected.aloneP, probability: tolerance)
      guard let nearest = expected.nearest else {
        #expect(row["nnm_id"] == .null && row["nnm_separation_arcsec"] == .null && row["nnm_xi"] == .null)
        continue
      }
      #expect(row.integer("nnm_id") == nearest.id)
      expectClose(row, "nnm_separation_arcsec", nearest.separation, relative: tolerance)
      expectClose(row, "nnm_xi", nearest.xi, relative: tolerance)
    }
  }

  private func expectSameIslands(_ rows: RunRows, _ oracle: NaiveMatcher) {
    var members: [Int64: Set<Int64>] = [:]
    for row in rows.matches { members[row.integer("island"), default: []].formUnion([row.ids.a, row.ids.b]) }
    for row in rows.nonmatches { members[row.integer("island"), default: []].insert(row.id) }
    #expect(Set(members.values) == Set(oracle.sources.values.map(\.island)))
  }

  private func expectClose(_ row: RunRows.Row, _ column: String, _ expected: Double, relative tolerance: Tolerance) {
    expectClose(row, column, expected, within: tolerance.relative * max(1, abs(expected)))
  }

  private func expectClose(_ row: RunRows.Row, _ column: String, _ expected: Double, probability tolerance: Tolerance) {
    expectClose(row, column, expected, within: tolerance.probability)
  }

  private func expectClose(_ row: RunRows.Row, _ column: String, _ expected: Double, within tolerance: Double) {
    let value = row.double(column)
    #expect(abs(value - expected) <= tolerance, "\(column) \(value), expected \(expected): \(row.values)")
  }
}
