import Testing
import XMDBTestSupport

@testable import SQLExt

/// Whatever is pushed into a scan must leave the rows that SQLite itself would leave.
@Suite struct PushdownTests {
  static let operators = ["=", "<", "<=", ">", ">=", "IS", "<>"]
  static let values = [
    "0", "1", "3", "-1", "4.5", "4.0", "2.5", "'3'", "'abc'", "'4.5'", "'row 1'", "NULL", "x'00'", "1e300", "-1e300",
    "9223372036854775807", "-9223372036854775808", "9.3e18", "-9.3e18", "1e999", "-1e999", "''", "' 7 '",
  ]

  @Test(arguments: ["i", "x", "name", "rowid"])
  func oneComparisonLeavesTheSameRows(column: String) throws {
    let host = try PushdownTests.host()
    for comparison in PushdownTests.operators {
      for value in PushdownTests.values {
        try PushdownTests.compare(host, "\(column) \(comparison) \(value)")
      }
    }
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func severalComparisonsLeaveTheSameRowsForEverySeed(seed: UInt64) throws {
    let host = try PushdownTests.host()
    var state = seed
    func pick<Element>(_ array: [Element]) -> Element {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return array[Int((state >> 33) % UInt64(array.count))]
    }
    for _ in 0..<300 {
      let terms = (0..<3).map { _ in
        "\(pick(["i", "x", "name"])) \(pick(PushdownTests.operators)) \(pick(PushdownTests.values))"
      }
      try PushdownTests.compare(
        host, "\(terms[0]) \(pick(["AND", "OR"])) \(terms[1]) \(pick(["AND", "OR"])) \(terms[2])")
    }
  }

  /// The virtual table, and the same rows in an ordinary one.
  static func host() throws -> SQLHost {
    let host = try SQLHost(tables: [SeriesTable.definition(Journal())])
    try host.execute(
      """
      CREATE TABLE copy(i INTEGER, x REAL, name TEXT, id INTEGER);
      INSERT INTO copy(rowid, i, x, name) SELECT rowid, i, x, name FROM xt_series(12);
      """)
    return host
  }

  static func compare(_ host: SQLHost, _ condition: String) throws {
    let pushed = try host.rows("SELECT i, x, name FROM xt_series(12) WHERE \(condition)").sorted()
    let plain = try host.rows("SELECT i, x, name FROM copy WHERE \(condition)").sorted()
    #expect(pushed == plain, "WHERE \(condition)")
  }
}
