import CatalogStore
import Foundation
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Matches of a catalogue whose errors are corrected.
@Suite struct CorrectedMatchTests {
  private var uncorrected: MatchConfiguration {
    var configuration = MatchConfiguration()
    configuration.corrections = .none
    return configuration
  }

  /// The worst deviation of a tenth of P with a hundred pairs, σ.
  private func worst(_ rows: RunRows, _ pair: SimulatedPair) -> Double {
    var tenths = [(hits: Double, sum: Double, variance: Double, count: Int)](repeating: (0, 0, 0, 0), count: 10)
    for row in rows.pairs {
      let p = row.double("pair_p")
      let tenth = min(9, Int(p * 10))
      tenths[tenth].hits += pair.truth[row.ids.a] == row.ids.b ? 1 : 0
      tenths[tenth].sum += p
      tenths[tenth].variance += p * (1 - p)
      tenths[tenth].count += 1
    }
    return tenths.filter { $0.count >= 100 }.map { abs($0.hits - $0.sum) / $0.variance.squareRoot() }.max() ?? 0
  }

  @Test func theErrorsThatWereUsedAreTheCorrectedOnes() throws {
    let pair = try WrongErrors().pair(seed: 21)
    let bench = try MatchBench(pair)
    let before = try bench.run(MatchConfiguration())
    try bench.correct()
    let correction = try #require(try bench.corrections()?.sightlines.first).correction.record.correction
    let after = try bench.run(MatchConfiguration())
    let quoted = Dictionary(uniqueKeysWithValues: pair.b.sources.map { ($0.id, $0.sigmaX) })
    #expect(after.matches.count > 5000)
    for row in after.matches {
      let expected = correction.sigmaArcsec(quoted: try #require(quoted[row.ids.b]))
      #expect(abs(row.double("b_sigma_used_arcsec") - expected) < 1e-9)
      #expect(abs(row.double("a_sigma_used_arcsec") - 0.02) < 1e-9)
    }
    #expect(try bench.plan(MatchConfiguration()).notes.contains { $0.contains("errors of wrong are taken as sqrt(") })
    #expect(try bench.run(uncorrected).text == before.text)
  }

  @Test func aMatchIsCalibratedWithThemAndLessWithout() throws {
    let sky = WrongErrors(factor: 5, floorArcsec: 0.05, inBoth: 15_000, alone: 25_000)
    let pair = try sky.pair(seed: 22)
    let bench = try MatchBench(pair)
    try bench.correct()
    let (with, without) = (try bench.run(MatchConfiguration()), try bench.run(uncorrected))
    func quality(_ rows: RunRows) -> (found: Int, right: Int) {
      let pairs = rows.matches.filter { $0.double("pair_p") >= 0.5 }.map(\.ids)
      return (pairs.count, pairs.count { pair.truth[$0.a] == $0.b })
    }
    let (good, bad) = (quality(with), quality(without))
    let (calm, wild) = (worst(with, pair), worst(without, pair))
    print("corrected \(good), worst \(calm); as quoted \(bad), worst \(wild)")
    #expect(calm < 4.5, "\(calm)")
    #expect(good.right >= bad.right && wild > calm, "\(good) \(bad), \(calm) \(wild)")
  }

  @Test func aRunWithOtherCorrectionsIsAnother() throws {
    let bench = try MatchBench(WrongErrors(inBoth: 2000, alone: 1000).pair(seed: 23))
    func fingerprint() throws -> Fingerprint { try bench.plan(MatchConfiguration()).fingerprint }
    let (plain, first) = (try fingerprint(), try MatchDriver(plan: bench.plan(MatchConfiguration()), threads: 1).run())
    try bench.correct()
    let corrected = try fingerprint()
    #expect(corrected != plain)
    #expect(try bench.plan(uncorrected).fingerprint != corrected)
    let second = try MatchDriver(plan: bench.plan(MatchConfiguration()), threads: 1).run()
    #expect(!second.wasThere && second.run != first.run)
    // Either run is read with the errors that it had.
    #expect(try FinishedRun(database: bench.database, number: first.run).plan.fingerprint == plain)
    #expect(try FinishedRun(database: bench.database, number: second.run).plan.fingerprint == corrected)
    var linear = CorrectionConfiguration()
    linear.relation = .linear
    try bench.correct(linear)
    #expect(try fingerprint() != corrected)
    #expect(throws: StoreError.self) { try FinishedRun(database: bench.database, number: second.run) }
    #expect(try bench.database.writableRegistry().forgetCorrections(of: "wrong") == 1)
    #expect(try fingerprint() == plain)
    #expect(try MatchDriver(plan: bench.plan(MatchConfiguration()), threads: 1).run().wasThere)
  }

  @Test func correctionsGoWithTheirGeneration() throws {
    var pair = try WrongErrors(inBoth: 2000, alone: 1000).pair(seed: 24)
    let bench = try MatchBench(pair)
    try bench.correct()
    #expect(try bench.corrections() != nil)
    pair.b.sources.removeLast()
    try bench.ingest(pair.b, replace: true)
    #expect(try bench.corrections() == nil)
    #expect(try DatabaseVerifier(database: bench.database, threads: 1).verifyRegistry().damages.isEmpty)
  }

  @Test func theAnswerDoesNotDependOnHowTheSkyIsCut() throws {
    let pair = try WrongErrors(slope: 3, inBoth: 4000).pair(seed: 25)
    var order = CorrectionConfiguration()
    order.order = 7
    let (whole, cut) = (try MatchBench(pair), try MatchBench(pair, shardBytes: 30_000))
    for bench in [whole, cut] { try bench.correct(order) }
    #expect(try whole.corrections().map { !$0.map.isConstant } ?? false)
    #expect(
      try whole.run(MatchConfiguration()).text == cut.run(MatchConfiguration(), sourcesPerChunk: 300, threads: 2).text)
  }
}

extension WrongErrors: CustomStringConvertible {
  var description: String { "m \(factor), n \(floorArcsec), \(relation)" }
}
