import CatalogStore
import Formats
import Ingest
import Testing

/// What is told to people beside the roles themselves.
struct RoleAdviceTests {
  private func recognise(_ columns: [TableColumn], _ mappings: [String] = []) throws -> RoleAssignment {
    try RoleAssignment(recognising: columns, mappings: mappings)
  }

  private func doubles(_ names: String...) -> [TableColumn] { names.map { TableColumn(name: $0, type: .float64) } }

  @Test func missingErrorIsRefusedWithTheOptionThatHelps() throws {
    let roles = try recognise(doubles("ra", "dec", "g_mag"))
    #expect(roles.positionError == .missing)
    #expect(roles.warnings.contains { $0.contains("--map sigma=") })
    let error = try #require(ingestError { try roles.requireComplete(subject: "x.parquet") })
    #expect(error.code == .missingRole && error.subject == "x.parquet")
    #expect(error.message.contains("--map sigma=0.1:arcsec"))
  }

  @Test func missingPositionIsRefused() throws {
    let roles = try recognise(doubles("x", "dec", "sigma"))
    let error = try #require(ingestError { try roles.requireComplete(subject: "x") })
    #expect(error.message.contains("--map ra=COLUMN"))
  }

  @Test func assumedUnitsAreWarnedOf() throws {
    let roles = try recognise(doubles("ra", "dec", "ra_err", "dec_err", "pmra", "pmdec"))
    for name in ["ra_err", "dec_err", "pmra", "pmdec"] {
      #expect(roles.warnings.contains { $0.contains("'\(name)'") && $0.contains("assumed") }, "\(roles.warnings)")
    }
    #expect(roles.warnings.contains { $0.contains("motions have no errors") })
    #expect(roles.warnings.contains { $0.contains("epoch") && $0.contains("--epoch") })
  }

  /// Never "the file does not give the unit" of a column whose unit the file gives.
  @Test(arguments: [
    ("pos_err", "furlong", "sigma", "not known"), ("ra", "s", "ra", "seconds of time"),
    ("ra", "hms", "ra", "sexagesimal"),
    ("dec", "min", "dec", "minutes of time"), ("pos_err", "1/deg^2", "sigma", "inverse variance"),
    ("pmra", "km/s", "pm_ra", "not known"), ("ref_epoch", "s", "epoch", "not known"),
  ])
  func unknownUnitsAreRefusedByName(_ column: String, _ unit: String, _ role: String, _ words: String) throws {
    let names = ["ra", "dec", "pos_err", "pmra", "pmdec", "pm_err", "ref_epoch"]
    let columns = names.map { TableColumn(name: $0, type: .float64, unit: $0 == column ? unit : nil) }
    let roles = try recognise(columns)
    let error = try #require(ingestError { try roles.requireComplete(subject: "x.parquet") })
    #expect(error.code == .missingRole)
    if unit == "1/deg^2" || unit == "hms" {
      #expect(error.message.contains(words), "\(error)")
    } else {
      #expect(error.message.contains("the unit '\(unit)' of column '\(column)' is not known"), "\(error)")
      #expect(error.message.contains(words) && error.message.contains("--map \(role)=\(column):UNIT"), "\(error)")
    }
    #expect(!roles.warnings.contains { $0.contains("'\(column)'") && $0.contains("neither") })
    let usual = ["ra": "deg", "dec": "deg", "sigma": "mas", "pm_ra": "mas/yr", "epoch": "yr"][role] ?? ""
    try recognise(columns, ["\(role)=\(column):\(usual)"]).requireComplete(subject: "x.parquet")
  }

  @Test func hoursOfDeclinationsAreRefusedByName() throws {
    let roles = try recognise(
      doubles("ra", "sigma") + [TableColumn(name: "dec", type: .float64, unit: "h")])
    #expect(roles[.dec] == nil && roles.notes.contains { $0.contains("'dec' is in h") })
  }

  @Test func wrongQuantityOfTheFileIsNotTaken() throws {
    let roles = try recognise(doubles("ra", "dec") + [TableColumn(name: "sigma", type: .float64, unit: "mag")])
    #expect(roles.positionError == .missing)
    #expect(roles.notes.contains { $0.contains("'sigma' is in mag") })
  }

