import CatalogStore
import Testing
import XMDBTestSupport

@testable import SQLExt

/// Joins that ask a catalogue for one row after the other give what they give on an ordinary copy of it: whatever the order in which rows
/// are asked for, in few shards and in more than are kept open, with ids that are unique, repeated, unknown, or not of the type.
@Suite struct JoinLookupTests {
  enum IDs: CaseIterable { case integers, repeatedIntegers, texts }

  private static let count = 200

  private static func catalogue(_ ids: IDs, perShard: Int, _ rng: inout SplitMix64) -> TestCatalogue {
    var catalogue = TestCatalogue(
      "cat", Sky.cap(count, raDegrees: 44, decDegrees: 1, radiusDegrees: 5, using: &rng))
    let numbers = (0..<count).map { ($0 * 7919) % count }
    let nulls = (0..<count).map { $0 % 50 == 3 }
    catalogue.ids =
      switch ids {
      case .integers: .integer(numbers.map { Int64($0) - 100 }, nulls: nulls)
      case .repeatedIntegers: .integer(numbers.map { Int64($0 / 3) }, nulls: nulls)
      // The same letter in two forms is two ids.
      case .texts:
        .text(TextIDs(numbers.map { $0 % 2 == 0 ? "\u{E9}\($0)" : "e\u{301}\($0 - 1)" }))
      }
    catalogue.extras = [.init("mag", "REAL", (0..<count).map { $0 % 11 == 0 ? .null : .real(Double($0 % 13)) })]
    catalogue.sourcesPerShard = perShard
    return catalogue
  }

  /// Orders in which the rows of the catalogue are asked for.
  private static let orders = [
    "ORDER BY xm_rowid", "ORDER BY xm_rowid DESC", "ORDER BY random_number", "WHERE xm_rowid % 5 = 0 ORDER BY xm_rowid",
    "ORDER BY xm_rowid / 40, random_number",
  ]

  @Test(arguments: IDs.allCases) func rowsAreThoseOfACopy(ids: IDs) throws {
    var rng = SplitMix64(seed: 20_260_101)
    try compare(ids, perShard: 17, Self.orders, &rng)
  }

  @Test func rowsAreThoseOfACopyWhereNotAllShardsAreOpen() throws {
    var rng = SplitMix64(seed: 11)
    try compare(.texts, perShard: 8, Array(Self.orders.prefix(2)), &rng)
  }

  @Test func rowsOfOneIDComeInTheOrderOfTheSky() throws {
    var rng = SplitMix64(seed: 12)
    let sky = try TestSky()
    try sky.add(Self.catalogue(.repeatedIntegers, perShard: 17, &rng))
    let host = try SQLHost(databasePath: sky.path)
    for id in 0..<40 {
      let rowids = try host.rows("SELECT xm_rowid FROM cat WHERE source_id = \(id) ORDER BY xm_rowid").compactMap {
        Int($0)
      }
      #expect(rowids == rowids.sorted() && rowids.count > 1, "\(id): \(rowids)")
    }
  }

  /// Ids that do not occur twice do not make `IS` find one row at most: many rows may be without. SQLite leaves out a LEFT JOIN of which it
  /// believes that.
  @Test func allRowsWithoutIDAreFound() throws {
    var rng = SplitMix64(seed: 13)
    let sky = try TestSky()
    try sky.add(Self.catalogue(.integers, perShard: 50, &rng))
    let host = try SQLHost(databasePath: sky.path)
    try host.execute("CREATE TABLE v(number, id); INSERT INTO v VALUES (1, NULL), (2, 5)")
    #expect(try host.value("SELECT count(*) FROM cat WHERE source_id IS NULL") == "4")
    let rows = try host.rows("SELECT v.number FROM v LEFT JOIN cat AS t ON t.source_id IS v.id ORDER BY v.number")
    #expect(rows == ["1", "1", "1", "1", "2"])
  }

