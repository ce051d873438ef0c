import CatalogStore
import Testing
import XMDBTestSupport

@testable import Serve

/// Queries made by the grammar: SQLite understands whatever they are translated into.
@Suite struct GeneratedSelectTests {
  private struct Maker {
    var rng: SplitMix64

    mutating func one(_ choices: [String]) -> String { choices.randomElement(using: &rng) ?? "" }

    mutating func value(_ depth: Int, _ table: String) -> String {
      let leaves = [
        "1", "-2.5", "0x1F", "1e-3", "NULL", "\(table).ra", "\(table).dec", "\(table).source_id", "\(table).xm_rowid",
      ]
      if depth == 0 { return one(leaves) }
      let (a, b) = (value(depth - 1, table), value(depth - 1, table))
      return one([
        "(\(a) + \(b))", "\(a) * -\(b)", "\(a) / \(b) - \(a)", "ABS(\(a))", "ROUND(\(a), \(one(["-1", "0", "3"])))",
        "TRUNCATE(\(a))",
        "MOD(\(a), \(b))", "LOG(ABS(\(a)))", "POWER(\(a), 2)", "COALESCE(\(a), \(b))", "CAST(\(a) AS INTEGER)",
        "CAST(\(a) AS VARCHAR(4))",
        "CASE WHEN \(condition(depth - 1, table)) THEN \(a) ELSE \(b) END", "CASE \(a) WHEN 1 THEN \(b) END",
        "xm_healpix(3, \(table).ra, \(table).dec)",
        "DISTANCE(\(table).ra, \(table).dec, 0, 20)", "COORD1(POINT(\(a), \(b)))", "AREA(CIRCLE(0, 0, \(a)))",
        "\(a) || \(b)", "+\(a)", "ATAN2(\(a), \(b))",
        "(SELECT MAX(z.ra) FROM one AS z WHERE z.xm_rowid < \(table).xm_rowid)",
      ])
    }

    mutating func condition(_ depth: Int, _ table: String) -> String {
      let (a, b) = (value(depth, table), value(depth, table))
      let leaf = one([
        "\(a) \(one(["=", "<>", "<", ">=", "!="])) \(b)", "\(a) IS NOT NULL", "\(a) NOT BETWEEN \(b) AND 3",
        "\(a) IN (1, \(b))",
        "1 = CONTAINS(POINT('ICRS', \(table).ra, \(table).dec), CIRCLE('ICRS', 0, 20, 0.3))",
        "DISTANCE(POINT(\(table).ra, \(table).dec), POINT(359.9, 20)) < 0.2",
        "\(table).xm_rowid IN (SELECT y.xm_rowid FROM \"two words\" AS y WHERE y.ra > \(table).ra)",
        "'x' LIKE '%\(one(["a", "_", "*", "[", "''"]))'",
        "EXISTS (SELECT 1 FROM one AS w WHERE w.xm_rowid = \(table).xm_rowid)",
      ])
      if depth == 0 { return leaf }
      return one([
        "\(leaf) AND \(condition(depth - 1, table))", "NOT (\(leaf) OR \(condition(depth - 1, table)))", leaf,
      ])
    }

    mutating func select() -> String {
      switch Int.random(in: 0..<6, using: &rng) {
      case 0:
        let place = value(1, "a")
        return
          "SELECT TOP 5 \(place) AS k, COUNT(*) AS n, AVG(a.ra) FROM one AS a WHERE \(condition(1, "a")) GROUP BY k HAVING COUNT(*) > 0 ORDER BY n DESC, k"
      case 1:
        return
          "SELECT a.ra, b.dec FROM one AS a \(one(["JOIN", "LEFT JOIN", "LEFT OUTER JOIN"])) \"two words\" AS b ON a.xm_rowid = b.xm_rowid AND \(condition(1, "b")) OFFSET 3"
      case 2:
        return "SELECT xm_rowid, ra FROM one NATURAL JOIN \"two words\" WHERE \(condition(1, "one"))"
      case 3:
        return
          "WITH w AS (SELECT a.*, \(value(1, "a")) AS extra FROM one AS a) SELECT DISTINCT extra, w.ra FROM w WHERE \(condition(1, "w")) ORDER BY 1"
      case 4:
        return
          "(SELECT a.ra FROM one AS a WHERE \(condition(1, "a"))) \(one(["UNION", "UNION ALL", "EXCEPT", "INTERSECT"])) SELECT TOP 3 b.dec FROM \"two words\" AS b ORDER BY 1"
      default:
        return
          "SELECT t.v, u.ra FROM (SELECT \(value(2, "a")) AS v, a.xm_rowid FROM one AS a) AS t, \"two words\" AS u WHERE t.xm_rowid = u.xm_rowid AND \(condition(1, "u"))"
      }
    }
  }

  @Test func whatIsTranslatedIsUnderstood() throws {
    let served = try ServedSky(sources: 60)
    var maker = Maker(rng: SplitMix64(seed: 21))
    var answered = 0
    for _ in 0..<400 {
      // Two signs in a row would begin a comment.
      let query = maker.select().replacing("--", with: "- -")
      let message = served.message(query)
      if message.isEmpty { answered += 1 }
      // Wrong arguments of functions are the query's own fault; a syntax error or an unknown name would be the translator's.
      let isOurs = ["near ", "syntax", "no such", "ambiguous", "misuse", "not authorized", "ADQL:", "prohibited"]
        .contains { message.contains($0) }
      #expect(!isOurs, "\(message): \(query)")
    }
    #expect(answered > 300, "\(answered)")
  }
}
