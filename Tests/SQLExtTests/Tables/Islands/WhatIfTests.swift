import CatalogStore
import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun
@testable import SQLExt

/// `xm_what_if` and the forms of `xm_match_probability`: against the run itself, against other runs, against trying everything.
@Suite struct WhatIfTests {
  private static let call = "xm_what_if('left', 'right')"

  // MARK: Islands made by hand

  @Test func theWorkedIslandsHaveTheirWorkedProbabilities() throws {
    let stored = try StoredIslands([
      .init([[0.5]]), .init([[0.5, 1.0]]), .init([[0.5, 1.0], [1.2, 0.3]]), .init([[0.2, 5], [5, 1.4]]),
      .init([[0.6, 0.6], [0.6, 0.6]]),
    ])
    let expected = [
      0.9881522136, 0.8096379302, 0.1806546410, 0.9712691694, 0.0163095919, 0.0152149067, 0.9744307369, 0.9921836901,
    ]
    let found = try stored.numbers("SELECT new_pair_p FROM \(Self.call) ORDER BY a_rowid, b_rowid")
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 1e-9) }
    #expect(found.suffix(4).allSatisfy { abs($0 - 0.4926932133) < 1e-9 })
    let best = try stored.numbers("SELECT DISTINCT new_match_p FROM \(Self.call) ORDER BY island")
    for (found, expected) in zip(best, [0.9881522136, 0.8096379302, 0.9628858897, 0.7260647220, 0.4854406045]) {
      #expect(abs(found - expected) < 1e-9)
    }
  }

  @Test func magnitudesAreSwitchedOffOnAndWeighed() throws {
    // c = 0.02, f_A = 0.1, f_B = 0.05.
    let stored = try StoredIslands([.init([[0.5]], eta: [[log10(4)]])])
    func probability(_ arguments: String) throws -> Double {
      try stored.number("SELECT new_pair_p FROM xm_what_if('left', 'right'\(arguments))")
    }
    #expect(abs(try probability("") - 0.9970114981) < 1e-9)
    #expect(abs(try probability(", 1") - 0.9970114981) < 1e-9)
    #expect(abs(try probability(", 0") - 0.9881522136) < 1e-9)
    let half = 2 * 83.40395267
    #expect(abs(try probability(", 0.5") - half / (1 + half)) < 1e-9)
    #expect(
      try stored.value("SELECT round(log10_ratio - new_log10_ratio, 9) FROM xm_what_if('left', 'right', 0)")
        == "0.602059991")
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyChoiceAgreesWithTryingEverything(seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let islands = (0..<40).map { _ in StoredIslands.random(using: &rng) }
    let stored = try StoredIslands(islands)
    let off = try stored.numbers(
      "SELECT abs(w.new_pair_p - p.pair_p_without_photometry) + (w.new_matched <> p.matched_without_photometry) FROM xm_what_if('left', 'right', 0) w JOIN xm_pairs('left', 'right') p USING (a_rowid, b_rowid)"
    )
    #expect(off.count > 100 && off.allSatisfy { $0 < 1e-12 }, "seed \(seed): \(off.max() ?? 0)")
    let asRun = try stored.numbers("SELECT abs(new_pair_p - pair_p) + abs(match_p - new_match_p) FROM \(Self.call)")
    #expect(asRun.allSatisfy { $0 < 1e-12 }, "seed \(seed): \(asRun.max() ?? 0)")
    let found = try stored.numbers(
      "SELECT new_pair_p FROM xm_what_if('left', 'right', 0.7, 500, 1000, 40000, 0.25) ORDER BY a_rowid, b_rowid")
    let expected = islands.flatMap { island in
      let answers = StoredIslands.answers(island) { separation, eta in
        log(0.25 * 500 / (1000 * 40000)) + (StoredIslands.log10Density(separation) + 0.7 * eta) * log(10)
      }
      return zip(island.separations, answers.probability).flatMap { row, found in
        zip(row, found).compactMap { $0 == nil ? nil : $1 }
      }
    }
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 1e-12, "seed \(seed)") }
  }

  @Test func argumentsMayBeGivenByName() throws {
    let stored = try StoredIslands([.init([[0.5, 1.0]]), .init([[0.9]])])
    let positional = try stored.rows("SELECT * FROM xm_what_if('left', 'right', 1, 1e4, 2e4, 3e4, 2, \(stored.run))")
    #expect(positional.count == 3)
    #expect(try stored.rows("SELECT * FROM \(Self.call) WHERE prior_factor = 2") == positional)
    let probabilities = try stored.numbers("SELECT new_pair_p FROM \(Self.call) WHERE prior_factor = 2")
    let doubled = try stored.numbers(
      "SELECT new_pair_p FROM \(Self.call) WHERE n_c = 2e4 AND n_a = 2e4 AND run = \(stored.run)")
    #expect(zip(doubled, probabilities).allSatisfy { abs($0 - $1) < 1e-12 } && doubled.count == 3)
    #expect(try stored.value("SELECT photometry FROM \(Self.call) WHERE photometry = 0") == "0")
    #expect(
      try stored.rows(
        "SELECT DISTINCT k.column1 FROM (VALUES (1), (2)) k JOIN xm_what_if('left', 'right') w ON w.prior_factor = k.column1"
      )
        == ["1", "2"])
  }

  @Test(arguments: [
    (
      "xm_what_if('left', 'right', -1)",
      "argument 3 (photometry) is -1; expected weight of the magnitudes: 0 without, 1 as in the run, 0 to 1000"
    ),
    ("xm_what_if('left', 'right', 1, 0)", "argument 4 (n_c) is 0; expected per square degree, > 0"),
    (
      "xm_what_if('left', 'right') WHERE prior_factor = 'x'",
      "argument 7 (prior_factor) is 'x'; expected multiplies the odds before position and magnitudes, n_c / (n_a n_b), > 0"
    ),
    (
      "xm_what_if('left', 'right') WHERE run = 9",
      "argument 8 (run) is 9; expected the number of a finished run of left and right, of which there are: 1"
    ),
  ])
  func wrongArgumentsAreNamed(call: String, message: String) throws {
    let stored = try StoredIslands([.init([[0.5]])])
    #expect(stored.message("SELECT * FROM \(call)") == "xm_what_if: " + message)
  }

  // MARK: A whole field

  private struct Field {
    let sky: TestSky
    let host: SQLHost
    let context: XMDBContext

    init(isStored: Bool, _ configuration: MatchConfiguration = MatchConfiguration()) throws {
      var rng = SplitMix64(seed: 77)
      let field = StarField(700, raDegrees: 0, decDegrees: -20, radiusDegrees: 0.2, using: &rng)
      sky = try TestSky()
      try sky.add(field.gaia)
      try sky.add(field.catwise)
      host = try SQLHost(databasePath: sky.path)
      context = try #require(host.context)
      context.sourcesPerChunk = 200
      if isStored {
        let plan = try MatchPlan(
          database: sky.database, a: "gaia", b: "catwise", configuration: configuration, sourcesPerChunk: 80)
        _ = try MatchDriver(plan: plan, threads: 1).run()
      }
    }
  }

  @Test(arguments: [false, true])
  func withoutChangesItGivesTheRunAgain(isStored: Bool) throws {
    let field = try Field(isStored: isStored)
    let pairs = try field.host.rows(
      "SELECT a_id, b_id, pair_p, matched, island, a_rowid, b_rowid FROM xm_pairs('gaia', 'catwise')")
    let again = try field.host.rows(
      "SELECT a_id, b_id, pair_p, matched, island, a_rowid, b_rowid FROM xm_what_if('gaia', 'catwise')")
    #expect(pairs == again && pairs.count > 400)
    let worst = try field.host.number(
      "SELECT max(abs(new_pair_p - pair_p) + (new_matched <> matched)) FROM xm_what_if('gaia', 'catwise')")
    #expect(worst < 1e-12)
    try field.host.execute("CREATE TABLE w AS SELECT a_rowid, new_match_p FROM xm_what_if('gaia', 'catwise')")
    let best = try field.host.number(
      "SELECT max(abs(m.match_p - w.new_match_p)) FROM xmatch('gaia', 'catwise') m JOIN w USING (a_rowid)")
    #expect(best < 1e-12)
  }

  @Test func otherPriorsAgreeWithAMatchThatHasThem() throws {
    var configuration = MatchConfiguration()
    configuration.priors = .counts
    configuration.photometry = false
    let field = try Field(isStored: true, configuration)
    let plan = try MatchPlan(
      database: field.sky.database, a: "gaia", b: "catwise", configuration: configuration)
    for (name, priors) in [
      (
        "prior_factor = 3",
        { (p: PriorDensities) in
          PriorDensities(
            counterpartsPerDegree2: 3 * p.counterpartsPerDegree2, unmatchedAPerDegree2: p.unmatchedAPerDegree2,
            unmatchedBPerDegree2: p.unmatchedBPerDegree2)
        }
      ),
      (
        "n_c = 30 AND n_a = 5000 AND n_b = 90000",
        { (_: PriorDensities) in
          PriorDensities(counterpartsPerDegree2: 30, unmatchedAPerDegree2: 5000, unmatchedBPerDegree2: 90000)
        }
      ),
    ] {
      var matcher = ChunkMatcher(
        plan: plan, models: RegionModels(plan.regions.regions.map { RegionModels.Model(priors: priors($0.priors)) }))
      var expected: [String: Double] = [:]
      for chunk in plan.chunks {
        let result = try matcher.match(chunk)
        for pair in result.pairs {
          let rowids = (result.a.columns.rowid[Int(pair.a)], result.b.columns.rowid[Int(pair.b)])
          expected["\(rowids.0)|\(rowids.1)|\(pair.isMatched ? 1 : 0)"] = pair.pairP
        }
      }
      let rows = try field.host.rows(
        "SELECT a_rowid, b_rowid, new_matched, new_pair_p FROM xm_what_if('gaia', 'catwise') WHERE \(name)")
      #expect(rows.count == expected.count && rows.count > 400)
      for row in rows {
        let cut = try #require(row.lastIndex(of: "|"))
        let probability = try #require(Double(row[row.index(after: cut)...]))
        #expect(abs(probability - (expected[String(row[..<cut])] ?? -1)) < 1e-12, "\(name): \(row)")
      }
    }
  }

  @Test(arguments: [false, true])
  func aSourceBringsItsWholeIslandAndNoOther(isStored: Bool) throws {
    let field = try Field(isStored: isStored)
    let call = "xm_what_if('gaia', 'catwise', 0, 100)"
    let crowded = try field.host.value(
      "SELECT island FROM xm_pairs('gaia', 'catwise') GROUP BY island ORDER BY count(*) DESC LIMIT 1")
    let row = try field.host.value(
      "SELECT a_id || '|' || b_id || '|' || a_rowid || '|' || b_rowid FROM \(call) WHERE island = \(crowded) AND a_id IS NOT NULL AND b_id IS NOT NULL"
    )
    let keys = row.split(separator: "|")
    try field.host.execute("CREATE TABLE everything AS SELECT * FROM \(call)")
    for condition in [
      "island = \(crowded)", "a_id = \(keys[0])", "b_id = '\(keys[1])'", "a_rowid = \(keys[2])",
      "b_rowid = \(keys[3]) AND a_id = \(keys[0])", "island = -5", "a_rowid = 99999999", "a_id = 'x'", "b_id IS NULL",
      "new_pair_p > 0.5 AND b_id = '\(keys[1])'",
    ] {
      let before = field.context.counters
      let found = try field.host.rows("SELECT * FROM \(call) WHERE \(condition) ORDER BY a_rowid, b_rowid")
      #expect(
        found == (try field.host.rows("SELECT * FROM everything WHERE \(condition) ORDER BY a_rowid, b_rowid")),
        "\(condition)")
      let after = field.context.counters
      if !isStored && !condition.contains("NULL") && !condition.contains("'x'") {
        #expect(after.chunksMatched - before.chunksMatched <= 4, "\(condition)")
      }
      if isStored && condition.hasPrefix("island") {
        #expect(after.chunksRead - before.chunksRead <= 1, "\(condition)")
      }
    }
    let before = field.context.counters
    #expect(try field.host.rows("SELECT * FROM \(call) LIMIT 3").count == 3)
    let after = field.context.counters
    #expect(after.chunksMatched + after.chunksRead - before.chunksMatched - before.chunksRead <= 2)
  }

  @Test func theScalarFormsAnswerForLonePairs() throws {
    let field = try Field(isStored: true)
    let worst = try field.host.rows(
      """
      SELECT max(abs(pair_p - xm_match_probability(log10_density, n_c, n_a, n_b, eta))),
        max(abs(pair_p - xm_match_probability(eta + xi))), count(*)
      FROM xm_pairs('gaia', 'catwise')
      WHERE island IN (SELECT island FROM xm_pairs('gaia', 'catwise') GROUP BY island HAVING count(*) = 1)
      """)[0].split(separator: "|").compactMap { Double($0) }
    #expect(worst[0] < 1e-12 && worst[1] < 1e-12 && worst[2] > 200)
    #expect(
      try field.host.value("SELECT xm_match_probability(-400), xm_match_probability(400), xm_match_probability(NULL)")
        == "0.0|1.0|NULL")
  }
}
