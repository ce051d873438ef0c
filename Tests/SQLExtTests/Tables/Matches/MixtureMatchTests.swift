import CatalogStore
import Foundation
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun
@testable import SQLExt

/// A match with another likelihood than the Gaussian, from the search for candidates to what SQL says of them, on a sky whose errors
/// are not Gaussian.
@Suite struct MixtureMatchTests {
  private static let likelihood = MixtureLikelihood(wideShare: 0.3, wideVariance: 12)
  private static let counts = (both: 4000, a: 3000, b: 6000)
  private static let sigma = 0.25

  /// Sources 0 ..< both of both catalogues are counterparts.
  private func sky(_ rng: inout SplitMix64) throws -> TestSky {
    func field(_ count: Int) -> Sky {
      .cap(count, raDegrees: 44, decDegrees: 1, radiusDegrees: 0.12, using: &rng)
    }
    let both = field(Self.counts.both)
    var (a, b) = (both, Sky())
    for index in 0..<both.count {
      let isWide = rng.uniform() < Self.likelihood.wideShare
      let sigma = Self.sigma * 2.0.squareRoot() * (isWide ? Self.likelihood.wideVariance.squareRoot() : 1) / 3600
      b.append(
        both.raDegrees[index] + rng.normal(sigma: sigma) / cos(both.decDegrees[index] * .pi / 180),
        both.decDegrees[index] + rng.normal(sigma: sigma))
    }
    a.append(field(Self.counts.a))
    b.append(field(Self.counts.b))
    let sky = try TestSky()
    for (name, positions) in [("one", a), ("two", b)] {
      var catalogue = TestCatalogue(name, positions, sigmaArcsec: Self.sigma)
      catalogue.ids = .integer((0..<positions.count).map { Int64($0) }, nulls: [])
      try sky.add(catalogue)
    }
    return sky
  }

  private func match(_ sky: TestSky, _ likelihood: any PairLikelihood) throws -> SQLHost {
    var configuration = MatchConfiguration()
    (configuration.priors, configuration.photometry) = (.counts, false)
    let plan = try MatchPlan(
      database: SkyDatabase.open(at: sky.path), a: "one", b: "two", configuration: configuration,
      likelihood: likelihood, sourcesPerChunk: 500)
    #expect(try MatchDriver(plan: plan, threads: 2).run(redo: true).isComplete)
    return try SQLHost(databasePath: sky.path)
  }

  /// The share of all sources of a whose answer, a counterpart or none, is the true one.
  private static let correct = """
    SELECT ((SELECT count(*) FROM xmatch('one', 'two') WHERE a_id = b_id AND a_id < 4000)
      + (SELECT count(*) FROM xm_nonmatches('one', 'two', 'one') WHERE id >= 4000)) / 7000.0
    """

  @Test func everyQuantityIsThatOfTheMixture() throws {
    var rng = SplitMix64(seed: 71)
    let sky = try sky(&rng)
    let gaussian = try match(sky, GaussianLikelihood())
    let gaussianCorrect = try gaussian.number(Self.correct)
    let host = try match(sky, Self.likelihood)
    // Candidates: all true pairs up to F_max and no farther.
    let state = SourceState(
      raDegrees: 0, decDegrees: 0, covariance: PositionCovariance(circularSigmaArcsec: Self.sigma))
    for row in try host.rows("SELECT separation_arcsec, chi2, log10_density FROM xm_pairs('one', 'two')") {
      let values = row.split(separator: "|").compactMap { Double($0) }
      let expected = Self.likelihood.evidence(state, state, separationArcsec: values[0])
      #expect(abs(values[1] - 2 * expected.level) < 1e-9 && abs(values[2] - expected.logDensity / log(10)) < 1e-9)
      #expect(expected.level < PairEvidence.level(fraction: 0.9999))
    }
    let found = try host.number("SELECT count(*) FROM xm_pairs('one', 'two') WHERE a_id = b_id AND a_id < 4000")
    #expect(found >= 3990)
    // Probabilities are those of the truth, and better than with the wrong likelihood.
    let correct = try host.number(Self.correct)
    #expect(correct > gaussianCorrect + 0.02, "\(correct), Gaussian \(gaussianCorrect)")
    for decile in 0..<10 {
      let condition = "FROM xm_pairs('one', 'two') WHERE pair_p BETWEEN \(decile) / 10.0 AND \(decile + 1) / 10.0"
      let count = try host.number("SELECT count(*) \(condition)")
      if count < 30 { continue }
      let hits = try host.number("SELECT sum(a_id = b_id AND a_id < 4000) \(condition)")
      let expected = try host.number("SELECT sum(pair_p) \(condition)")
      let variance = try host.number("SELECT sum(pair_p * (1 - pair_p)) \(condition)")
      #expect(abs(hits - expected) < 4 * variance.squareRoot() + 0.02 * count, "\(decile): \(hits), \(expected)")
    }
    withExtendedLifetime(sky) {}
  }

  @Test func explanationsSpeakOfTheMixture() throws {
    var rng = SplitMix64(seed: 72)
    let sky = try sky(&rng)
    let host = try match(sky, Self.likelihood)
    let pair = try host.value(
      "SELECT a_id || '|' || chi2 || '|' || log10_density FROM xm_pairs('one', 'two') WHERE pair_p BETWEEN 0.2 AND 0.8 LIMIT 1"
    )
    let id = pair.split(separator: "|")[0]
    let explained = try host.rows(
      "SELECT \(id) || '|' || chi2 || '|' || log10_density FROM xm_explain('one', 'two', \(id))")
    #expect(explained.contains(pair), "\(explained)")
    // A run with another likelihood is another run, and is not taken for this one.
    #expect(try host.number("SELECT count(*) FROM xm_runs") == 1)
    withExtendedLifetime(sky) {}
  }
}
