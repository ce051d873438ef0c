import CatalogStore
import MatchRun
import Testing
import XMDBTestSupport

@testable import SQLExt

/// Columns are found under the names that they had before, too, with the same plans.
@Suite struct FormerNameTests {
  @Test func aFormerNameIsTheSameColumn() throws {
    var rng = SplitMix64(seed: 5)
    let sky = try TestSky()
    let field = StarField(60, raDegrees: 0, decDegrees: 88, radiusDegrees: 0.05, using: &rng)
    try sky.add(field.gaia)
    try sky.add(field.catwise)
    let host = try SQLHost(databasePath: sky.path)
    for (call, former, now) in [
      ("gaia", "xm_rank", "xm_rowid"), ("xm_cone('gaia', 0, 88, 1)", "xm_rank", "xm_rowid"),
      ("xmatch('gaia', 'catwise')", "a_rank", "a_rowid"), ("xm_pairs('gaia', 'catwise')", "b_rank", "b_rowid"),
      ("xm_nonmatches('gaia', 'catwise', 'catwise')", "rank", "xm_rowid"),
    ] {
      func rows(_ name: String) throws -> [String] {
        try host.rows("SELECT \(name) FROM \(call) WHERE \(name) BETWEEN 3 AND 40 ORDER BY \(name)")
      }
      #expect(try !rows(now).isEmpty && rows(former) == rows(now), "\(call)")
      func plan(_ name: String) throws -> [String] {
        try host.rows("EXPLAIN QUERY PLAN SELECT 1 FROM \(call) WHERE \(name) = 7").map {
          String($0.split(separator: "|").last ?? "")
        }
      }
      #expect(try plan(former) == plan(now))
      #expect(try !host.rows("SELECT * FROM \(call) LIMIT 1").isEmpty)
      #expect(
        try host.rows("SELECT count(*) FROM pragma_table_info('\(call.prefix { $0 != "(" })') WHERE name = '\(former)'")
          == ["0"])
    }
  }

  @Test(arguments: ["xmatch('a', 'b', 1, 5)", "xm_cone('a', 1, 2, 3, 4)", "a(5)", "xm_nonmatches('a', 'b', 'a', 1, 5)"])
  func aSurplusArgumentIsNotTakenForAFormerName(call: String) throws {
    let sky = try TestSky()
    for name in ["a", "b"] { try sky.add(TestCatalogue(name, Sky([10], [5]))) }
    let error = try #require(throws: (any Error).self) {
      try SQLHost(databasePath: sky.path).rows("SELECT count(*) FROM \(call)")
    }
    #expect("\(error)".contains("more than"), "\(error)")
  }

  @Test func aColumnOfTheFileGoesBeforeAFormerName() throws {
    var rng = SplitMix64(seed: 6)
    let sky = try TestSky()
    var catalogue = TestCatalogue("c", Sky.cap(20, raDegrees: 3, decDegrees: 3, radiusDegrees: 3, using: &rng))
    catalogue.extras = [.init("xm_rank", "INTEGER", (0..<20).map { .integer(Int64($0) + 1000) })]
    try sky.add(catalogue)
    let host = try SQLHost(databasePath: sky.path)
    #expect(try host.rows("SELECT min(xm_rank), max(xm_rowid) FROM c") == ["1000|19"])
  }
}