  @Test func otherIdsAndCandidatesAreNoted() throws {
    let roles = try recognise(
      [
        TableColumn(name: "designation", type: .text), TableColumn(name: "objid", type: .int64),
        TableColumn(name: "name", type: .text),
      ] + doubles("ra", "raj2000", "dec", "sigma"))
    #expect(roles[.id]?.sourceText == "objid")
    #expect(roles.notes.contains { $0.contains("designation, name") })
    #expect(roles.notes.contains { $0.contains("ra could also be raj2000") })
    #expect(roles.role(ofColumn: 1) == .id && roles.role(ofColumn: 0) == nil)
  }

  private func refusal(_ columns: [TableColumn], _ mappings: [String] = []) throws -> String {
    let error = ingestError { try self.recognise(columns, mappings).requireComplete(subject: "x.parquet") }
    return try #require(error).message
  }

  @Test func textIsAPositionWhereNoNumberIs() throws {
    let texts = ["RAJ2000", "DEJ2000"].map { TableColumn(name: $0, type: .text, ucd: "pos.eq;meta.main") }
    let roles = try recognise(texts + doubles("pos_err"))
    #expect(roles[.ra]?.unit == .hms && roles[.dec]?.unit == .dms && roles.derivesPosition)
    try roles.requireComplete(subject: "x")
    let both = try recognise(texts + doubles("_RAJ2000", "_DEJ2000", "pos_err"))
    #expect(both[.ra]?.sourceText == "_RAJ2000 [deg]" && !both.derivesPosition)
    let other = try recognise(texts + doubles("pos_err"), ["ra=RAJ2000:dms", "dec=DEJ2000:deg"])
    #expect(other[.ra]?.unit == .dms && other[.dec]?.unit == .degree)
    let given = try recognise(
      [
        TableColumn(name: "RA", type: .text, unit: "\"h:m:s\""),
        TableColumn(name: "DE", type: .text, unit: "\"d:m:s\""),
      ]
        + doubles("pos_err"))
    #expect(given[.ra]?.unit == .hms && given[.dec]?.unit == .dms && given.refusals.isEmpty)
  }

  @Test(
    arguments: [
      (["RAB1950", "DEB1950"], nil, "B1950"), (["ra_b1950", "dec_b1950"], nil, "B1950"), (["l", "b"], nil, "galactic"),
      (["GLON", "GLAT"], nil, "galactic"), (["ra", "dec"], "pos.az.alt", "horizontal"),
      (["ra", "dec"], "pos.bodyrc.lon;meta.main", "planetary"),
      (["RAB1950", "DEB1950"], "pos.eq.ra;meta.main", "B1950"),
    ] as [([String], String?, String)])
  func positionsOfOtherFramesAreRefused(_ names: [String], _ ucd: String?, _ frame: String) throws {
    let columns = names.map { TableColumn(name: $0, type: .float64, unit: "deg", ucd: ucd) } + doubles("pos_err")
    let message = try refusal(columns)
    #expect(message.contains("'\(names[0])' is a \(frame)") && message.contains("ICRS"), "\(message)")
    let mapped = try recognise(columns, ["ra=\(names[0])", "dec=\(names[1])", "sigma=0.1"])
    #expect(mapped.warnings.contains { $0.contains(frame) })
  }

