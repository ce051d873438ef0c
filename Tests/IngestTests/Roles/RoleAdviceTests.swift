import CatalogStore
import Ingest
import Testing

/// What is told to people beside the roles themselves.
struct RoleAdviceTests {
  private func recognise(_ columns: [SourceColumn], _ mappings: [String] = []) throws -> RoleAssignment {
    try RoleAssignment(recognising: columns, mappings: mappings)
  }

  private func doubles(_ names: String...) -> [SourceColumn] { names.map { SourceColumn(name: $0, type: .float64) } }

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

  @Test func unknownUnitOfTheFileIsNoted() throws {
    let roles = try recognise(
      doubles("ra", "dec") + [SourceColumn(name: "pos_err", type: .float64, unit: "furlong")])
    #expect(roles.notes.contains { $0.contains("'furlong'") && $0.contains("--map sigma=pos_err:UNIT") })
    #expect(roles.warnings.contains { $0.contains("'pos_err'") })
  }

  @Test func wrongQuantityOfTheFileIsNotTaken() throws {
    let roles = try recognise(doubles("ra", "dec") + [SourceColumn(name: "sigma", type: .float64, unit: "mag")])
    #expect(roles.positionError == .missing)
    #expect(roles.notes.contains { $0.contains("'sigma' is in mag") })
  }

  @Test func otherIdsAndCandidatesAreNoted() throws {
    let roles = try recognise(
      [
        SourceColumn(name: "designation", type: .text), SourceColumn(name: "objid", type: .int64),
        SourceColumn(name: "name", type: .text),
      ] + doubles("ra", "raj2000", "dec", "sigma"))
    #expect(roles[.id]?.sourceText == "objid")
    #expect(roles.notes.contains { $0.contains("designation, name") })
    #expect(roles.notes.contains { $0.contains("ra could also be raj2000") })
    #expect(roles.role(ofColumn: 1) == .id && roles.role(ofColumn: 0) == nil)
  }

  @Test func textPositionsAreNotTaken() throws {
    let roles = try recognise([SourceColumn(name: "ra", type: .text), SourceColumn(name: "dec", type: .text)])
    #expect(roles[.ra] == nil)
    #expect(roles.notes.contains { $0.contains("'ra' is text") })
  }

  @Test func floatIdsAreNotTaken() throws {
    let roles = try recognise(doubles("source_id", "ra", "dec", "sigma"))
    #expect(roles[.id] == nil)
    #expect(roles.notes.contains { $0.contains("rank") })
  }

  @Test func singlePrecisionPositionsAreWarnedOf() throws {
    let roles = try recognise(
      [SourceColumn(name: "ra", type: .float32), SourceColumn(name: "dec", type: .float64)] + doubles("sigma"))
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
    let columns = doubles("ra", "dec", "sigma", "b_mag", "v_mag", "x") + [SourceColumn(name: "best_band", type: .int64)]
    let roles = try recognise(columns, ["mag:I=x", "mag:V=v_mag"])
    #expect(roles.bands.map(\.name) == ["B", "V", "I"])
    #expect(roles[.bestBand] != nil)
  }

  @Test func errorWithoutMagnitudeIsWarnedOf() throws {
    let roles = try recognise(doubles("ra", "dec", "sigma", "e"), ["mag_error:Q=e"])
    #expect(roles.bands.isEmpty && roles[.magError(band: "Q")] == nil)
    #expect(roles.warnings.contains { $0.contains("mag:Q=COLUMN") })
  }

  @Test(arguments: [
    "e_mag", "err_mag", "mag_err", "mag_flag", "n_mag", "absmag", "imagenumber", "mag", "magnitude", "snr_mag",
  ])
  func otherWordsAreNotBands(_ name: String) throws {
    #expect(try recognise(doubles("ra", "dec", "sigma", name)).bands.isEmpty)
  }
}
