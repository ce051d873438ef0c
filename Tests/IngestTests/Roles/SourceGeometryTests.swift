import CatalogStore
import Formats
import Foundation
import Ingest
import ParquetFixture
import Testing
import XMDBTestSupport

/// From columns to canonical arrays and verdicts.
struct SourceGeometryTests {
  /// Writes the columns, recognises the roles and loads all rows as one batch.
  private func geometry(
    _ columns: [ParquetColumn], _ mappings: [String] = [], onlyNeeded: Bool = false
  ) throws -> SourceGeometry {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write(columns, to: path)
    let source = try TableSource(paths: [path])
    let roles = try RoleAssignment(recognising: source.columns, mappings: mappings)
    let chosen: [Int]? = onlyNeeded ? roles.bindings.compactMap(\.columnIndex).reversed() : nil
    var geometry = SourceGeometry(roles, batchColumns: chosen)
    try source.forEachBatch(columns: chosen) { geometry.load($0) }
    return geometry
  }

  private func position(_ ra: [Double?], _ dec: [Double?]) -> [ParquetColumn] {
    [ParquetColumn("ra", .double(ra), unit: "deg"), ParquetColumn("dec", .double(dec), unit: "deg")]
  }

  @Test func rightAscensionsAreTurnedIntoTheCircle() throws {
    let given = [0, 359.5, 360, -10, 370, 719, -360, -1e-14, 123.456789012345678]
    let found = try geometry(position(given, given.map { _ in 5 }), ["sigma=0.1"])
    #expect(found.raDegrees == [0, 359.5, 0, 350, 10, 359, 0, 0, 123.456789012345678])
    #expect(found.verdicts.allSatisfy { $0 == .ok })
  }

  @Test func everyFlawHasItsVerdict() throws {
    let rows: [(Double?, Double?, Double?, Double?, Double?, ProblemReason)] = [
      (1, 2, 3, 4, 0.5, .ok), (nil, 2, 3, 4, 0, .raMissing), (.nan, 2, 3, 4, 0, .raMissing),
      (1, nil, 3, 4, 0, .decMissing), (.infinity, 2, 3, 4, 0, .positionNotFinite),
      (1, -.infinity, 3, 4, 0, .positionNotFinite), (-999, 2, 3, 4, 0, .raOutOfRange), (721, 2, 3, 4, 0, .raOutOfRange),
      (1, 90, 3, 4, 0, .ok), (1, -90, 3, 4, 0, .ok), (1, 90.0001, 3, 4, 0, .decOutOfRange),
      (1, -99, 3, 4, 0, .decOutOfRange), (1, 2, nil, 4, 0, .errorMissing), (1, 2, 3, .nan, 0, .errorMissing),
      (1, 2, 0, 4, 0, .errorNotPositive), (1, 2, 3, -1, 0, .errorNotPositive), (1, 2, 1e-170, 4, 0, .errorOutOfRange),
      (1, 2, .infinity, 4, 0, .errorNotFinite), (1, 2, 3, 1e200, 0, .errorOutOfRange),
      (1, 2, 3, 4, 1, .correlationOutOfRange), (1, 2, 3, 4, -1.5, .correlationOutOfRange), (1, 2, 3, 4, nil, .ok),
      (nil, nil, nil, nil, nil, .raMissing),
    ]
    let columns =
      position(rows.map(\.0), rows.map(\.1)) + [
        ParquetColumn("sigra", .double(rows.map(\.2)), unit: "arcsec"),
        ParquetColumn("sigdec", .double(rows.map(\.3)), unit: "arcsec"),
        ParquetColumn("ra_dec_corr", .double(rows.map(\.4))),
      ]
    let found = try geometry(columns)
    #expect(found.verdicts == rows.map(\.5))
    #expect(found.rowsWithoutCorrelation == 1)
    #expect(found.covarianceXY[0] == 6 && found.covarianceXX[0] == 9 && found.covarianceYY[0] == 16)
    #expect(found.covarianceXX[15].isNaN)
    #expect(found.covarianceXY[21] == 0)
  }

  @Test func circularErrorsInEveryUnit() throws {
    for (unit, value) in [("mas", 500.0), ("arcsec", 0.5), ("deg", 0.5 / 3600), ("rad", 0.5 / 206264.80624709636)] {
      let found = try geometry(position([1], [2]) + [ParquetColumn("pos_err", .double([value]), unit: unit)])
      #expect(abs(found.covarianceXX[0] - 0.25) < 1e-15)
      #expect(found.covarianceXX == found.covarianceYY && found.covarianceXY == [0])
    }
  }

