import CSQLite
import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@testable import SQLExt

/// `xm_pairing`: likelihoods of the caller's own.
@Suite struct PairingFunctionTests {
  /// The answer of one group, taken apart by SQLite's own JSON functions.
  private let unfolded = """
    SELECT value ->> 'a', value ->> 'b', round(value ->> 'pair_p', 10), value ->> 'matched' FROM json_each(
    """

  @Test func theWorkedIslandHasItsProbabilities() throws {
    let host = try SQLHost()
    let rows = try host.rows(
      """
      \(unfolded)(SELECT xm_pairing(a, b, xm_xi(s, 0.3, 0.4, 1e4, 2e4, 3e4)) FROM (
        SELECT 'a1' AS a, 7 AS b, 0.5 AS s UNION ALL SELECT 'a1', 8, 1.0
        UNION ALL SELECT '"a2"', 7, 1.2 UNION ALL SELECT '"a2"', 8, 0.3)))
      """)
    #expect(
      rows == ["a1|7|0.9712691694|1", "a1|8|0.0163095919|0", "\"a2\"|7|0.0152149067|0", "\"a2\"|8|0.9744307369|1"])
  }

  @Test func islandsAreFoundInsideAGroup() throws {
    var rng = SplitMix64(seed: 8)
    let islands = (0..<20).map { _ in StoredIslands.random(using: &rng) }
    let stored = try StoredIslands(islands)
    let worst = { (grouping: String) in
      try stored.number(
        """
        SELECT max(abs(p.pair_p - (j.value ->> 'pair_p')) + (p.matched <> (j.value ->> 'matched')))
        FROM (SELECT xm_pairing(a_rowid, b_id, eta + xi) AS answer FROM xm_pairs('left', 'right') \(grouping)) AS g,
          json_each(g.answer) AS j JOIN xm_pairs('left', 'right') AS p
          ON p.a_rowid = (j.value ->> 'a') AND p.b_id = (j.value ->> 'b')
        """)
    }
    #expect(try worst("GROUP BY island") < 1e-12)
    #expect(try worst("") < 1e-12)
  }

  @Test(arguments: ["1e6", "-1e6", "999999.5", "0"])
  func everyRatioThatIsAllowedGivesProbabilities(ratio: String) throws {
    let host = try SQLHost()
    let answer = try host.rows(
      """
      SELECT value ->> 'pair_p' BETWEEN 0 AND 1 FROM json_each(
        (SELECT xm_pairing(column1, column2, column3) FROM (VALUES (1, 2, \(ratio)), (1, 3, \(ratio)), (4, 3, 1))))
      """)
    #expect(answer == ["1", "1", "1"])
    #expect(try host.value("SELECT json_valid(xm_pairing(1, 2, \(ratio)))") == "1")
  }

  @Test func anInterruptedGroupIsGivenUp() throws {
    let cancellation = Cancellation()
    let context = XMDBContext(databasePath: "no-such-folder", cancellation: cancellation)
    let host = try SQLHost(context: context)
    let sql = """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
      SELECT length(xm_pairing(a.i, b.i, (a.i * 7919 + b.i * 104729) % 1000 / 100.0)) FROM n AS a, n AS b
      """
    cancellation.request()
    #expect(throws: SQLFailure(message: "xm_pairing: interrupted", code: SQLITE_INTERRUPT)) { try host.value(sql) }
  }

  @Test func rowsWithNullAreLeftOutAndNoRowsAreNull() throws {
    let host = try SQLHost()
    #expect(try host.value("SELECT xm_pairing(1, 2, NULL)") == "NULL")
    #expect(try host.value("SELECT xm_pairing(a, b, c) FROM (SELECT 1 AS a, 2 AS b, 3 AS c) WHERE a > 1") == "NULL")
    #expect(
      try host.value(
        "SELECT json_array_length(xm_pairing(column1, column2, column3)) FROM (VALUES (1, 2, 3), (1, 3, NULL))")
        == "1")
  }

  @Test func wrongGroupsAreRefused() throws {
    let host = try SQLHost()
    #expect(
      host.message("SELECT xm_pairing(1, 'x', column1) FROM (VALUES (1), (2))")
        == "xm_pairing: the pair (1, 'x') comes twice in a group; expected each pair once, for example GROUP BY island")
    #expect(
      host.message("SELECT xm_pairing(1.5, 'x', 1)")
        == "xm_pairing: argument 1 (a) is 1.5; expected a source of the first catalogue, an integer or text")
    #expect(
      host.message("SELECT xm_pairing(1, 2, 9e999)")
        == "xm_pairing: argument 3 (log10_ratio) is inf; expected log10 of the likelihood ratio R of the pair, -1000000 to 1000000"
    )
  }
}
