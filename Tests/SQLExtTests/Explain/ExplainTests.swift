import CatalogStore
import Foundation
import MatchRun
import Testing
import XMDBTestSupport

@testable import SQLExt

/// `xm_explain`: the factors of one source, its island, and the words for why a rival lost.
@Suite struct ExplainTests {
  @Test func theWorkedIslandIsExplained() throws {
    let stored = try StoredIslands([.init([[0.5, 1.0], [1.2, 0.3]])])
    let rows = try stored.rows(
      """
      SELECT side, role, a_id, b_id, separation_arcsec, a_sigma_used_arcsec, b_sigma_used_arcsec, chi2, n_c, n_a, n_b,
        eta, round(xi, 8), round(log10_ratio, 8), round(pair_p, 10), matched, round(alone_p, 8), runner_up_id,
        round(runner_up_p, 10), island_a, island_b, round(match_p, 10), flags, flag_names, a_rowid, b_rowid
      FROM xm_explain('left', 'right', 1)
      """)
    let common = "|0.01242124|b2|0.0163095919|2|2|0.9628858897|0||"
    #expect(
      rows == [
        "a|candidate|1|b1|0.5|0.3|0.4|1.0|10000.0|20000.0|30000.0|0.0|1.92118663|1.92118663|0.9712691694|1" + common
          + "0|0",
        "a|candidate|1|b2|1.0|0.3|0.4|4.0|10000.0|20000.0|30000.0|0.0|1.26974491|1.26974491|0.0163095919|0" + common
          + "0|1",
        "a|rival|2|b2|0.3|0.3|0.4|0.36|10000.0|20000.0|30000.0|0.0|2.06016087|2.06016087|0.9744307369|1" + common
          + "1|1",
        "a|rival|2|b1|1.2|0.3|0.4|5.76|10000.0|20000.0|30000.0|0.0|0.88756577|0.88756577|0.0152149067|0" + common
          + "1|0",
      ])
    #expect(
      try stored.rows("SELECT a_id, b_id, verdict FROM xm_explain('left', 'right', 1)") == [
        "1|b1|counterpart: likelier one object than two, log10 R 1.9 (position +1.9)",
        "1|b2|farther: 1″ against 0.5″ costs 0.65 dex; its best counterpart is another source, 2, P 0.97",
        "2|b2|counterpart: likelier one object than two, log10 R 2.1 (position +2.1)",
        "2|b1|farther: 1.2″ against 0.3″ costs 1.2 dex; its best counterpart is another source, 1, P 0.97",
      ])
    // The other catalogue's source sees the same pairs from the other side.
    #expect(
      try stored.rows(
        "SELECT side, role, a_id, b_id, matched FROM xm_explain('left', 'right', 'b2', 'right', \(stored.run))")
        == ["b|candidate|2|b2|1", "b|candidate|1|b2|0", "b|rival|1|b1|1", "b|rival|2|b1|0"])
    #expect(
      try stored.value("SELECT verdict FROM xm_explain('left', 'right', 'b2') WHERE a_id = 1")
        == "farther: 1″ against 0.3″ costs 0.79 dex; its best counterpart is another source, b1, P 0.97")
  }

  @Test func theVerdictNamesEveryFactorThatCounts() throws {
    // Magnitudes turn a near neighbour down; a lone pair is likelier a chance neighbour; magnitudes save a far one.
    let stored = try StoredIslands([
      .init([[0.2, 1.0]], eta: [[-2, 1.5]]), .init([[0.5]], eta: [[-2.5]]), .init([[1.7]], eta: [[2]]),
    ])
    func verdicts(_ id: Int) throws -> [String] {
      try stored.rows("SELECT verdict FROM xm_explain('left', 'right', \(id), 'left')")
    }
    #expect(
      try verdicts(1) == [
        "counterpart: likelier one object than two, log10 R 2.8 (position +1.3, magnitudes +1.5); positions alone would not choose it",
        "magnitudes cost 3.5 dex; nearer: 0.2″ against 1″ gains 0.83 dex",
      ])
    #expect(try verdicts(2) == ["likelier a chance neighbour, log10 R -0.58 (position +1.9, magnitudes -2.5)"])
    #expect(
      try verdicts(3) == [
        "counterpart: likelier one object than two, log10 R 1.6 (position -0.37, magnitudes +2); positions alone would not choose it"
      ])
  }

  @Test func aBetterCandidateMayBeTakenByAnother() throws {
    // a1 is nearer to b1 than to b2, but a2 has b1 alone.
    let stored = try StoredIslands([.init([[0.4, 0.6], [0.1, nil]])])
    #expect(
      try stored.rows("SELECT b_id, verdict FROM xm_explain('left', 'right', 1) WHERE role = 'candidate' ORDER BY b_id")
        == [
          "b1|its best counterpart is another source, 2, P 0.98; nearer: 0.4″ against 0.6″ gains 0.17 dex",
          "b2|counterpart: likelier one object than two, log10 R 1.8 (position +1.8)",
        ])
  }

  @Test func anIdMayBelongToEitherOrBoth() throws {
    let sky = try TestSky()
    var rng = SplitMix64(seed: 5)
    let stars = Sky.cap(30, raDegrees: 10, decDegrees: 10, radiusDegrees: 0.05, using: &rng)
    try sky.add(TestCatalogue("one", stars, sigmaArcsec: 0.2))
    try sky.add(TestCatalogue("two", stars, sigmaArcsec: 0.2))
    var nameless = TestCatalogue("nameless", stars, sigmaArcsec: 0.2)
    nameless.ids = .none
    try sky.add(nameless)
    let host = try SQLHost(databasePath: sky.path)
    #expect(
      try host.rows("SELECT side, a_id, b_id FROM xm_explain('one', 'two', 1004)") == ["a|1004|1004", "b|1004|1004"])
    #expect(try host.rows("SELECT side FROM xm_explain('one', 'two', '1004', 'two')") == ["b"])
    #expect(try host.rows("SELECT side, a_id FROM xm_explain('one', 'two', 1004.0) WHERE which = 'one'") == ["a|1004"])
    #expect(try host.rows("SELECT side, b_id, b_rowid FROM xm_explain('one', 'nameless', 7)") == ["b|NULL|7"])
    for nothing in ["999", "'x'", "NULL", "1004.5"] {
      #expect(try host.rows("SELECT * FROM xm_explain('one', 'two', \(nothing))").isEmpty, "\(nothing)")
    }
    #expect(
      host.message("SELECT * FROM xm_explain('one', 'two', x'01')")
        == "xm_explain: argument 3 (id) is a blob of 1 bytes; expected identifier of a source of a or b; in a catalogue without any, xm_rowid, an integer or text"
    )
    #expect(
      host.message("SELECT * FROM xm_explain('one', 'two', 1004, 'three')")
        == "xm_explain: argument 4 (which) is 'three'; expected 'one' or 'two'")
  }

  @Test func aSourceWithoutCandidatesIsToldWhy() throws {
    var one = Sky()
    var two = Sky()
    for step in 0..<40 {
      one.append(10 + Double(step) * 0.001, 10)
      // To both sides: an offset of all would be that of a frame.
      two.append(10 + Double(step) * 0.001, step.isMultiple(of: 2) ? 10.0004 : 9.9996)
    }
    one.append(200, -40)
    let sky = try TestSky()
    try sky.add(TestCatalogue("one", one))
    try sky.add(TestCatalogue("two", two))
    let host = try SQLHost(databasePath: sky.path)
    let none =
      "no candidate: no source of two lies within F_max of it (F < 0.9999), but for negligible ones"
    #expect(
      try host.rows(
        "SELECT role, a_id, b_id, pair_p, alone_p, match_p, island_a, island_b, verdict FROM xm_explain('one', 'two', 1040, 'one')"
      )
        == [
          "alone|1040|NULL|NULL|1.0|1.0|1|0|\(none); none is within 60″; outside the common coverage; near the edge of the coverage, where one may be missing"
        ])
    #expect(
      try host.value("SELECT verdict FROM xm_explain('one', 'two', 1020, 'one')").hasPrefix(
        none + "; the nearest, 1020, is 1.44″ away as catalogued"))
  }

  // MARK: A whole field

  @Test func everySourceIsExplainedTheSameStoredAndOnTheFly() throws {
    var rng = SplitMix64(seed: 91)
    let field = StarField(50, raDegrees: 359.9, decDegrees: 40, radiusDegrees: 0.04, using: &rng)
    let sky = try TestSky()
    try sky.add(field.gaia)
    try sky.add(field.catwise)
    let host = try SQLHost(databasePath: sky.path)
    let query =
      """
      SELECT s.id, e.* FROM (SELECT source_id AS id, 'gaia' AS c FROM gaia UNION ALL
        SELECT source_name, 'catwise' FROM catwise WHERE source_name IS NOT NULL) AS s
      JOIN xm_explain('gaia', 'catwise', s.id, s.c) AS e
      """
    let fresh = try host.rows(query)
    let plan = try MatchPlan(database: sky.database, a: "gaia", b: "catwise", sourcesPerChunk: 12)
    _ = try MatchDriver(plan: plan, threads: 1).run()
    #expect(plan.chunks.count > 4)
    #expect(try host.rows(query) == fresh)
    try host.execute("CREATE TABLE e AS \(query)")
    let sources = try Int(host.value("SELECT count(DISTINCT id) FROM e"))
    #expect(
      sources == field.gaia.sky.count + field.catwise.sky.count - field.catwise.sky.count / 50
        - (field.catwise.sky.count % 50 > 9 ? 1 : 0))
    // Candidates and "alone" share the probability; every candidate pair is there from both sides, factor by factor.
    #expect(
      try host.value(
        "SELECT max(abs(total - 1)) < 1e-12 FROM (SELECT sum(CASE role WHEN 'candidate' THEN pair_p ELSE 0 END) + max(alone_p) AS total FROM e GROUP BY id)"
      ) == "1")
    for side in ["a", "b"] {
      let missing = try host.value(
        """
        SELECT count(*) FROM (
          SELECT a_id, b_id, separation_arcsec, chi2, log10_density, n_c, n_a, n_b, eta, xi, pair_p, matched, island
          FROM xm_pairs('gaia', 'catwise') WHERE \(side)_id IS NOT NULL
          EXCEPT SELECT a_id, b_id, separation_arcsec, chi2, log10_density, n_c, n_a, n_b, eta, xi, pair_p, matched, island
          FROM e WHERE role = 'candidate' AND side = '\(side)')
        """)
      #expect(missing == "0", "\(side)")
    }
    #expect(
      try host.value(
        """
        SELECT count(*) FROM e JOIN xmatch('gaia', 'catwise') m USING (a_rowid, b_rowid)
        WHERE e.a_sigma_used_arcsec <> m.a_sigma_used_arcsec OR e.b_sigma_used_arcsec <> m.b_sigma_used_arcsec
          OR e.match_p <> m.match_p OR (e.side = 'a' AND e.role = 'candidate' AND e.runner_up_id IS NOT m.a_runner_up_id)
        """) == "0")
    #expect(try host.value("SELECT count(*) FROM e WHERE verdict = '' OR verdict IS NULL") == "0")
  }
}