  @Test func coSigmaIsASignedRootOfTheCovariance() throws {
    let found = try geometry(
      position([1, 1, 1], [2, 2, 2]) + [
        ParquetColumn("sigra", .float([0.5, 0.5, 0.5])), ParquetColumn("sigdec", .float([0.25, 0.25, 0.25])),
        ParquetColumn("sigradec", .float([0.125, -0.25, 0.5])), ParquetColumn("w1mpro", .double([10, nil, 99.999])),
        ParquetColumn("w3mpro", .double([10, 9, 8])),
      ])
    #expect(found.assignment.positionError == .axes(.coSigma))
    #expect(found.covarianceXY.prefix(2) == [0.015625, -0.0625])
    #expect(found.verdicts == [.ok, .ok, .correlationOutOfRange])
    #expect(found.magnitudes[0][0] == 10 && found.magnitudes[0][1].isNaN && found.magnitudes[0][2].isNaN)
    #expect(found.epoch.allSatisfy { abs($0 - 2010.5558) < 1e-4 })
  }

  @Test func ellipsesAreTurnedFromNorthThroughEast() throws {
    let columns =
      position([1, 1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2, 2]) + [
        ParquetColumn("err_maj", .double([2, 2, 2, 3, 2, 2, 1001]), unit: "arcsec"),
        ParquetColumn("err_min", .double([1, 1, 1, 3, 1, 1, 0.1]), unit: "arcsec"),
        ParquetColumn("err_ang", .int16([0, 90, 45, nil, nil, -999, 5]), unit: "deg"),
      ]
    let found = try geometry(columns)
    let expected: [(Double, Double, Double)] = [(1, 4, 0), (4, 1, 0), (2.5, 2.5, 1.5), (9, 9, 0)]
    for (row, (xx, yy, xy)) in expected.enumerated() {
      #expect(abs(found.covarianceXX[row] - xx) < 1e-15 && abs(found.covarianceYY[row] - yy) < 1e-15)
      #expect(abs(found.covarianceXY[row] - xy) < 1e-15)
    }
    #expect(
      found.verdicts == [.ok, .ok, .ok, .ok, .errorMissing, .angleOutOfRange, .errorTooElongated])
  }

  @Test func covarianceInSquaredDegrees() throws {
    let s = 1.0 / 3600
    let found = try geometry([
      ParquetColumn("objectId", .int64([1])), ParquetColumn("coord_ra", .double([1])),
      ParquetColumn("coord_dec", .double([2])), ParquetColumn("coord_raErr", .double([s])),
      ParquetColumn("coord_decErr", .double([2 * s])), ParquetColumn("coord_ra_dec_Cov", .double([s * s])),
    ])
    #expect(abs(found.covarianceXX[0] - 1) < 1e-15 && abs(found.covarianceYY[0] - 4) < 1e-14)
    #expect(abs(found.covarianceXY[0] - 1) < 1e-15)
  }

  @Test func motionsAreKnownInBothComponentsOrNone() throws {
    let columns =
      position([1, 1, 1, 1], [2, 2, 2, 2]) + [
        ParquetColumn("sigma", .double([1, 1, 1, 1]), unit: "arcsec"),
        ParquetColumn("pmra", .double([0.001, nil, 3, .infinity]), unit: "arcsec/yr"),
        ParquetColumn("pmdec", .double([-2, 5, .nan, 1]), unit: "mas/yr"),
        ParquetColumn("pm_err", .double([0, 1, nil, 2]), unit: "mas/yr"),
        ParquetColumn("ref_epoch", .float([2016, nil, 2015.5, 2000])),
        ParquetColumn("parallax", .double([1, nil, -2, 3])),
      ]
    let found = try geometry(columns)
    #expect(found.pmRA[0] == 1 && found.pmDec[0] == -2)
    for row in 1...3 { #expect(found.pmRA[row].isNaN && found.pmDec[row].isNaN) }
    #expect(found.sigmaPMRA[0].isNaN && found.sigmaPMRA[1] == 1 && found.sigmaPMDec[3] == 2)
    #expect(found.epoch[0] == 2016 && found.epoch[1].isNaN && found.epoch[2] == 2015.5)
    #expect(found.parallax[2] == -2 && found.parallax[1].isNaN)
  }

  /// Rows as (pm_ra, pm_dec, sigma_pm_ra): what stays of the motion, and the verdict.
  @Test(arguments: ["mas/yr", "arcsec/yr"]) func placeholdersOfMotionsAreUnknown(_ unit: String) throws {
    let rows: [(Double?, Double?, Double?, isKnown: Bool)] = [
      (-999, -999, nil, false), (9999, 9999, 9999, false), (-999, -999, 0, false), (-999, -999, 0.5, true),
      (-999, -998, nil, true), (5, 1e30, 0.5, false), (1e20, 1e20, 0.5, false), (-3.4028234663852886e38, 1, 0.5, false),
    ]
    let found = try geometry(
      position(rows.map { _ in 1 }, rows.map { _ in 2 }) + [
        ParquetColumn("sigma", .double(rows.map { _ in 1 }), unit: "arcsec"),
        ParquetColumn("pmra", .double(rows.map(\.0)), unit: unit),
        ParquetColumn("pmdec", .double(rows.map(\.1)), unit: unit),
        ParquetColumn("e_pmra", .double(rows.map(\.2)), unit: unit),
        ParquetColumn("e_pmdec", .double(rows.map(\.2)), unit: unit),
      ])
    let isInRange = unit == "mas/yr"
    for (row, given) in rows.enumerated() {
      #expect(found.pmRA[row].isNaN != given.isKnown && found.pmDec[row].isNaN != given.isKnown, "row \(row)")
      #expect(found.verdicts[row] == (given.isKnown && !isInRange ? .motionOutOfRange : .ok), "row \(row)")
    }
    #expect(found.rowsWithPlaceholderMotion == 6)
  }

  @Test func motionsWithoutErrorsHaveUnknownErrors() throws {
    let found = try geometry(
      position([1], [2]) + [
        ParquetColumn("sigma", .double([1])), ParquetColumn("pmra", .double([1])), ParquetColumn("pmdec", .double([1])),
      ])
    #expect(found.sigmaPMRA.count == 1 && found.sigmaPMRA[0].isNaN && found.sigmaPMDec[0].isNaN)
    #expect(found.epoch.isEmpty && found.parallax.isEmpty)
  }

  @Test func timestampsAreEpochs() throws {
    let found = try geometry(
      position([1, 1], [2, 2]) + [
        ParquetColumn("sigma", .double([1, 1])), ParquetColumn("when", .timestamp([946_728_000_000_000, nil])),
      ], ["epoch=when"])
    #expect(abs(found.epoch[0] - 2000) < 1e-9 && found.epoch[1].isNaN)
  }

  @Test func fluxesBecomeMagnitudes() throws {
    let found = try geometry(
      position([1, 1, 1], [2, 2, 2]) + [
        ParquetColumn("sigma", .double([1, 1, 1])), ParquetColumn("f", .double([1000, 0, -5])),
        ParquetColumn("df", .double([10, 1, 1])),
      ], ["mag:r=f:nJy", "mag_error:r=df:nJy"])
    #expect(abs(found.magnitudes[0][0] - 23.9) < 1e-12)
    #expect(abs(found.magnitudeErrors[0][0] - 0.010857362047581296) < 1e-15)
    #expect(found.magnitudes[0][1].isNaN && found.magnitudes[0][2].isNaN && found.magnitudeErrors[0][1].isNaN)
  }

  @Test func placeholdersOfPhotometryAreUnknown() throws {
    let found = try geometry(
      position([1, 1, 1, 1], [2, 2, 2, 2]) + [
        ParquetColumn("sigma", .double([1, 1, 1, 1])), ParquetColumn("g_mag", .double([20, 99.99, -999, .nan])),
        ParquetColumn("g_mag_err", .double([0.1, 0, -1, .infinity])),
        ParquetColumn("g_snr", .double([10, -3, .infinity, nil])), ParquetColumn("best_band", .int8([0, 1, -1, nil])),
      ])
    #expect(found.magnitudes[0][0] == 20)
    #expect(found.magnitudes[0].dropFirst().allSatisfy { $0.isNaN })
    #expect(found.magnitudeErrors[0][0] == 0.1 && found.magnitudeErrors[0].dropFirst().allSatisfy { $0.isNaN })
    #expect(found.snrs[0].prefix(2) == [10, -3] && found.snrs[0].suffix(2).allSatisfy { $0.isNaN })
    #expect(found.bestBand == [0, -1, -1, -1])
  }

  @Test func onlyTheColumnsWithRolesNeedBeRead() throws {
    let columns =
      [ParquetColumn("junk", .string(["x"]))] + position([10], [20]) + [
        ParquetColumn("other", .int64([5])), ParquetColumn("sigma", .double([2]), unit: "arcsec"),
      ]
    let found = try geometry(columns, onlyNeeded: true)
    #expect(found.raDegrees == [10] && found.decDegrees == [20] && found.covarianceXX == [4])
  }

  @Test func batchesOfAnySizeGiveTheSameArrays() throws {
    let scratch = try Workdir()
    var random = SplitMix64(seed: 5)
    let path = try scratch.file("x.parquet")
    let rows = 500
    func some() -> [Double?] {
      (0..<rows).map { _ in
        Int.random(in: 0..<7, using: &random) == 0 ? nil : Double.random(in: 0.1...80, using: &random)
      }
    }
    try ParquetFixture.write(
      position(some(), some()) + [ParquetColumn("sigma", .double(some())), ParquetColumn("g_mag", .double(some()))],
      to: path)
    let source = try TableSource(paths: [path])
    let roles = try RoleAssignment(recognising: source.columns)
    func all(_ batchRows: Int) throws -> ([ProblemReason], [UInt64]) {
      var geometry = SourceGeometry(roles)
      var (verdicts, bits) = ([ProblemReason](), [UInt64]())
      try source.forEachBatch(batchRows: batchRows) { batch in
        geometry.load(batch)
        verdicts += geometry.verdicts
        for row in 0..<geometry.count {
          let values = [geometry.raDegrees[row], geometry.covarianceYY[row], geometry.magnitudes[0][row]]
          bits += values.map { $0.isNaN ? 0 : $0.bitPattern }
        }
      }
      return (verdicts, bits)
    }
    let whole = try all(rows)
    for batchRows in [1, 8, 77, 499] { #expect(try all(batchRows) == whole, "batches of \(batchRows) rows; seed 5") }
  }
}
