import CatalogStore
import Testing

@testable import SQLExt

/// What a user reads who called an operator wrongly: every way to be wrong, and the whole message.
@Suite struct ErrorTests {
  let host: SQLHost
  init() throws { host = try SQLHost() }

  @Test(arguments: [
    ("xm_separation(0, 0, 'abc', 0)", "xm_separation: argument 3 (ra2) is 'abc'; expected degrees, a finite number"),
    ("xm_separation(0, 90.5, 0, 0)", "xm_separation: argument 2 (dec1) is 90.5; expected degrees, -90 to 90"),
    ("xm_separation(0, 0, 9e999, 0)", "xm_separation: argument 3 (ra2) is inf; expected degrees, a finite number"),
    (
      "xm_separation(0, 0, x'0102', 0)",
      "xm_separation: argument 3 (ra2) is a blob of 2 bytes; expected degrees, a finite number"
    ),
    ("xm_separation(0, 0, '', 0)", "xm_separation: argument 3 (ra2) is ''; expected degrees, a finite number"),
    ("xm_separation(0, 0, '12x', 0)", "xm_separation: argument 3 (ra2) is '12x'; expected degrees, a finite number"),
    (
      "xm_separation(0, 0, printf('%.60c', 'y'), 0)",
      "xm_separation: argument 3 (ra2) is 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…'; expected degrees, a finite number"
    ),
    (
      "xm_separation(0, 0, 'a' || char(10) || 'b', 0)",
      "xm_separation: argument 3 (ra2) is 'a b'; expected degrees, a finite number"
    ),
    ("xm_separation(0, 0, 0)", "wrong number of arguments to function xm_separation()"),
    ("xm_position_angle(0, 0, 0, -91)", "xm_position_angle: argument 4 (dec2) is -91; expected degrees, -90 to 90"),
    ("xm_in_cone(0, 0, 0, 0, -1)", "xm_in_cone: argument 5 (radius) is -1; expected degrees, 0 to 180"),
    ("xm_healpix(30, 0, 0)", "xm_healpix: argument 1 (order) is 30; expected HEALPix order, an integer from 0 to 29"),
    ("xm_healpix(2.5, 0, 0)", "xm_healpix: argument 1 (order) is 2.5; expected HEALPix order, an integer from 0 to 29"),
    (
      "xm_healpix_ra(1, 48)",
      "xm_healpix_ra: argument 2 (pixel) is 48; expected nested HEALPix index, an integer from 0 to 47 at order 1"
    ),
    (
      "xm_healpix_dec(1, -1)",
      "xm_healpix_dec: argument 2 (pixel) is -1; expected nested HEALPix index, an integer >= 0"
    ),
    (
      "xm_healpix_parent(48, 1, 0)",
      "xm_healpix_parent: argument 1 (pixel) is 48; expected nested HEALPix index, an integer from 0 to 47 at order 1"
    ),
    (
      "xm_healpix_parent(1, 3, 4)",
      "xm_healpix_parent: argument 3 (to_order) is 4; expected HEALPix order, an integer from 0 to from_order, which is 3"
    ),
    (
      "xm_healpix_first29(29, 9223372036854775807)",
      "xm_healpix_first29: argument 2 (pixel) is 9223372036854775807; "
        + "expected nested HEALPix index, an integer from 0 to 3458764513820540927 at order 29"
    ),
    (
      "xm_healpix_last29('one', 0)",
      "xm_healpix_last29: argument 1 (order) is 'one'; expected HEALPix order, an integer from 0 to 29"
    ),
    (
      "xm_move(0, 0, 1e10, 0, 2000, 2001)",
      "xm_move: argument 3 (pm_ra) is 10000000000.0; expected mas per year, -1000000000 to 1000000000"
    ),
    (
      "xm_move_ra(0, 0, 0, 0, 2000, 'J2016')",
      "xm_move_ra: argument 6 (epoch_to) is 'J2016'; expected Julian years, -100000 to 100000"
    ),
    ("xm_move_dec(0, 95, 0, 0, 2000, 2016)", "xm_move_dec: argument 2 (dec) is 95; expected degrees, -90 to 90"),
    ("xm_auf_density(-1, 1, 1)", "xm_auf_density: argument 1 (separation) is -1; expected arcsec, 0 to 648000"),
    ("xm_auf_cdf(1, 0, 1)", "xm_auf_cdf: argument 2 (sigma_a) is 0; expected arcsec, 1e-12 to 648000"),
    (
      "xm_auf_radius(1, 1, 1)",
      "xm_auf_radius: argument 1 (fraction) is 1; expected probability, 0 to 1 (excluded)"
    ),
    (
      "xm_match_probability(1, 1, 1, 0, 1, 1)",
      "xm_match_probability: argument 4 (n_c) is 0; expected per square degree, > 0"
    ),
    ("xm_xi(1, 1, 1, 1, 1, -5)", "xm_xi: argument 6 (n_b) is -5; expected per square degree, > 0"),
    ("xm_open(7)", "xm_open: argument 1 (path) is 7; expected text: folder of a sky database"),
    (
      "xm_open('/nowhere')",
      "xm_open: /nowhere: there is no xmdb database here; `xmdb ingest FILE` makes one, "
        + "`--db DIR` or $XMDB_DB names another"
    ),
  ])
  func aWrongCallSaysWhatIsWrong(call: String, message: String) {
    #expect(host.message("SELECT \(call)") == message)
  }

