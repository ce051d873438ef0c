import Testing

@testable import ADQL

@Suite struct RefusalTests {
  @Test(arguments: [
    ("", "line 1, column 1: here is the end of the query, expected is SELECT"),
    (
      "SELECT ra\nFROM gaia WHERE\n  raa < 1",
      "line 3, column 3: no table of the query has a column 'raa'; did you mean ra?"
    ),
    ("SELECT ra FROM gaja", "line 1, column 16: there is no table 'gaja'; did you mean catalogues.gaia?"),
    ("SELECT ra FROM tables", "line 1, column 16: there is no table 'tables'; did you mean TAP_SCHEMA.tables?"),
    ("SELECT ra FROM gaia; DROP TABLE gaia", "line 1, column 22: here is 'DROP', expected is the end of the query"),
    (
      "SELECT 'ü', $ FROM gaia",
      "line 1, column 13: '$' is no part of ADQL; names with such characters stand in double quotes"
    ),
    ("SELECT 'a FROM gaia", "line 1, column 8: a text begins here and has no end; a quote in it is written twice"),
    ("SELECT 12ab FROM gaia", "line 1, column 8: '12ab' is no number"),
    ("SELECT ra FROM gaia WHERE ra", "line 1, column 27: a condition is expected here, such as a comparison"),
    ("SELECT ra = 1 FROM gaia", "line 1, column 11: here is '=', expected is FROM"),
    ("SELECT (ra = 1) FROM gaia", "line 1, column 9: a value is expected here, not a condition"),
    ("SELECT ra FROM gaia, hip", "line 1, column 8: the column 'ra' is in several tables: gaia, hip; write TABLE.ra"),
    ("SELECT x.ra FROM gaia", "line 1, column 8: the query reads no table 'x'; it reads: gaia"),
    (
      "SELECT ra FROM gaia, hip gaia",
      "line 1, column 22: two tables are called 'gaia'; give one another name: … AS other_name"
    ),
    ("SELECT RAND() FROM gaia", "line 1, column 8: RAND is not supported: the same query is to have the same answer"),
    ("SELECT sqrtt(ra) FROM gaia", "line 1, column 8: the function 'sqrtt' is not known; did you mean SQRT?"),
    (
      "SELECT load_extension('x') FROM gaia",
      "line 1, column 8: the function 'load_extension' is not known; known are: "
    ),
    ("SELECT ABS(1, 2) FROM gaia", "line 1, column 8: ABS has 2 arguments; allowed: 1"),
    ("SELECT POINT(ra, dec) FROM gaia", "line 1, column 8: POINT is no value by itself; it stands in CONTAINS, "),
    (
      "SELECT ra FROM gaia WHERE CONTAINS(POINT(ra, dec), CIRCLE(1, 2, 3))",
      "line 1, column 27: CONTAINS gives 1 or 0; compare it: CONTAINS(…) = 1"
    ),
    (
      "SELECT ra FROM gaia WHERE 1 = CONTAINS(POINT(ra, dec), POLYGON(1, 2, 3, 4, 5, 6))",
      "line 1, column 56: POLYGON is not supported; regions are circles: CIRCLE(ra, dec, radius)"
    ),
    (
      "SELECT ra FROM gaia WHERE 1 = CONTAINS(POINT('GALACTIC', ra, dec), CIRCLE(1, 2, 3))",
      "line 1, column 46: positions are not converted to 'GALACTIC'; allowed: 'ICRS', or no frame"
    ),
    (
      "SELECT t FROM gaia WHERE t LIKE t",
      "line 1, column 33: LIKE is supported with a text in quotes as its pattern only"
    ),
    (
      "SELECT ra FROM gaia EXCEPT ALL SELECT ra FROM hip",
      "line 1, column 28: EXCEPT ALL is not supported; allowed: UNION ALL, EXCEPT"
    ),
    (
      "SELECT ra, dec FROM gaia UNION SELECT ra FROM hip",
      "line 1, column 26: UNION of queries with 2 and 1 columns; they must have the same number"
    ),
    ("SELECT ra FROM gaia ORDER BY 2", "line 1, column 30: ORDER BY 2: the result has the columns 1 to 1"),
    (
      "SELECT a.x FROM (SELECT ra FROM gaia WHERE hip.ra = 1) a, hip",
      "line 1, column 44: the query reads no table 'hip'; it reads: gaia"
    ),
    ("SELECT CAST(ra AS TIMESTAMP) FROM gaia", "line 1, column 19: CAST to 'TIMESTAMP' is not supported; allowed: "),
    (
      "SELECT ra FROM xmatch('a', 'b')",
      "line 1, column 16: 'xmatch(…)' is a function, which ADQL has not among tables; "
    ),
    ("SELECT TOP ra FROM gaia", "line 1, column 12: here is 'ra', expected is a number of rows after TOP"),
    (
      "SELECT ROUND(ra, g) FROM gaia",
      "line 1, column 18: ROUND takes a number from -300 to 300 as its number of decimal places"
    ),
    (
      "SELECT order FROM gaia",
      "line 1, column 8: here is 'order' (a reserved word; as a name it stands in double quotes), expected is a value"
    ),
  ])
  func whatIsNotUnderstoodIsRefusedByNameAndPlace(_ query: String, _ message: String) {
    let found = Sample.sql(query)
    #expect(message.hasSuffix(" ") ? found.hasPrefix(message) : found == message)
  }

  @Test func depthAndLengthAreBounded() {
    let brackets =
      "SELECT " + String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000) + " FROM gaia"
    #expect(Sample.sql(brackets).contains("more than 200 levels of brackets"))
    let not = "SELECT 1 FROM gaia WHERE " + String(repeating: "NOT ", count: 5000) + "ra = 1"
    #expect(Sample.sql(not).contains("more than 200 levels of brackets"))
    let signs = "SELECT " + String(repeating: "- ", count: 5000) + "1 FROM gaia"
    #expect(Sample.sql(signs).contains("more than 200 levels"))
    let sum = "SELECT 1" + String(repeating: "+1", count: 5000) + " FROM gaia"
    #expect(Sample.sql(sum).contains("more than 400 operators"))
    let union = "SELECT 1 FROM gaia" + String(repeating: " UNION SELECT 1 FROM gaia", count: 500)
    #expect(Sample.sql(union).contains("more than 200 queries"))
    let joins = "SELECT 1 FROM gaia a0" + (1...80).map { ", gaia a\($0) JOIN hip h\($0) ON 1 = 1" }.joined()
    #expect(Sample.sql(joins).hasPrefix("SELECT 1"))
    #expect(Sample.sql("SELECT '" + String(repeating: "x", count: 100_000) + "' FROM gaia").contains("allowed: 100000"))
  }

  @Test func nestedFunctionsDoNotGrowWithoutBound() {
    var value = "1"
    for _ in 0..<40 { value = "ROUND(AREA(CIRCLE(0, 0, -DISTANCE(0, 0, \(value), 0))), 2)" }
    #expect(Sample.sql("SELECT \(value) x FROM gaia WHERE DISTANCE(ra, dec, 0, 0) < 1").utf8.count < 20_000)
  }
}
