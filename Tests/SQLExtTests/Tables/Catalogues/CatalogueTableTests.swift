import CatalogStore
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import SQLExt

/// The tables of catalogues against the arrays that they were made of.
@Suite struct CatalogueTableTests {
  /// A field of 3000 sources around (0, 89.7): it holds the pole and every right ascension.
  static func polarCatalogue(_ rng: inout SplitMix64, _ name: String = "polar") -> TestCatalogue {
    var catalogue = TestCatalogue(
      name, Sky.cap(3000, raDegrees: 0, decDegrees: 89.7, radiusDegrees: 1, using: &rng), sigmaArcsec: 0.2)
    catalogue.sourcesPerShard = 200
    return catalogue
  }

  static func host(_ sky: TestSky) throws -> SQLHost { try SQLHost(databasePath: sky.path) }

  @Test func allRowsComeInSkyOrderWithTheirValues() throws {
    try forEverySeed([1]) { rng in
      let sky = try TestSky()
      let catalogue = Self.polarCatalogue(&rng)
      let info = try sky.add(catalogue)
      #expect(info.shards.count > 10)
      let host = try Self.host(sky)
      let rows = try host.rows("SELECT source_id, ra, dec, pos_err, xm_rowid, xm_healpix29 FROM polar")
      let index = catalogue.healpix29
      let expected = catalogue.rowsByRowid.enumerated().map { rowid, row in
        "\(1000 + row)|\(catalogue.sky.raDegrees[row])|\(catalogue.sky.decDegrees[row])|0.2|\(rowid)|\(index[row])"
      }
      #expect(rows == expected)
      #expect(try host.value("SELECT count(*) FROM polar") == "3000")
      #expect(try host.rows("SELECT rowid FROM polar WHERE rowid > 2997") == ["2998", "2999"])
    }
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func boxesAreThoseOfBruteForce(seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let sky = try TestSky()
    var field = Sky.cap(1500, raDegrees: 0, decDegrees: 0, radiusDegrees: 2, using: &rng)
    for row in 0..<field.count where field.raDegrees[row] > 180 && rng.below(2) == 0 { field.raDegrees[row] -= 360 }
    field.append(Sky.cap(1500, raDegrees: 40, decDegrees: -89, radiusDegrees: 2, using: &rng))
    var catalogue = TestCatalogue("field", field)
    catalogue.sourcesPerShard = 150
    let info = try sky.add(catalogue)
    let host = try Self.host(sky)
    let context = try #require(host.context)
    for _ in 0..<60 {
      let (ra, dec) = (rng.uniform(-3, 363), [0, -89.0][rng.below(2)] + rng.uniform(-2, 2))
      let (width, height) = (rng.logUniform(0.01, 200), rng.logUniform(0.01, 2))
      let wanted = (0..<field.count).filter {
        field.raDegrees[$0] >= ra && field.raDegrees[$0] <= ra + width && field.decDegrees[$0] > dec
          && field.decDegrees[$0] < dec + height
      }
      let before = context.counters.shardsRead
      let found = try host.rows(
        """
        SELECT source_id FROM field WHERE ra BETWEEN \(ra) AND \(ra + width) AND dec > \(dec) AND dec < \(dec + height)
        ORDER BY source_id
        """)
      #expect(found == wanted.map { "\(1000 + $0)" }, "seed \(seed), ra \(ra) + \(width), dec \(dec) + \(height)")
      if height < 0.1 && abs(dec) < 10 { #expect(context.counters.shardsRead - before < info.shards.count / 2) }
    }
  }

  @Test func oneSidedBoundsOnRawRightAscensionsLoseNothing() throws {
    let sky = try TestSky()
    var field = Sky()
    for ra in [-10, 10, 350, 355, 370, 715.0] { field.append(ra, 5) }
    try sky.add(TestCatalogue("field", field))
    let host = try Self.host(sky)
    #expect(try host.rows("SELECT ra FROM field WHERE ra > 352 ORDER BY ra") == ["355.0", "370.0", "715.0"])
    #expect(try host.rows("SELECT ra FROM field WHERE ra < 0") == ["-10.0"])
    #expect(
      try host.rows("SELECT ra FROM field WHERE ra BETWEEN 349 AND 371 ORDER BY ra") == ["350.0", "355.0", "370.0"])
    #expect(try host.rows("SELECT ra FROM field WHERE ra = 10 AND dec = 5") == ["10.0"])
    #expect(try host.rows("SELECT ra FROM field WHERE dec > 90").isEmpty)
    #expect(try host.rows("SELECT ra FROM field WHERE ra > 5 AND ra < 5").isEmpty)
  }

  @Test func integerIDsOpenOneShard() throws {
    var rng = SplitMix64(seed: 4)
    let sky = try TestSky()
    var catalogue = Self.polarCatalogue(&rng, "gaia")
    // Ids that grow along the curve, as Gaia's do.
    var ids = [Int64](repeating: 0, count: catalogue.sky.count)
    for (rowid, row) in catalogue.rowsByRowid.enumerated() { ids[row] = 4_000_000_000_000_000_000 + Int64(rowid) * 7 }
    catalogue.ids = .integer(ids, nulls: [])
    try sky.add(catalogue)
    let host = try Self.host(sky)
    let context = try #require(host.context)
    let id = ids[catalogue.rowsByRowid[1234]]
    let before = context.counters.shardsRead
    #expect(try host.rows("SELECT source_id, xm_rowid FROM gaia WHERE source_id = \(id)") == ["\(id)|1234"])
    #expect(context.counters.shardsRead - before == 1)
    #expect(try host.rows("SELECT xm_rowid FROM gaia WHERE source_id = \(id + 1)").isEmpty)
    #expect(try host.rows("SELECT xm_rowid FROM gaia WHERE source_id IN (\(id), 5, \(id + 7))") == ["1234", "1235"])
    #expect(context.counters.shardsRead - before <= 5)
    #expect(try host.rows("SELECT xm_rowid FROM gaia WHERE source_id = '\(id)'") == ["1234"])
    #expect(try host.rows("SELECT xm_rowid FROM gaia WHERE source_id IS NULL").isEmpty)
    #expect(try host.rows("SELECT xm_rowid FROM gaia WHERE source_id = 'x'").isEmpty)
    #expect(try host.value("SELECT count(*) FROM gaia WHERE source_id <> \(id)") == "2999")
  }

  @Test func textIDsAndMissingOnesAreKeptExactly() throws {
    var rng = SplitMix64(seed: 5)
    let sky = try TestSky()
    var catalogue = Self.polarCatalogue(&rng, "catwise")
    let names = (0..<3000).map { $0 % 100 == 7 ? nil : "J\($0) é'\"" }
    catalogue.ids = .text(TextIDs(names))
    catalogue.idName = "source name"
    try sky.add(catalogue)
    let host = try Self.host(sky)
    #expect(
      try host.rows("SELECT \"source name\" FROM catwise WHERE \"source name\" = 'J1234 é''\"'") == ["J1234 é'\""])
    #expect(try host.value("SELECT count(*) FROM catwise WHERE \"source name\" IS NULL") == "30")
    #expect(try host.value("SELECT count(*) FROM catwise WHERE \"source name\" IS NOT NULL") == "2970")
    #expect(try host.rows("SELECT 1 FROM catwise WHERE \"source name\" = 5").isEmpty)
    #expect(
      try host.rows("SELECT \"source name\" FROM catwise WHERE \"source name\" = 'J1234 É''\"' COLLATE NOCASE").isEmpty)
  }

  @Test func rowidsAndIndicesChooseRows() throws {
    var rng = SplitMix64(seed: 6)
    let sky = try TestSky()
    let catalogue = Self.polarCatalogue(&rng)
    try sky.add(catalogue)
    let host = try Self.host(sky)
    let context = try #require(host.context)
    #expect(
      try host.rows("SELECT xm_rowid FROM polar WHERE xm_rowid BETWEEN 1998 AND 2001.5") == [
        "1998", "1999", "2000", "2001",
      ])
    #expect(
      try host.rows("SELECT xm_rowid FROM polar WHERE xm_rowid < 2 OR xm_rowid >= 2999").sorted() == ["0", "1", "2999"])
    #expect(
      try host.rows("SELECT xm_rowid FROM polar WHERE xm_rowid = -1 OR xm_rowid = 3000 OR xm_rowid = 1.5").isEmpty)
    let sorted = catalogue.healpix29.sorted()
    let before = context.counters.shardsRead
    #expect(
      try host.rows("SELECT xm_rowid FROM polar WHERE xm_healpix29 >= \(sorted[700]) AND xm_healpix29 < \(sorted[704])")
        == ["700", "701", "702", "703"])
    #expect(try host.rows("SELECT xm_rowid FROM polar WHERE xm_healpix29 = \(sorted[2500])") == ["2500"])
    #expect(context.counters.shardsRead - before <= 3)
    #expect(try host.rows("SELECT xm_rowid FROM polar WHERE xm_healpix29 < 0").isEmpty)
    // A pixel of another order, by the scalar functions.
    let pixel = HealpixPixel(healpix29: sorted[10], order: 8)
    let inPixel = sorted.count { pixel.contains(healpix29: $0) }
    #expect(
      try host.value(
        """
        SELECT count(*) FROM polar
        WHERE xm_healpix29 BETWEEN xm_healpix_first29(8, \(pixel.index)) AND xm_healpix_last29(8, \(pixel.index))
        """) == "\(inPixel)")
  }

  @Test func limitStopsAtTheFirstShard() throws {
    var rng = SplitMix64(seed: 7)
    let sky = try TestSky()
    try sky.add(Self.polarCatalogue(&rng))
    let host = try Self.host(sky)
    let context = try #require(host.context)
    #expect(try host.rows("SELECT ra FROM polar LIMIT 3").count == 3)
    #expect(try host.rows("SELECT ra FROM polar ORDER BY xm_healpix29, xm_rowid LIMIT 3").count == 3)
    #expect(context.counters.shardsRead == 2)
    #expect(try host.plan("SELECT ra FROM polar ORDER BY xm_rowid DESC").last == "USE TEMP B-TREE FOR ORDER BY")
    #expect(try host.plan("SELECT ra FROM polar ORDER BY xm_rowid, ra DESC").count == 1)
  }

  @Test func plansAreReadable() throws {
    var rng = SplitMix64(seed: 8)
    let sky = try TestSky()
    try sky.add(Self.polarCatalogue(&rng))
    let host = try Self.host(sky)
    #expect(
      try host.plan("SELECT source_id FROM polar WHERE ra > 3 AND dec <= 89.5 AND pos_err IS NOT NULL") == [
        "SCAN polar VIRTUAL TABLE INDEX 0:c1.1,c2.2,c3.9;f ra> dec<= pos_err IS NOT NULL"
      ])
    #expect(
      try host.plan("SELECT p.ra FROM xm_cone('polar', 0, 90, 0.1) c JOIN polar p USING (xm_rowid)").map {
        String($0.prefix { $0 != ":" })
      } == ["SCAN c VIRTUAL TABLE INDEX 0", "SCAN p VIRTUAL TABLE INDEX 0"])
  }

  @Test func oddNamesAndTypesSurvive() throws {
    var rng = SplitMix64(seed: 9)
    let sky = try TestSky()
    var catalogue = TestCatalogue(
      "odd", Sky.cap(50, raDegrees: 10, decDegrees: 10, radiusDegrees: 0.1, using: &rng))
    catalogue.raName = "select"
    catalogue.decName = "a \"b\" c"
    catalogue.idName = "x; DROP TABLE source; --"
    catalogue.extras = [
      .init("limit", "INTEGER", (0..<50).map { $0 == 3 ? .null : .integer(Int64.max - Int64($0)) }),
      .init("ünïcode 'q'", "TEXT", (0..<50).map { $0 == 4 ? .null : .text("t\($0)") }),
      .init("blob", "BLOB", (0..<50).map { .integer(Int64($0)) }),
      .init("xm", "REAL", (0..<50).map { .real(Double($0) / 3) }),
    ]
    try sky.add(catalogue)
    let host = try Self.host(sky)
    #expect(
      try host.rows("SELECT \"limit\", typeof(\"limit\") FROM odd WHERE \"limit\" > 9223372036854775804 ORDER BY 1")
        == ["9223372036854775805|integer", "9223372036854775806|integer", "9223372036854775807|integer"])
    #expect(
      try host.rows("SELECT \"ünïcode 'q'\" FROM odd WHERE \"ünïcode 'q'\" >= 't48'  ORDER BY 1") == [
        "t48", "t49", "t5", "t6", "t7", "t8", "t9",
      ])
    #expect(try host.value("SELECT count(*) FROM odd WHERE \"select\" < 10 AND \"a \"\"b\"\" c\" > 10").count > 0)
    #expect(
      try host.value("SELECT \"x; DROP TABLE source; --\" FROM odd WHERE \"x; DROP TABLE source; --\" = 1007") == "1007"
    )
    #expect(try host.value("SELECT count(*), sum(xm = blob / 3.0) FROM odd WHERE blob IS NOT NULL") == "50|50")
    #expect(try host.value("SELECT xm FROM odd WHERE blob = 7") == "\(7.0 / 3)")
    #expect(host.message("SELECT * FROM xm_cone('x''; DROP TABLE t; --', 0, 0, 1)").contains("argument 1 (catalogue)"))
  }

  @Test func anyComparisonLeavesTheSameRowsAsAPlainTable() throws {
    var rng = SplitMix64(seed: 10)
    let sky = try TestSky()
    var catalogue = TestCatalogue("t", Sky.cap(40, raDegrees: 3, decDegrees: 3, radiusDegrees: 3, using: &rng))
    catalogue.raName = "x"
    catalogue.decName = "y"
    catalogue.idName = "i"
    catalogue.ids = .integer((0..<40).map { $0 / 2 }, nulls: (0..<40).map { $0 % 9 == 0 })
    catalogue.extras = [
      .init("name", "TEXT", (0..<40).map { $0 % 7 == 0 ? .null : .text("row \($0 % 5)") }),
      .init("r", "REAL", (0..<40).map { $0 % 7 == 3 ? .null : .real(Double($0) / 2) }),
    ]
    catalogue.sourcesPerShard = 6
    try sky.add(catalogue)
    let host = try Self.host(sky)
    try host.execute(
      """
      CREATE TABLE copy(xm_rowid INTEGER PRIMARY KEY, i INTEGER, x REAL, y REAL, name TEXT, r REAL);
      INSERT INTO copy SELECT xm_rowid, i, x, y, name, r FROM t
      """)
    for column in ["i", "x", "y", "name", "r", "xm_rowid", "rowid"] {
      for comparison in PushdownTests.operators + ["IS NOT"] {
        for value in PushdownTests.values {
          let condition = "\(column) \(comparison) \(value)"
          let pushed = try host.rows("SELECT xm_rowid, name FROM t WHERE \(condition) ORDER BY 1")
          let plain = try host.rows("SELECT xm_rowid, name FROM copy WHERE \(condition) ORDER BY 1")
          #expect(pushed == plain, "WHERE \(condition)")
        }
      }
    }
  }
}
