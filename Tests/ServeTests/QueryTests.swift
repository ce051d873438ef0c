import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import Serve

@Suite struct QueryTests {
  private func separation(_ sky: Sky, _ row: Int, _ ra: Double, _ dec: Double) -> Double {
    Indexing.separation(
      ra1Degrees: sky.raDegrees[row], dec1Degrees: sky.decDegrees[row], ra2Degrees: ra, dec2Degrees: dec
    ).degrees
  }

  /// Ids of the sources within a circle, by brute force.
  private func ids(_ catalogue: TestCatalogue, _ ra: Double, _ dec: Double, _ radius: Double) -> Set<String> {
    Set((0..<catalogue.sky.count).filter { separation(catalogue.sky, $0, ra, dec) <= radius }.map { "\(1000 + $0)" })
  }

  @Test func circlesHoldWhatBruteForceFinds() throws {
    let served = try ServedSky()
    for (ra, dec, radius) in [(0.0, 20.0, 0.2), (359.8, 19.8, 0.31), (0.3, 20.4, 0.05), (180, -20, 1), (0, 90, 71)] {
      let expected = ids(served.one, ra, dec, radius)
      for condition in [
        "1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', \(ra), \(dec), \(radius)))",
        "CONTAINS(POINT(ra, dec), CIRCLE(POINT(\(ra), \(dec)), \(radius))) <> 0",
        "DISTANCE(POINT(ra, dec), POINT(\(ra), \(dec))) <= \(radius)",
        "\(radius) >= DISTANCE(\(ra), \(dec), ra, dec)",
        "DISTANCE(ra, dec, \(ra), \(dec)) + 0 <= \(radius)",
        "(1 = 0 OR 1 = INTERSECTS(CIRCLE(\(ra), \(dec), \(radius)), POINT(ra, dec)))",
      ] {
        #expect(Set(try served.rows("SELECT source_id FROM one WHERE \(condition)")) == expected, "\(condition)")
      }
      let matched = try served.rows(
        """
        SELECT a_id FROM matches."matches_one_two words" WHERE 1 = CONTAINS(POINT(a_ra_deg, a_dec_deg), CIRCLE(\(ra), \(dec), \(radius)))
        """)
      #expect(Set(matched) == expected)
    }
  }

