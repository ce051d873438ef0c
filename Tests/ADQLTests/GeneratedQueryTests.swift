import Testing
import XMDBTestSupport

@testable import ADQL

/// Queries of random words and bytes: translated or refused, in little time, and never the end of the process.
@Suite struct GeneratedQueryTests {
  private static let words = [
    "SELECT", "FROM", "WHERE", "TOP", "5", "*", ",", "(", ")", "gaia", "hip", "m", "ra", "dec", "id", "g", "t", "AND",
    "OR", "NOT",
    "=", "<", ">=", "<>", "+", "-", "/", "||", ".", "'a'", "'%x_'", "\"ra\"", "1e400", "0x10", "1", "NULL", "IS", "IN",
    "BETWEEN", "LIKE",
    "JOIN", "LEFT", "NATURAL", "ON", "USING", "GROUP", "BY", "ORDER", "HAVING", "UNION", "EXCEPT", "ALL", "WITH", "AS",
    "w", "OFFSET",
    "CONTAINS", "POINT", "CIRCLE", "DISTANCE", "COUNT", "MAX", "CASE", "WHEN", "THEN", "ELSE", "END", "CAST", "INTEGER",
    "EXISTS",
    "COALESCE", "ROUND", "tap_upload", "u", "DISTINCT", ";", "--", "\n",
  ]

  private func check(_ query: String) -> Bool {
    do {
      let translation = try ADQL.translate(query, tables: Sample.tables, functions: Sample.functions)
      return !translation.columns.isEmpty && translation.sql.utf8.count < 4_000_000
    } catch {
      return error.offset <= query.utf8.count && error.line >= 1 && error.column >= 1 && !error.message.isEmpty
    }
  }

  @Test func wordsInAnyOrderAreTranslatedOrRefused() {
    var rng = SplitMix64(seed: 15)
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...40, using: &rng)
      let query = (0..<count).map { _ in Self.words.randomElement(using: &rng) ?? "" }.joined(separator: " ")
      #expect(check("SELECT " + query), "\(query)")
    }
  }

  @Test func changedQueriesAreTranslatedOrRefused() {
    var rng = SplitMix64(seed: 16)
    let queries = [
      "SELECT TOP 5 g.id, COUNT(*) AS n FROM gaia AS g JOIN hip ON 1 = CONTAINS(POINT('ICRS', g.ra, g.dec), CIRCLE('', hip.ra, hip.dec, 0.1)) WHERE g.g BETWEEN 1 AND 2 GROUP BY g.id HAVING COUNT(*) > 1 ORDER BY n DESC",
      "WITH w AS (SELECT ra, dec FROM gaia WHERE t LIKE 'a%') SELECT CASE WHEN ra > 1 THEN CAST(dec AS REAL) ELSE -ROUND(ra, 2) END FROM w NATURAL JOIN hip UNION ALL SELECT p FROM m WHERE p IN (SELECT ra FROM hip) OFFSET 3",
    ]
    for number in 0..<20_000 {
      var bytes = Array(queries[number % queries.count].utf8)
      for _ in 0..<Int.random(in: 1...6, using: &rng) {
        let place = Int.random(in: 0..<bytes.count, using: &rng)
        switch Int.random(in: 0..<4, using: &rng) {
        case 0: bytes[place] = UInt8.random(in: 1...255, using: &rng)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: (Self.words.randomElement(using: &rng) ?? "").utf8, at: place)
        default:
          let end = min(bytes.count, place + Int.random(in: 1...20, using: &rng))
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &rng))
        }
      }
      let query = String(decoding: bytes, as: UTF8.self)
      #expect(check(query), "\(query)")
    }
  }
}
