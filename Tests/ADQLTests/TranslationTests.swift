import Testing

@testable import ADQL

/// Tables for translations.
enum Sample {
  static let tables = [
    TableDefinition(
      schema: "catalogues", name: "gaia", sql: "\"gaia\"", description: "",
      columns: [
        .init("id", .long), .init("ra", .double), .init("dec", .double), .init("g", .float), .init("t", .text),
      ],
      positions: [.init(ra: "ra", dec: "dec", search: .cone(catalogue: "gaia"))]),
    TableDefinition(
      schema: "catalogues", name: "hip", sql: "\"hip\"", description: "",
      columns: [.init("hip", .long), .init("ra", .double), .init("dec", .double)],
      positions: [.init(ra: "ra", dec: "dec", search: .cone(catalogue: "hip"))]),
    TableDefinition(
      schema: "catalogues", name: "DR3.main", sql: "\"DR3.main\"", description: "", columns: [.init("a b", .long)]),
    TableDefinition(
      schema: "matches", name: "m", sql: "xmatch('gaia', 'hip')", description: "",
      columns: [.init("a_ra_deg", .double), .init("a_dec_deg", .double), .init("p", .double)],
      positions: [.init(ra: "a_ra_deg", dec: "a_dec_deg", search: .bounds)]),
    TableDefinition(
      schema: "TAP_SCHEMA", name: "tables", sql: "\"tap_schema\".\"tables\"", description: "",
      columns: [.init("table_name", .text), .init("size", .int)]),
    TableDefinition(
      schema: "tap_upload", name: "u", sql: "\"tap_upload\".\"u\"", description: "",
      columns: [.init("ra", .double), .init("dec", .double), .init("r", .double)]),
  ]

  static let functions = [
    UserFunction(name: "xm_separation", arguments: ["a", "b", "c", "d"], type: .double, description: "")
  ]

  static func sql(_ query: String) -> String {
    do { return try ADQL.translate(query, tables: tables, functions: functions).sql } catch { return "\(error)" }
  }

  static func types(_ query: String) -> [String] {
    do {
      return try ADQL.translate(query, tables: tables, functions: functions).columns.map {
        "\($0.name) \($0.type?.rawValue ?? "?")"
      }
    } catch {
      return ["\(error)"]
    }
  }
}