  @Test func joinsByPositionFindTheSamePairsAsTheirConditionAlone() throws {
    let served = try ServedSky()
    let join = "SELECT a.source_id, b.source_id AS other FROM one AS a JOIN catalogues.\"two words\" AS b ON "
    let near = "DISTANCE(POINT(a.ra, a.dec), POINT(b.ra, b.dec))"
    let plain = Set(try served.rows(join + near + " * 1 < 0.02"))
    #expect(plain.count > 400)
    for condition in [
      near + " < 0.02", "1 = CONTAINS(POINT(a.ra, a.dec), CIRCLE(b.ra, b.dec, 0.02))",
      "1 = CONTAINS(POINT(b.ra, b.dec), CIRCLE(a.ra, a.dec, 0.02))",
    ] { #expect(Set(try served.rows(join + condition)) == plain, "\(condition)") }
  }

  @Test func valuesAreThoseOfTheCatalogue() throws {
    let served = try ServedSky()
    #expect(
      try served.rows("SELECT TOP 2 source_id, big, name, value FROM one ORDER BY source_id") == [
        "1000|9223372036854775807||", "1001|9223372036854775806|süß 1, \"x\" <&>|0.3333333333333333",
      ])
    #expect(try served.rows("SELECT COUNT(*), SUM(value) / 2, MOD(MAX(source_id), 7) FROM one").count == 1)
    #expect(try served.rows("SELECT COUNT(*) FROM one WHERE name LIKE 'süß 1%'") == ["75"])
    #expect(try served.rows("SELECT COUNT(*) FROM one WHERE name LIKE 'SÜß 1%'") == ["0"])
    #expect(
      try served.rows("SELECT LOG(EXP(2)), LOG10(1000), TRUNCATE(-1.79, 1), ROUND(15, -1), 7 / 2 FROM one OFFSET 399")
        == ["2.0|2.0|-1.7|20.0|3"])
    #expect(
      try served.rows(
        "SELECT COUNT(*) FROM (SELECT source_id FROM one INTERSECT SELECT source_id FROM \"two words\") AS t") == [
          "400"
        ])
    #expect(
      try served.rows("SELECT TOP 1 source_id FROM one UNION SELECT TOP 1 source_id FROM one ORDER BY 1").count == 1)
  }

  @Test func matchesAndTheirCataloguesJoinByTheirKeys() throws {
    let served = try ServedSky()
    let pairs = try served.rows(
      """
      SELECT COUNT(*) FROM matches."matches_one_two words" AS m JOIN one AS a ON a.xm_rowid = m.a_rowid
      JOIN "two words" AS b ON b.xm_rowid = m.b_rowid WHERE a.source_id = m.a_id AND b.source_id = m.b_id
      """)
    #expect(pairs == ["400"])
    #expect(try served.rows("SELECT COUNT(*) FROM matches.\"nonmatches_one_two words\"") == ["0"])
    #expect(
      try served.rows("SELECT target_column FROM TAP_SCHEMA.key_columns WHERE from_column = 'a_rowid'").count == 2)
  }

  @Test func everyColumnThatIsListedCanBeSelected() throws {
    let served = try ServedSky()
    for table in try served.rows("SELECT table_name FROM TAP_SCHEMA.tables") {
      let columns = try served.rows(
        "SELECT column_name FROM TAP_SCHEMA.columns WHERE table_name = '\(table)' ORDER BY column_index")
      #expect(!columns.isEmpty)
      _ = try served.rows("SELECT TOP 2 \(columns.joined(separator: ", ")) FROM \(table)")
      let all = try served.rows("SELECT * FROM \(table)", most: 0)
      #expect(all.isEmpty)
    }
  }

  @Test func uploadsAreTablesForOneQuery() throws {
    let served = try ServedSky()
    let table = """
      <VOTABLE version="1.4"><RESOURCE><TABLE><FIELD name="ra" datatype="double"/><FIELD name="dec" datatype="float"/>
      <FIELD name="Ra" datatype="char" arraysize="*"/><DATA><TABLEDATA><TR><TD>0</TD><TD>20</TD><TD>x</TD></TR>
      <TR><TD>12</TD><TD/><TD/></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>
      """
    let uploads = [("mine", Array(table.utf8))]
    #expect(try served.rows("SELECT * FROM tap_upload.mine", uploads: uploads) == ["0.0|20.0|x", "12.0||"])
    let near = try served.rows(
      "SELECT s.source_id FROM TAP_UPLOAD.mine AS u JOIN one AS s ON 1 = CONTAINS(POINT(s.ra, s.dec), CIRCLE(u.ra, u.dec, 0.1))",
      uploads: uploads)
    #expect(Set(near) == ids(served.one, 0, 20, 0.1))
    #expect(served.message("SELECT * FROM tap_upload.mine").contains("there is no table 'tap_upload.mine'"))
    for wrong in ["", "no table", "SQLite format 3\0", table.replacing("</TABLE>", with: ""), "<a/>"] {
      #expect(throws: RequestError.self) {
        try served.rows("SELECT * FROM tap_upload.mine", uploads: [("mine", Array(wrong.utf8))])
      }
    }
    #expect(served.message("SELECT * FROM one WHERE ra < 0") == "")
  }

  @Test func rowsAreCutOffWhereTheLimitIs() throws {
    let served = try ServedSky()
    #expect(try served.rows("SELECT source_id FROM one", most: 7).count == 7)
    let rows = try served.connection.rows("SELECT source_id FROM one", nil, most: 400, QueryStop())
    #expect(rows.count == 400 && !rows.isCutOff)
    #expect(try served.connection.rows("SELECT source_id FROM one", nil, most: 399, QueryStop()).isCutOff)
  }

  @Test func newCataloguesAreThereAtTheNextQuery() throws {
    let served = try ServedSky()
    var rng = SplitMix64(seed: 9)
    try served.sky.add(TestCatalogue("three", Sky.cap(9, raDegrees: 5, decDegrees: 5, radiusDegrees: 1, using: &rng)))
    #expect(try served.rows("SELECT COUNT(*) FROM catalogues.three") == ["9"])
    #expect(try served.rows("SELECT COUNT(*) FROM TAP_SCHEMA.tables WHERE table_name = 'catalogues.three'") == ["1"])
  }
}
