import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import SQLExt

/// Unsigned 64-bit integers of 2⁶³ and more: their digits are kept, and they compare as numbers.
@Suite struct UnsignedTests {
  private static let numbers: [UInt64] = [
    5, 7, 10, 9, 1_000_000, 9_223_372_036_854_775_807, 9_223_372_036_854_775_808, 10_000_000_000_000_000_000,
    18_446_744_073_709_551_614, .max, 0,
  ]
  private let sky: TestSky
  private let host: SQLHost

  init() throws {
    var rng = SplitMix64(seed: 1)
    sky = try TestSky()
    for name in ["lsst", "other"] {
      var catalogue = TestCatalogue(
        name, Sky.cap(Self.numbers.count, raDegrees: 3, decDegrees: 3, radiusDegrees: 3, using: &rng))
      catalogue.extras = [
        .init("objectId", "TEXT", Self.numbers.map { .text(String($0)) }, inputType: "uint64")
      ]
      catalogue.sourcesPerShard = 3
      try sky.add(catalogue)
    }
    host = try SQLHost(databasePath: sky.path)
  }

  private func ids(_ sql: String) throws -> [UInt64] { try host.rows(sql).compactMap { UInt64($0) } }

  private static let conditions: [(String, @Sendable (UInt64) -> Bool)] = [
    ("> 5", { $0 > 5 }), ("< 10", { $0 < 10 }), ("= 7", { $0 == 7 }), ("= '7'", { $0 == 7 }),
    ("= '0007'", { $0 == 7 }), ("<> 7", { $0 != 7 }), ("BETWEEN 9 AND 1000000", { $0 >= 9 && $0 <= 1_000_000 }),
    (">= '9223372036854775808'", { $0 >= 1 << 63 }), ("< '9223372036854775807.5'", { $0 < 1 << 63 }),
    ("> 1e19", { $0 > 10_000_000_000_000_000_000 }), ("> -1", { _ in true }), ("< 'abc'", { _ in true }),
    ("> 'abc'", { _ in false }), ("IN (7, '18446744073709551615', -3)", { $0 == 7 || $0 == .max }),
    ("> 9.5", { $0 > 9 }), ("= '18446744073709551614'", { $0 == .max - 1 }), ("IS 5", { $0 == 5 }),
  ]

  @Test(arguments: conditions)
  func comparisonsAreThoseOfTheNumbers(condition: String, holds: @Sendable (UInt64) -> Bool) throws {
    let found = try ids("SELECT objectId FROM lsst WHERE objectId \(condition) ORDER BY objectId")
    #expect(found == Self.numbers.filter(holds).sorted(), "objectId \(condition)")
  }

  @Test func orderAndAggregatesAreThoseOfTheNumbers() throws {
    #expect(try ids("SELECT objectId FROM lsst ORDER BY objectId") == Self.numbers.sorted())
    #expect(try ids("SELECT objectId FROM lsst ORDER BY objectId DESC") == Self.numbers.sorted().reversed())
    #expect(try ids("SELECT max(objectId) FROM lsst") == [.max])
    #expect(try ids("SELECT min(objectId) FROM lsst") == [0])
    #expect(try host.value("SELECT count(DISTINCT objectId), typeof(max(objectId)) FROM lsst") == "11|text")
  }

  @Test func joinsFindEqualNumbers() throws {
    try host.execute(
      "CREATE TABLE small(n INTEGER, s TEXT); INSERT INTO small VALUES (7, '7'), (9, '18446744073709551615')")
    #expect(try ids("SELECT l.objectId FROM lsst l JOIN small s ON l.objectId = s.n ORDER BY 1") == [7, 9])
    #expect(try ids("SELECT l.objectId FROM small s JOIN lsst l ON s.n = l.objectId ORDER BY 1") == [7, 9])
    #expect(try ids("SELECT l.objectId FROM lsst l JOIN small s ON l.objectId = s.s ORDER BY 1") == [7, .max])
    #expect(try ids("SELECT l.objectId FROM lsst l JOIN other o USING (objectId) ORDER BY 1") == Self.numbers.sorted())
    #expect(try host.value("SELECT count(*) FROM lsst l JOIN other o ON l.objectId < o.objectId") == "55")
    #expect(try host.value("SELECT count(*) FROM lsst l JOIN small s ON l.objectId < s.n") == "5")
  }

  @Test func theCollationIsAnOrderOfAllTexts() throws {
    let texts = [
      "-Inf", "-1e30", "-10", "-9.5", "-0", "0", "00", "0.0", "1e-400", "0.001", ".5", "5", "5.", "05", "5.0", "50e-1",
      "7",
      "10", "1e1", "9223372036854775807", "9223372036854775807.5", "9223372036854775808", "1e300", "Inf", "", " 7", "+",
      "-", ".", "1e", "1e+", "abc", "é", "7a", "1_0",
    ]
    func order(_ a: String, _ b: String) throws -> String {
      try host.value(
        "SELECT CASE WHEN a = b COLLATE xm_unsigned THEN 0 WHEN a < b COLLATE xm_unsigned THEN -1 ELSE 1 END FROM (SELECT '\(a)' AS a, '\(b)' AS b)"
      )
    }
    let equal: [Set<String>] = [["-0", "0", "00", "0.0"], ["5", "5.", "05", "5.0", "50e-1"], ["10", "1e1"]]
    let words = texts.firstIndex(of: "")!
    for (i, a) in texts.enumerated() {
      for (j, b) in texts.enumerated() where i < words || j < words {
        let isEqual = a == b || equal.contains { $0.contains(a) && $0.contains(b) }
        #expect(try order(a, b) == (isEqual ? "0" : i < j ? "-1" : "1"), "\(a) and \(b)")
      }
    }
    #expect(
      try host.rows("SELECT value FROM json_each('[\"b\", \"\", \"a\"]') ORDER BY value COLLATE xm_unsigned") == [
        "", "a", "b",
      ])
  }
}
