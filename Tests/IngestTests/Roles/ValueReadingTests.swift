import CatalogStore
import Indexing
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// Units of positions and epochs that the file does not give: told by the values, or refused, or said.
@Suite struct ValueReadingTests {
  private let lab: IngestLab
  private var sky: Sky

  init() throws {
    lab = try IngestLab()
    var rng = SplitMix64(seed: 71)
    sky = .sphere(300, using: &rng)
  }

  private func file(
    _ ra: [Double], _ dec: [Double], names: (String, String) = ("ra", "dec"), units: (String?, String?) = (nil, nil),
    _ more: [ParquetColumn] = []
  ) throws -> String {
    try lab.write(
      [
        ParquetColumn(names.0, .doubles(ra), unit: units.0), ParquetColumn(names.1, .doubles(dec), unit: units.1),
        ParquetColumn("pos_err", .doubles(ra.map { _ in 0.1 }), unit: "arcsec"),
      ] + more)
  }

  private func plan(_ path: String, _ mappings: [String] = []) throws -> IngestPlan {
    var options = IngestOptions(paths: [path])
    options.mappings = mappings
    return try IngestPlan(options)
  }

  private func refusal(_ path: String, _ mappings: [String] = []) throws -> String {
    try #require(ingestError { try plan(path, mappings).requireComplete() }).message
  }

  private var radians: ([Double], [Double]) {
    (sky.raDegrees.map { $0 * .pi / 180 }, sky.decDegrees.map { $0 * .pi / 180 })
  }

  /// The largest distance of an ingested position from the true one, in arcsec; the column `row` tells the row.
  private func distance(_ path: String, _ mappings: [String]) throws -> Double {
    try lab.ingest([path]) {
      $0.mappings = mappings
      $0.replace = true
    }
    let info = try lab.database.registry().catalogue("c")
    let found = try CatalogueReader(database: lab.database, info: info).sources(in: .wholeSky)
    let rows = try lab.values("c", "row").map { Int($0[0])! }
    return rows.indices.map { place in
      separationArcsec(
        (found.raDegrees[place], found.decDegrees[place]), (sky.raDegrees[rows[place]], sky.decDegrees[rows[place]]))
    }.max() ?? .infinity
  }

  private func separationArcsec(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
    separation(ra1Degrees: a.0, dec1Degrees: a.1, ra2Degrees: b.0, dec2Degrees: b.1).arcseconds
  }

  private var row: ParquetColumn { ParquetColumn("row", .int64s(sky.raDegrees.indices.map { Int64($0) })) }

  @Test func degreesWithoutAUnitAreAssumedWithAWarning() throws {
    let plan = try plan(file(sky.raDegrees, sky.decDegrees))
    try plan.requireComplete()
    #expect(plan.roles.warnings.contains { $0.contains("gives no unit of 'ra'") && $0.contains("--map ra=ra:UNIT") })
    let stated = try self.plan(file(sky.raDegrees, sky.decDegrees, units: ("deg", "deg")))
    #expect(!stated.roles.warnings.contains { $0.contains("gives no unit of 'ra'") })
  }

  @Test(arguments: [("ra", "dec"), ("coord_ra", "coord_dec")])
  func radiansWithoutAUnitAreRefusedWithTheReadings(_ name: String, _ decName: String) throws {
    let (ra, dec) = radians
    // The Rubin profile takes degrees; the values tell better.
    let path = try file(
      ra, dec, names: (name, decName), [ParquetColumn("objectId", .int64s(ra.map { Int64($0) })), row])
    let message = try refusal(path)
    for words in [
      "fit radians better than degrees", "as degrees ra", "as radians ra", "as hours", "--map ra=\(name):UNIT",
    ] {
      #expect(message.contains(words), "\(message)")
    }
    #expect(try distance(path, ["ra=\(name):rad", "dec=\(decName):rad"]) < 1e-6)
    let half = try refusal(path, ["ra=\(name):rad"])
    #expect(half.contains("no unit of '\(decName)'") && half.contains("the other coordinate is in radians"), "\(half)")
    try plan(path, ["ra=\(name):deg", "dec=\(decName):deg"]).requireComplete()
  }

  @Test func hoursWithoutAUnitAreRefusedWithTheReadings() throws {
    let path = try file(sky.raDegrees.map { $0 / 15 }, sky.decDegrees, [row])
    let message = try refusal(path)
    #expect(message.contains("fit hours and degrees better than degrees"), "\(message)")
    #expect(try distance(path, ["ra=ra:hourangle"]) < 1e-6)
    try plan(path, ["ra=ra:deg"]).requireComplete()
  }