  /// What the file states is followed; what only a name says asks for --frame.
  @Test func statedFramesAreFollowed() throws {
    let errors = [TableColumn(name: "e", type: .float64, unit: "arcsec")]
    let galactic = [
      ("x", "pos.galactic.lon;meta.main"), ("y", "pos.galactic.lat;meta.main"), ("pmx", "pos.pm;pos.galactic.lon"),
      ("pmy", "pos.pm;pos.galactic.lat"), ("sx", "stat.error;pos.galactic.lon"), ("sy", "stat.error;pos.galactic.lat"),
    ]
    let columns = galactic.map { name, ucd in
      TableColumn(
        name: name, type: .float64, unit: name.hasPrefix("pm") ? "mas/yr" : name.hasPrefix("s") ? "mas" : "deg",
        ucd: ucd)
    }
    let roles = try recognise(columns + doubles("pmra", "pmdec"))
    #expect(
      roles.frame == .galactic && roles[.ra]?.sourceText == "x [deg]" && roles[.pmDec]?.sourceText == "pmy [mas/yr]")
    #expect(roles.positionError == .axes(.none) && roles.notes.contains { $0.contains("galactic, as the file says") })
    try roles.requireComplete(subject: "x")
    var old = doubles("RAJ", "ra", "dec")
    for place in old.indices { old[place].frame = "eq_FK4 at equinox B1950" }
    #expect(try recognise(old + errors, ["sigma=e"]).frame == .fk4)
    // A position in ICRS comes first.
    let both = try recognise(columns + doubles("ra", "dec") + errors, ["sigma=e"])
    #expect(both.frame == .icrs && both[.ra]?.sourceText == "ra [deg]" && both[.pmRA] == nil)
    // Mapped columns of one stated frame are of that frame; of two they are not.
    #expect(try recognise(columns + doubles("ra", "dec") + errors, ["ra=x", "dec=y", "sigma=e"]).frame == .galactic)
    #expect(try recognise(columns + doubles("ra", "dec") + errors, ["ra=x", "dec=dec", "sigma=e"]).frame == .icrs)
  }

  @Test func aFrameOfTheUserIsFollowed() throws {
    func take(_ names: [String], _ frame: SkyFrame, _ mappings: [String] = []) throws -> RoleAssignment {
      try RoleAssignment(
        recognising: names.map { TableColumn(name: $0, type: .float64, unit: "deg") },
        mappings: ["sigma=1:arcsec"] + mappings,
        epochYears: 2000, frame: frame)
    }
    #expect(try take(["GLON", "GLAT"], .galactic)[.ra]?.sourceText == "GLON [deg]")
    #expect(try take(["l", "b", "ra", "dec"], .galactic)[.dec]?.sourceText == "b [deg]")
    #expect(try take(["RAB1950", "DEB1950", "ra", "dec"], .fk4)[.ra]?.sourceText == "RAB1950 [deg]")
    #expect(try take(["ra", "dec"], .fk5(equinox: 1975)).frame == .fk5(equinox: 1975))
    #expect(try take(["ra", "dec"], .galactic)[.ra] == nil)
    #expect(try take(["u", "v"], .ecliptic(equinox: 2000), ["ra=u", "dec=v"])[.ra]?.sourceText == "u [deg]")
    let roles = try RoleAssignment(
      recognising: doubles("l", "b", "pmra", "pmdec", "e_ra", "e_dec"), mappings: ["sigma=1:arcsec"], frame: .galactic)
    #expect(roles[.pmRA] == nil && roles[.sigmaRA] == nil)
    #expect(roles.notes.contains { $0.contains("'pmra'") && $0.contains("--map pm_ra=pmra") }, "\(roles.notes)")
  }

  @Test func inverseVariancesAreNoErrors() throws {
    let columns = doubles("ra", "dec", "ra_ivar", "dec_ivar", "pmra", "pmdec", "pmra_ivar", "pmdec_ivar")
    let message = try refusal(columns)
    #expect(message.contains("'ra_ivar' is an inverse variance") && message.contains("1/sqrt(ra_ivar)"), "\(message)")
    #expect(try recognise(columns).warnings.contains { $0.contains("'pmra_ivar' is an inverse variance") })
    #expect(try refusal(columns, ["sigma_ra=ra_ivar", "sigma_dec=dec_ivar"]).contains("inverse variance"))
    try recognise(columns, ["sigma=0.1:arcsec"]).requireComplete(subject: "x")
  }

  @Test func idsOfFloatingPointAreTakenLast() throws {
    let roles = try recognise(doubles("source_id", "ra", "dec", "sigma"))
    #expect(roles[.id]?.sourceText == "source_id")
    #expect(roles.notes.contains { $0.contains("'source_id' is float64") && $0.contains("exact") })
    let other = try recognise(
      doubles("source_id", "ra", "dec", "sigma") + [TableColumn(name: "name", type: .text)])
    #expect(other[.id]?.sourceText == "name")
  }

  @Test func singlePrecisionPositionsAreWarnedOf() throws {
    let roles = try recognise(
      [TableColumn(name: "ra", type: .float32), TableColumn(name: "dec", type: .float64)] + doubles("sigma"))
    #expect(roles.warnings.contains { $0.contains("'ra' is stored in single precision") })
  }

  @Test func notUsedColumnsAreToldWithTheReason() throws {
    let roles = try recognise(
      doubles("ra", "dec", "sigra", "sigdec", "w1mpro", "w3mpro", "pmra", "pmdec", "j_m_2mass", "x_mag"))
    #expect(roles[.pmRA] == nil)
    #expect(roles.notes.contains { $0.contains("pmra, pmdec") && $0.contains("parallax") })
    #expect(roles.notes.contains { $0.contains("j_m_2mass") })
    #expect(roles.notes.contains { $0.contains("x_mag") && $0.contains("--map mag:") })
  }

  @Test func bandsComeInTheOrderOfTheFileWhoeverNamedThem() throws {
    let columns = doubles("ra", "dec", "sigma", "b_mag", "v_mag", "x") + [TableColumn(name: "best_band", type: .int64)]
    let roles = try recognise(columns, ["mag:I=x", "mag:V=v_mag"])
    #expect(roles.bands.map(\.name) == ["B", "V", "I"])
    #expect(roles[.bestBand] != nil)
  }

  @Test func errorWithoutMagnitudeIsWarnedOf() throws {
    let roles = try recognise(doubles("ra", "dec", "sigma", "e"), ["mag_error:Q=e"])
    #expect(roles.bands.isEmpty && roles[.magError(band: "Q")] == nil)
    #expect(roles.warnings.contains { $0.contains("mag:Q=COLUMN") })
  }

  /// Nothing of the file tells the release, or its own column does.
  @Test(
    arguments: [
      ("source_id, ra, dec, ra_error, dec_error, phot_g_mean_mag", nil),
      ("source_id, ra, dec, ra_error, dec_error, phot_g_mean_mag, ruwe", 2016.0),
      ("source_id, ra, dec, ra_error, dec_error, phot_g_mean_mag, a_g_val", 2015.5),
      ("source_id, ra, dec, ra_error, dec_error, phot_g_mean_mag, a_g_val, ruwe", 2015.5),
      ("Source, RA_ICRS, DE_ICRS, e_RA_ICRS, e_DE_ICRS, Gmag", nil),
      ("Source, RA_ICRS, DE_ICRS, e_RA_ICRS, e_DE_ICRS, Gmag, RUWE", 2016.0),
      ("Source, RA_ICRS, DE_ICRS, e_RA_ICRS, e_DE_ICRS, Gmag, Lum", 2015.5),
    ] as [(String, Double?)])
  func theEpochOfGaiaIsToldByTheReleaseOrAskedFor(_ names: String, _ epoch: Double?) throws {
    let columns = names.split(separator: ", ").map { TableColumn(name: String($0), type: .float64) }
    let roles = try recognise(columns)
    #expect(roles.epochYears == epoch)
    if epoch == nil { #expect(try refusal(columns).contains("--epoch 2015.5 for DR2")) }
    let told = try RoleAssignment(recognising: columns, epochYears: 2015.0)
    try told.requireComplete(subject: "x")
    #expect(told.epochYears == 2015.0)
    try recognise(columns, ["epoch=none"]).requireComplete(subject: "x")
  }

  @Test(arguments: [
    ("Source, RA_ICRS, DE_ICRS, e_RA_ICRS, e_DE_ICRS, Gmag, RUWE, Epoch", "Epoch"),
    ("HIP, RArad, DErad, e_RArad, e_DErad, epoch", "epoch"),
    ("ra, dec, sigra, sigdec, w1mpro, w3mpro, mjd", "mjd"),
    ("objectId, coord_ra, coord_dec, coord_raErr, coord_decErr, ref_epoch", "ref_epoch"),
  ])
  func anEpochColumnOfTheFileBeatsTheProfile(_ names: String, _ column: String) throws {
    let roles = try recognise(names.split(separator: ", ").map { TableColumn(name: String($0), type: .float64) })
    #expect(roles.profile != nil && roles.epochYears == nil)
    #expect(roles[.epoch]?.sourceText.hasPrefix(column) == true)
  }

  @Test(arguments: [
    "e_mag", "err_mag", "mag_err", "mag_flag", "n_mag", "absmag", "imagenumber", "mag", "magnitude", "snr_mag",
  ])
  func otherWordsAreNotBands(_ name: String) throws {
    #expect(try recognise(doubles("ra", "dec", "sigma", name)).bands.isEmpty)
  }
}