  @Test func everyNumericArgumentOfEveryFunctionIsChecked() {
    for function in SQLInventory.functions {
      for (index, parameter) in function.parameters.enumerated() {
        if case .text = parameter.kind { continue }
        // 1 is a good value everywhere, except where an order must not be finer than another.
        let arguments = function.parameters.indices.map { $0 == index ? "'wrong'" : "1" }
        let fraction = function.name == "xm_auf_radius" ? "0.5" : "1"
        let call =
          "\(function.name)(\(arguments.enumerated().map { $0 == 0 && index != 0 ? fraction : $1 }.joined(separator: ", ")))"
        #expect(
          host.message("SELECT \(call)")
            == "\(function.name): argument \(index + 1) (\(parameter.name)) is 'wrong'; expected \(parameter.expectation)"
        )
      }
    }
  }

  @Test func aNullAnywhereGivesNull() throws {
    for function in SQLInventory.functions {
      for index in function.parameters.indices {
        let arguments = function.parameters.indices.map { $0 == index ? "NULL" : "1" }
        #expect(
          try host.value("SELECT \(function.name)(\(arguments.joined(separator: ", ")))") == "NULL", "\(function.name)")
      }
    }
  }

  @Test func whatReachesFilesIsRefusedInsideViewsAndTriggers() throws {
    try host.execute("CREATE VIEW sly AS SELECT xm_open('/tmp') AS p; CREATE VIEW fine AS SELECT xm_version() AS v")
    #expect(host.message("SELECT p FROM sly") == "unsafe use of xm_open()")
    #expect(try host.value("SELECT v FROM fine") == Program.version)
    try host.execute(
      """
      CREATE TABLE t(x); CREATE TRIGGER sly_too AFTER INSERT ON t BEGIN SELECT xm_open('/tmp'); END
      """)
    #expect(host.message("INSERT INTO t VALUES (1)") == "unsafe use of xm_open()")
  }

  @Test func tablesThatReachFilesAreRefusedInsideViews() throws {
    let context = try #require(host.context)
    try context.define(SeriesTable.definition(Journal(), name: "xt_files", reach: .files))
    try context.define(SeriesTable.definition(Journal(), name: "xt_pure", reach: .pure))
    try host.execute("CREATE VIEW sly AS SELECT * FROM xt_files(3); CREATE VIEW fine AS SELECT * FROM xt_pure(3)")
    #expect(host.message("SELECT * FROM sly") == "unsafe use of virtual table \"xt_files\"")
    #expect(host.message("SELECT * FROM fine") == "no error")
    // A host that distrusts the schemas it opens may still use what is pure.
    try host.execute("PRAGMA trusted_schema = OFF")
    #expect(host.message("SELECT * FROM fine") == "no error")
  }

  @Test func pureFunctionsMayBeIndexed() throws {
    try host.execute(
      """
      CREATE TABLE t(ra, dec); INSERT INTO t VALUES (10, 20), (11, 21);
      CREATE INDEX by_pixel ON t(xm_healpix(29, ra, dec));
      """)
    let plan = try host.plan("SELECT * FROM t WHERE xm_healpix(29, ra, dec) BETWEEN 5 AND 6")
    #expect(plan == ["SEARCH t USING INDEX by_pixel (<expr>>? AND <expr><?)"])
    #expect(
      host.message("CREATE INDEX bad ON t(xm_open(ra))")
        == "non-deterministic functions prohibited in index expressions")
  }
}
