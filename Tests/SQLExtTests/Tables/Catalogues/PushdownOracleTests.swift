import CatalogStore
import Indexing
import MatchRun
import Testing
import XMDBTestSupport

@testable import SQLExt

/// Random conditions on our tables leave the rows that they leave in an ordinary copy of the same declared types.
@Suite struct PushdownOracleTests {
  /// Names that mean something elsewhere: in plans, in SQL, in the shard.
  private static func catalogue(_ rng: inout SplitMix64) -> TestCatalogue {
    let rows = 0..<40
    var catalogue = TestCatalogue("xmatch_1", Sky.cap(40, raDegrees: 3, decDegrees: 3, radiusDegrees: 3, using: &rng))
    catalogue.raName = "used"
    catalogue.decName = "a0"
    catalogue.idName = "rank"
    catalogue.ids = .integer(rows.map { Int64($0 / 2) }, nulls: rows.map { $0 % 9 == 0 })
    let words = ["7", "007", "7.0", "abc", "ABC", "row 1", "ROW 1", "", " 7 ", "row 1  ", "-1", "9.3e18"]
    let huge = ["7", "18446744073709551610", "9223372036854775808", "10", "9", "0", "100", "9223372036854775807"]
    catalogue.extras = [
      .init("limit", "TEXT", rows.map { $0 % 7 == 0 ? .null : .text(words[$0 % words.count]) }),
      .init("used:1f", "REAL", rows.map { $0 % 7 == 3 ? .null : .real(Double($0) / 2) }),
      .init("c1.2 l", "INTEGER", rows.map { $0 % 5 == 3 ? .null : .integer(Int64($0 % 11) - 4) }),
      .init("objectId", "TEXT", rows.map { $0 % 8 == 5 ? .null : .text(huge[$0 % huge.count]) }, inputType: "uint64"),
      .init("nothing", "BLOB", rows.map { $0 % 2 == 0 ? .null : .text("7") }),
    ]
    catalogue.sourcesPerShard = 7
    return catalogue
  }

  @Test func randomConditionsOnACatalogueLeaveTheRowsOfACopy() throws {
    try forEverySeed { rng in
      let sky = try TestSky()
      try sky.add(Self.catalogue(&rng))
      let host = try SQLHost(databasePath: sky.path)
      try host.execute(
        """
        CREATE TABLE copy(rank INTEGER, used REAL, a0 REAL, pos_err REAL, "limit" TEXT, "used:1f" REAL, "c1.2 l" INTEGER,
          objectId TEXT COLLATE xm_unsigned, "nothing" BLOB, xm_rowid INTEGER PRIMARY KEY, xm_healpix29 INTEGER);
        INSERT INTO copy SELECT * FROM xmatch_1;
        \(RandomPredicate.other)
        """)
      let columns = try host.rows("SELECT '\"' || name || '\"' FROM pragma_table_info('copy')")
      try compare(host, "xmatch_1", columns, key: "t.xm_rowid", 500, &rng)
    }
  }

  @Test(arguments: [false, true])
  func randomConditionsOnAMatchLeaveTheRowsOfACopy(isStored: Bool) throws {
    var rng = SplitMix64(seed: 77)
    let sky = try TestSky()
    let field = StarField(60, raDegrees: 0, decDegrees: 88, radiusDegrees: 0.05, using: &rng)
    try sky.add(field.gaia)
    try sky.add(field.catwise)
    if isStored {
      let plan = try MatchPlan(database: sky.database, a: "gaia", b: "catwise", sourcesPerChunk: 30)
      _ = try MatchDriver(plan: plan, threads: 1).run()
    }
    let host = try SQLHost(databasePath: sky.path)
    for (name, call) in [
      ("xmatch", "xmatch('gaia', 'catwise')"), ("xm_pairs", "xm_pairs('gaia', 'catwise')"),
      ("xm_nonmatches", "xm_nonmatches('gaia', 'catwise', 'gaia')"),
      ("xm_nonmatches", "xm_nonmatches('gaia', 'catwise', 'catwise')"),
    ] {
      let declared = try host.rows(
        "SELECT '\"' || name || '\" ' || type FROM pragma_table_xinfo('\(name)') WHERE hidden = 0")
      try host.execute(
        """
        DROP TABLE IF EXISTS copy; DROP TABLE IF EXISTS v; CREATE TABLE copy(\(declared.joined(separator: ", ")));
        INSERT INTO copy SELECT * FROM \(call); \(RandomPredicate.other)
        """)
      let columns = try host.rows("SELECT '\"' || name || '\"' FROM pragma_table_info('copy')")
      let key = name == "xm_nonmatches" ? "t.xm_rowid" : "t.a_rowid, t.b_rowid"
      try compare(host, call, columns, key: key, 60, &rng)
    }
  }

  private func compare(
    _ host: SQLHost, _ table: String, _ columns: [String], key: String, _ count: Int, _ rng: inout SplitMix64
  ) throws {
    let values = try columns.flatMap { try host.rows("SELECT quote(\($0)) FROM copy LIMIT 8 OFFSET 3") }
    let plain = RandomPredicate(columns: columns.map { "t.\($0)" }, values: values, hasOther: false)
    let joined = RandomPredicate(columns: columns.map { "t.\($0)" }, values: values, hasOther: true)
    for number in 0..<count {
      let isJoined = number % 3 == 0
      let condition = (isJoined ? joined : plain).condition(&rng)
      let order = isJoined ? "v.rowid, \(key)" : key
      let limit = number % 5 == 1 ? " LIMIT 3 OFFSET 1" : ""
      func rows(_ table: String) -> Result<[String], SQLFailure> {
        Result {
          try host.rows(
            "SELECT \(order) FROM \(table) AS t\(isJoined ? ", v" : "") WHERE \(condition) ORDER BY \(order)\(limit)")
        }.mapError { $0 as? SQLFailure ?? SQLFailure(message: "\($0)", code: 0) }
      }
      #expect(rows(table) == rows("copy"), "seed \(rng.seed): \(table) WHERE \(condition)\(limit)")
    }
  }
}