@Suite struct TranslationTests {
  @Test(arguments: [
    ("SELECT TOP 5 id FROM gaia", #"SELECT "gaia"."id" AS "id" FROM "gaia" AS "gaia" LIMIT 5"#),
    (
      "select distinct Ra r from CATALOGUES.Gaia as x order by R desc, 1 offset 3;",
      #"SELECT DISTINCT "x"."ra" AS "r" FROM "gaia" AS "x" ORDER BY 1 DESC, 1 LIMIT -1 OFFSET 3"#
    ),
    (#"SELECT "a b" FROM "DR3.main" -- a comment"#, #"SELECT "DR3.main"."a b" AS "a b" FROM "DR3.main" AS "DR3.main""#),
    (
      "SELECT 'it''s' || t s FROM gaia WHERE NOT (ra < 1 OR dec IS NOT NULL AND g <> 2)",
      #"SELECT 'it''s' || "gaia"."t" AS "s" FROM "gaia" AS "gaia" WHERE NOT (("gaia"."ra" < 1 OR ("gaia"."dec" IS NOT NULL AND "gaia"."g" <> 2)))"#
    ),
    (
      "SELECT -ra - -1 * (g + 0x1F) AS x FROM gaia",
      #"SELECT (- "gaia"."ra") - ((- 1) * ("gaia"."g" + 0x1F)) AS "x" FROM "gaia" AS "gaia""#
    ),
    (
      "SELECT COUNT(*) n, AVG(DISTINCT g) FROM gaia GROUP BY FLOOR(g) HAVING COUNT(*) > 3",
      #"SELECT count(*) AS "n", avg(DISTINCT "gaia"."g") AS "avg" FROM "gaia" AS "gaia" GROUP BY floor("gaia"."g") HAVING count(*) > 3"#
    ),
    (
      "SELECT g.id FROM gaia g JOIN hip USING (ra, dec)",
      #"SELECT "g"."id" AS "id" FROM "gaia" AS "g" JOIN "hip" AS "hip" ON "g"."ra" = "hip"."ra" AND "g"."dec" = "hip"."dec""#
    ),
    (
      "SELECT ra, hip FROM gaia NATURAL LEFT JOIN hip",
      #"SELECT "gaia"."ra" AS "ra", "hip"."hip" AS "hip" FROM "gaia" AS "gaia" LEFT JOIN "hip" AS "hip" ON "gaia"."ra" = "hip"."ra" AND "gaia"."dec" = "hip"."dec""#
    ),
    (
      "SELECT * FROM hip h, m CROSS JOIN tap_upload.u WHERE h.hip IN (1, 2) AND EXISTS (SELECT 1 FROM gaia WHERE id = h.hip)",
      #"SELECT "h"."hip" AS "hip", "h"."ra" AS "ra", "h"."dec" AS "dec", "m"."a_ra_deg" AS "a_ra_deg", "m"."a_dec_deg" AS "a_dec_deg", "m"."p" AS "p", "u"."ra" AS "ra", "u"."dec" AS "dec", "u"."r" AS "r" FROM "hip" AS "h", (xmatch('gaia', 'hip') AS "m" JOIN "tap_upload"."u" AS "u") WHERE ("h"."hip" IN (1, 2) AND EXISTS (SELECT 1 AS "col1" FROM "gaia" AS "gaia" WHERE "gaia"."id" = "h"."hip"))"#
    ),
    (
      "WITH w AS (SELECT ra FROM gaia) SELECT w.ra FROM w UNION ALL SELECT dec FROM hip ORDER BY ra",
      #"WITH "w" AS (SELECT "gaia"."ra" AS "ra" FROM "gaia" AS "gaia") SELECT * FROM (SELECT "w"."ra" AS "ra" FROM "w" AS "w") UNION ALL SELECT * FROM (SELECT "hip"."dec" AS "dec" FROM "hip" AS "hip") ORDER BY 1"#
    ),
    (
      "SELECT t FROM gaia WHERE t LIKE 'a%_*' AND t NOT ILIKE 'B[%'",
      #"SELECT "gaia"."t" AS "t" FROM "gaia" AS "gaia" WHERE ("gaia"."t" GLOB 'a*?[*]' AND lower("gaia"."t") NOT GLOB 'b[[]*')"#
    ),
    (
      "SELECT ROUND(ra, -1) a, TRUNCATE(ra, 2) b, LOG(ra) c, MOD(id, 7) d, MOD(ra, 7) e, CAST(ra AS VARCHAR(3)) f FROM gaia",
      #"SELECT (round(("gaia"."ra") / 1e1) * 1e1) AS "a", (trunc(("gaia"."ra") * 1e2) / 1e2) AS "b", ln("gaia"."ra") AS "c", (("gaia"."id") % (7)) AS "d", mod("gaia"."ra", 7) AS "e", substr(CAST("gaia"."ra" AS TEXT), 1, 3) AS "f" FROM "gaia" AS "gaia""#
    ),
    (
      "SELECT CASE WHEN ra > 1 THEN 'a' ELSE NULL END k, CASE t WHEN 'x' THEN 1 END l FROM gaia",
      #"SELECT CASE WHEN "gaia"."ra" > 1 THEN 'a' ELSE NULL END AS "k", CASE "gaia"."t" WHEN 'x' THEN 1 END AS "l" FROM "gaia" AS "gaia""#
    ),
    ("SELECT size FROM tap_schema.tables", #"SELECT "tables"."size" AS "size" FROM "tap_schema"."tables" AS "tables""#),
    (
      "SELECT DISTANCE(POINT('ICRS', ra, dec), POINT('', 1, 2)) d, COORD2(POINT(ra, dec)) y FROM gaia",
      #"SELECT (xm_separation("gaia"."ra", "gaia"."dec", 1, 2) / 3600.0) AS "d", "gaia"."dec" AS "y" FROM "gaia" AS "gaia""#
    ),
    (
      "SELECT AREA(CIRCLE(POINT(1, 2), r)) a, xm_separation(ra, dec, 0, 0) s FROM tap_upload.u",
      #"SELECT (41252.961249419277 * pow(sin(radians("u"."r" / 2.0)), 2)) AS "a", xm_separation("u"."ra", "u"."dec", 0, 0) AS "s" FROM "tap_upload"."u" AS "u""#
    ),
  ])
  func queriesAreTranslated(_ query: String, _ sql: String) { #expect(Sample.sql(query) == sql) }

  @Test(arguments: [
    // The position of a catalogue in a circle: a cone.
    (
      "1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 10, -5, 0.5))",
      #""gaia"."xm_rowid" IN (SELECT "xm_rowid" FROM xm_cone('gaia', 10, - 5, 0.5))"#
    ),
    (
      "INTERSECTS(CIRCLE(10, 5, 1), POINT(ra, dec)) = 1",
      #""gaia"."xm_rowid" IN (SELECT "xm_rowid" FROM xm_cone('gaia', 10, 5, 1))"#
    ),
    (
      "DISTANCE(POINT(ra, dec), POINT(1, 2)) <= 0.1",
      #"("gaia"."xm_rowid" IN (SELECT "xm_rowid" FROM xm_cone('gaia', 1, 2, max(0, min(180, (0.1) * 1.000001 + 1e-9)))) AND (xm_separation("gaia"."ra", "gaia"."dec", 1, 2) / 3600.0) <= 0.1)"#
    ),
    (
      "0.1 > DISTANCE(1, 2, ra, dec)",
      #"("gaia"."xm_rowid" IN (SELECT "xm_rowid" FROM xm_cone('gaia', 1, 2, max(0, min(180, (0.1) * 1.000001 + 1e-9)))) AND (xm_separation(1, 2, "gaia"."ra", "gaia"."dec") / 3600.0) < 0.1)"#
    ),
    // Where rows outside count, too, or where the circle depends on the row: only the condition.
    ("0 = CONTAINS(POINT(ra, dec), CIRCLE(1, 2, 3))", #"0 = xm_in_cone("gaia"."ra", "gaia"."dec", 1, 2, 3)"#),
    ("NOT 1 = CONTAINS(POINT(ra, dec), CIRCLE(1, 2, 3))", #"NOT (1 = xm_in_cone("gaia"."ra", "gaia"."dec", 1, 2, 3))"#),
    (
      "(g < 1 OR 1 = CONTAINS(POINT(ra, dec), CIRCLE(1, 2, 3)))",
      #"("gaia"."g" < 1 OR 1 = xm_in_cone("gaia"."ra", "gaia"."dec", 1, 2, 3))"#
    ),
    ("1 = CONTAINS(POINT(ra, dec), CIRCLE(1, 2, g))", #"1 = xm_in_cone("gaia"."ra", "gaia"."dec", 1, 2, "gaia"."g")"#),
    ("1 = CONTAINS(POINT(dec, ra), CIRCLE(1, 2, 3))", #"1 = xm_in_cone("gaia"."dec", "gaia"."ra", 1, 2, 3)"#),
    ("1 = CONTAINS(POINT(ra + 1, dec), CIRCLE(1, 2, 3))", #"1 = xm_in_cone("gaia"."ra" + 1, "gaia"."dec", 1, 2, 3)"#),
    (
      "1 = CONTAINS(CIRCLE(ra, dec, 1), CIRCLE(1, 2, 3))",
      #"1 = (xm_separation("gaia"."ra", "gaia"."dec", 1, 2) / 3600.0 + 1 <= 3)"#
    ),
  ])
  func conditionsOfPositionsSayWhereToLook(_ condition: String, _ sql: String) {
    #expect(
      Sample.sql("SELECT id FROM gaia WHERE \(condition)")
        == #"SELECT "gaia"."id" AS "id" FROM "gaia" AS "gaia" WHERE "# + sql)
  }

  @Test func joinsByPositionLookAroundEachRowOfTheOtherTable() {
    let cone = #""g"."xm_rowid" IN (SELECT "xm_rowid" FROM xm_cone('gaia', "u"."ra", "u"."dec", "u"."r"))"#
    for condition in ["POINT(g.ra, g.dec), CIRCLE(u.ra, u.dec, u.r)"] {
      let sql = Sample.sql("SELECT g.id FROM tap_upload.u JOIN gaia g ON 1 = CONTAINS(\(condition))")
      #expect(sql == #"SELECT "g"."id" AS "id" FROM "tap_upload"."u" AS "u" JOIN "gaia" AS "g" ON "# + cone)
    }
    let turned = Sample.sql(
      "SELECT g.id FROM tap_upload.u, gaia g WHERE 1 = CONTAINS(POINT(u.ra, u.dec), CIRCLE(g.ra, g.dec, u.r))")
    #expect(turned.hasSuffix(" WHERE " + cone))
  }

  @Test func tablesWithoutConesGetBounds() {
    let sql = Sample.sql("SELECT p FROM m WHERE 1 = CONTAINS(POINT(a_ra_deg, a_dec_deg), CIRCLE(66, 60, 1))")
    #expect(sql.contains(#"("m"."a_dec_deg" BETWEEN 58.999"#) && sql.contains(#""m"."a_ra_deg" BETWEEN 63.999"#))
    #expect(sql.contains(#"AND xm_in_cone("m"."a_ra_deg", "m"."a_dec_deg", 66, 60, 1))"#))
    let across = Sample.sql("SELECT p FROM m WHERE 1 = CONTAINS(POINT(a_ra_deg, a_dec_deg), CIRCLE(0.5, 60, 1))")
    #expect(across.contains("a_dec_deg\" BETWEEN") && !across.contains("a_ra_deg\" BETWEEN"))
    let pole = Sample.sql("SELECT p FROM m WHERE 1 = CONTAINS(POINT(a_ra_deg, a_dec_deg), CIRCLE(9, 89.5, 1))")
    #expect(!pole.contains("a_ra_deg\" BETWEEN"))
  }

  @Test(arguments: [
    (
      "SELECT id, g, g + 1, id / 2, COUNT(*) n, SUM(g) s, MAX(t) m, 'x' x, 1e3 y, NULL z FROM gaia",
      ["id long", "g float", "col3 double", "col4 long", "n long", "s double", "m text", "x text", "y double", "z ?"]
    ),
    (
      "SELECT COALESCE(id, 1.5) a, CASE WHEN g > 1 THEN id ELSE NULL END b, CAST(t AS INTEGER) c FROM gaia",
      ["a double", "b long", "c long"]
    ),
    ("SELECT id FROM gaia UNION SELECT ra FROM hip", ["id double"]),
    (
      "SELECT CONTAINS(POINT(ra, dec), CIRCLE(1, 2, 3)) k, (SELECT MAX(hip) FROM hip) h FROM gaia",
      ["k short", "h long"]
    ),
  ])
  func typesOfColumnsAreKnownBeforehand(_ query: String, _ types: [String]) { #expect(Sample.types(query) == types) }
}