  private func compare(_ ids: IDs, perShard: Int, _ orders: [String], _ rng: inout SplitMix64) throws {
    let sky = try TestSky()
    try sky.add(Self.catalogue(ids, perShard: perShard, &rng))
    let host = try SQLHost(databasePath: sky.path)
    let type = ids == .texts ? "TEXT" : "INTEGER"
    try host.execute(
      """
      CREATE TABLE copy(source_id \(type), mag REAL, xm_rowid INTEGER PRIMARY KEY, random_number INTEGER);
      INSERT INTO copy SELECT source_id, mag, xm_rowid, abs(xm_rowid * 2654435761 + \(rng.seed % 1000)) % 1000003 FROM cat;
      CREATE TABLE asked(number INTEGER PRIMARY KEY, id \(type), wanted INTEGER, bound REAL);
      """)
    #expect(try host.number("SELECT count(*) FROM copy") == Double(Self.count))
    for order in orders {
      try host.execute(
        """
        DELETE FROM asked;
        INSERT INTO asked(id, wanted, bound) SELECT source_id, xm_rowid, xm_rowid % 14 FROM copy \(order);
        INSERT INTO asked(id, wanted, bound) VALUES (NULL, NULL, 5), (99999, -1, 5), (5.5, 5.5, 5), ('7', '7', 5), ('x', 'x', 5), (7, 200, 5);
        INSERT INTO asked(id, wanted, bound) SELECT id, wanted, bound FROM asked WHERE number < 9;
        """)
      for condition in [
        "t.source_id = v.id", "t.source_id IS v.id", "t.xm_rowid = v.wanted", "t.rowid = v.wanted",
        "t.source_id = v.id AND t.mag < 6", "t.source_id = v.id AND t.mag < v.bound AND t.mag IS NOT NULL",
        "t.xm_rowid = v.wanted AND t.mag >= v.bound", "t.xm_rowid = v.wanted AND t.source_id = v.id",
        "t.xm_rowid = v.wanted AND t.xm_rowid < 100",
      ] {
        func rows(_ table: String) throws -> [String] {
          try host.rows(
            "SELECT v.number, t.xm_rowid, t.source_id, t.mag FROM asked AS v CROSS JOIN \(table) AS t ON \(condition)")
        }
        // SQLite may read the copy in another order.
        let (found, expected) = (try rows("cat").sorted(), try rows("copy").sorted())
        #expect(found == expected, "\(order); \(condition); seed \(rng.seed)")
      }
    }
  }

  /// After many look-ups in vain most are answered without the shard, and those that are not in vain still find their rows.
  @Test func manyLookupsInVainLoseNoRow() throws {
    var rng = SplitMix64(seed: 5)
    let sky = try TestSky()
    try sky.add(Self.catalogue(.integers, perShard: 34, &rng))
    let context = XMDBContext(databasePath: sky.path)
    let host = try SQLHost(context: context)
    let before = context.counters.shardsRead
    let count = try host.number(
      """
      WITH RECURSIVE v(id) AS (SELECT -5000 UNION ALL SELECT id + 1 FROM v WHERE id < 20000)
      SELECT count(*) FROM v CROSS JOIN cat AS t ON t.source_id = (v.id * 31) % 200
      """)
    let expected = (-5000...20000).count { ($0 * 31 % 200 + 100) >= 0 && !Self.isUnknown($0 * 31 % 200 + 100) }
    #expect(count == Double(expected))
    let read = context.counters.shardsRead - before
    #expect(read < 25_000 * 2, "\(read) shards were read for 25,000 look-ups in six")
  }

  /// Whether the row with this number among the ids has none.
  private static func isUnknown(_ number: Int) -> Bool {
    guard number < count else { return true }
    let row = (0..<count).first { ($0 * 7919) % count == number }
    return row.map { $0 % 50 == 3 } ?? true
  }

  @Test func aFilterHoldsWhatWasPutIn() throws {
    let folder = try Workdir()
    let store = try Connection(path: folder.path("ids.sqlite"), mode: .create)
    try store.execute(
      """
      CREATE TABLE source(id);
      WITH RECURSIVE v(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM v WHERE i < 4999)
      INSERT INTO source SELECT CASE i % 2 WHEN 0 THEN i * 977 ELSE 'id ' || i END FROM v;
      """)
    let filter = try #require(
      try IDFilter(store.prepare("SELECT (SELECT count(*) FROM source), id FROM source")))
    for i in 0..<5000 {
      let id: SQLValue = i % 2 == 0 ? .integer(Int64(i) * 977) : .text("id \(i)")
      #expect(filter.mayHold(IDFilter.Hash(id)))
    }
    let others = (0..<20_000).count { filter.mayHold(IDFilter.Hash(.integer(Int64($0) * 977 + 1))) }
    #expect(others < 600, "\(others) of 20,000 that are not there seem to be")
    #expect(filter.mayHold(IDFilter.Hash(.real(0.5))), "of reals nothing is known")
  }
}
