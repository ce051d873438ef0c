import CatalogStore
import Formats
import Ingest
import Testing

struct RoleMappingTests {
  static let columns = [
    TableColumn(name: "ra", type: .float64), TableColumn(name: "Dec", type: .float64),
    TableColumn(name: "odd:name", type: .float64), TableColumn(name: "12", type: .float64),
    TableColumn(name: "label", type: .text), TableColumn(name: "weird", type: .float64, unit: "mag"),
    TableColumn(name: "when", type: .timestamp(.second, zone: "UTC")), TableColumn(name: "my_mjd", type: .float64),
    TableColumn(name: "n", type: .int64),
  ]

  @Test(arguments: [
    ("ra=ra", ColumnRole.ra, RoleMapping.Target.column(0), RoleUnit?.none), ("dec=dec:rad", .dec, .column(1), .radian),
    ("sigma=odd:name", .sigma, .column(2), nil), ("sigma=odd:name:mas", .sigma, .column(2), .milliarcsecond),
    ("sigma=12", .sigma, .column(3), nil), ("sigma=0.02:mas", .sigma, .constant(0.02), .milliarcsecond),
    ("sigma=1e-3", .sigma, .constant(0.001), nil), ("epoch=1991.25", .epoch, .constant(1991.25), nil),
    ("epoch=57170:MJD", .epoch, .constant(57170), .modifiedJulianDate), ("epoch=when", .epoch, .column(6), nil),
    ("epoch=my_mjd:d", .epoch, .column(7), .modifiedJulianDate), ("mag:G=ra", .mag(band: "G"), .column(0), nil),
    ("mag_error:a:b=ra:mag", .magError(band: "a:b"), .column(0), .magnitude), ("pm_ra=none", .pmRA, .none, nil),
    ("id=label", .id, .column(4), nil), ("corr_ra_dec=-0.5", .corrRADec, .constant(-0.5), nil),
  ])
  func reads(_ text: String, _ role: ColumnRole, _ target: RoleMapping.Target, _ unit: RoleUnit?) throws {
    let mapping = try RoleMapping(text, columns: Self.columns)
    #expect(mapping.role == role)
    #expect(mapping.target == target)
    #expect(mapping.unit == unit)
  }

  /// Each message says what was given and what is allowed.
  @Test(arguments: [
    ("ra", ["expected role=column[:unit]"]), ("=ra", ["expected role=column[:unit]"]),
    ("speed=ra", ["'speed' is not a role", "pm_ra", "mag:BAND"]), ("mag=ra", ["'mag' is not a role", "mag:BAND"]),
    ("ra=alpha", ["no column 'alpha'", "ra, Dec, odd:name"]), ("ra=", ["no column ''"]),
    ("sigma=ra:parsec", ["unknown unit 'parsec'", "arcsec"]),
    ("sigma=ra:mas/yr", ["does not fit the role sigma", "arcsec"]),
    ("pm_ra=ra:mas", ["does not fit the role pm_ra", "mas/yr"]), ("ra=label:rad", ["'label' is text", "hms"]),
    ("id=when", ["'when' is timestamp", "integer or text"]), ("ra=10", ["cannot be the same for every row"]),
    ("id=7", ["cannot be the same for every row"]), ("sigma=0", ["greater than 0"]),
    ("sigma=-1:mas", ["greater than 0"]),
    ("corr_ra_dec=1", ["between -1 and 1"]), ("sigma=when", ["timestamp"]), ("sigma=nan", ["no column 'nan'"]),
    ("sigma=1e300", ["outside the range of sigma", "3600 arcsec"]), ("sigma=2:deg", ["outside the range"]),
    ("pm_ra=1e300", ["outside the range of pm_ra"]), ("sigma_pm=1e6:arcsec/yr", ["outside the range"]),
    ("sigma_pa=-999", ["outside the range"]), ("epoch=my_mjd:deg", ["does not fit the role epoch", "MJD"]),
  ])
  func saysWhatIsWrong(_ text: String, _ words: [String]) throws {
    let error = try #require(ingestError { _ = try RoleMapping(text, columns: Self.columns) })
    #expect(error.code == .usage)
    #expect(error.subject == "--map \(text)")
    for word in words { #expect(error.message.contains(word), "\(error)") }
  }

  @Test(
    arguments: [
      (["sigma=n", "sigma=ra"], nil, "mapped already by --map sigma=n"),
      (["epoch=2000"], 2016.0, "mapped already by --map epoch=2000"),
      (["epoch=57170"], nil, "57170:MJD"), ([], 57170.0, "between 1500 and 2500"),
      (["sigma=weird"], nil, "which does not fit the role sigma"),
    ] as [([String], Double?, String)])
  func contradictionsAreRefused(_ mappings: [String], _ epoch: Double?, _ words: String) throws {
    let error = try #require(
      ingestError { _ = try RoleAssignment(recognising: Self.columns, mappings: mappings, epochYears: epoch) })
    #expect(error.code == .usage)
    #expect(error.message.contains(words), "\(error)")
  }

  @Test func epochOptionIsTheEpochOfAllRows() throws {
    let roles = try RoleAssignment(recognising: Self.columns, epochYears: 2015.5)
    #expect(roles.epochYears == 2015.5)
    #expect(roles[.epoch]?.reason == "--epoch 2015.5")
    let date = try RoleAssignment(recognising: Self.columns, mappings: ["epoch=2457170.5:JD"])
    #expect(abs(date.epochYears! - 2015.40178) < 1e-5)
  }
}