  @Test func valuesThatAreNoDegreesAreRefused() throws {
    let message = try refusal(file(sky.raDegrees.map { $0 * 3600 }, sky.decDegrees.map { $0 * 3600 }))
    #expect(message.contains("cannot be in degrees") && message.contains("as radians no positions"), "\(message)")
    let other = try lab.write([
      ParquetColumn("RArad", .doubles(sky.raDegrees)), ParquetColumn("DErad", .doubles(sky.decDegrees)),
      ParquetColumn("pos_err", .doubles(sky.raDegrees.map { _ in 0.1 }), unit: "arcsec"),
    ])
    #expect(try refusal(other).contains("cannot be in radians"))
  }

  /// A small field fits several readings, so the warning says so and the ingest goes on.
  @Test func aSmallFieldIsAssumedToBeInDegreesAndSaid() throws {
    var rng = SplitMix64(seed: 72)
    let field = Sky.cap(50, raDegrees: 1, decDegrees: 0.5, radiusDegrees: 0.3, using: &rng)
    let plan = try plan(file(field.raDegrees, field.decDegrees))
    try plan.requireComplete()
    #expect(plan.roles.warnings.contains { $0.contains("could also be radians or hours") }, "\(plan.roles.warnings)")
  }

  /// The first rows look like degrees; only all of them tell.
  @Test func allRowsAreLookedAtBeforeTheCatalogueIsKept() throws {
    let order = sky.raDegrees.indices.sorted { sky.raDegrees[$0] < sky.raDegrees[$1] }
    let many = 20_000
    let ra = (0..<many).map { _ in sky.raDegrees[order[0]] / 15 } + order.map { sky.raDegrees[$0] / 15 }
    let dec = (0..<many).map { sky.decDegrees[order[$0 % 5]] } + order.map { sky.decDegrees[$0] }
    let path = try file(ra, dec)
    try plan(path).requireComplete()
    let error = try #require(ingestError { try lab.ingest([path]) })
    #expect(error.message.contains("fit hours"), "\(error)")
    #expect(try lab.database.registry().findCatalogue("c") == nil)
  }

  @Test func aFewPlaceholdersDoNotHideTheUnit() throws {
    var (ra, dec) = radians
    (ra[0], dec[0]) = (-999, -999)
    #expect(try refusal(file(ra, dec)).contains("fit radians"))
  }

  private func epochs(_ values: [Double?], name: String = "epoch", unit: String? = nil) throws -> IngestPlan {
    let path = try file(
      sky.raDegrees, sky.decDegrees, units: ("deg", "deg"),
      [ParquetColumn(name, .double(sky.raDegrees.indices.map { values[$0 % values.count] }), unit: unit)])
    return try plan(path)
  }

  @Test(
    arguments: [
      ("epoch", nil, [55_000.5, 58_000, nil, 0, 9999], "MJD"), ("epoch", nil, [2_455_197.5, 2_457_000], "JD"),
      ("mjd", nil, [2_455_197.5, nil], "JD"), ("ref_epoch", "d", [55_000, 56_000], "MJD"),
      ("obs_epoch", "d", [2_455_197.5], "JD"), ("jd", nil, [2015.5, 2016], "yr"),
    ] as [(String, String?, [Double?], String)])
  func datesWithoutAUnitAreToldByTheirRangeAndSaid(
    _ name: String, _ unit: String?, _ values: [Double?], _ expected: String
  ) throws {
    let plan = try epochs(values, name: name, unit: unit)
    let binding = try #require(plan.roles[.epoch])
    #expect(binding.unit.description == expected)
    if binding.unitOrigin == .values {
      #expect(plan.roles.warnings.contains { $0.contains("'\(name)'") && $0.contains("taken as \(expected)") })
    }
  }

  @Test func yearsStayYears() throws {
    for values in [[2015.5, 2016], [1991.25, 0, -999, 51_544.5], [0, -1], [nil]] as [[Double?]] {
      let plan = try epochs(values)
      #expect(plan.roles[.epoch]?.unit == .julianYear)
      #expect(!plan.roles.warnings.contains { $0.contains("'epoch'") })
    }
    #expect(try epochs([55_000], unit: "yr").roles[.epoch]?.unit == .julianYear, "the file states it")
  }
}
