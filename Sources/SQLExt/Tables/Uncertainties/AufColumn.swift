import CatalogStore
import MatchRun

/// The columns of `xm_auf` that are about one source, in order.
enum AufColumn: Int, CaseIterable {
  case id, rowid, ra, dec, magnitude, sigma, sigmaUsed, density, band, fwhm, pullRMS, pullClass, meanFlux, above1,
    above10

  var column: TableColumn {
    switch self {
    case .id: TableColumn("id", .any, "identifier")
    case .rowid: TableColumn("xm_rowid", .integer, "position in its catalogue's sky order")
    case .ra: TableColumn("ra_deg", .real, "right ascension, as catalogued [deg]")
    case .dec: TableColumn("dec_deg", .real, "declination, as catalogued [deg]")
    case .magnitude: TableColumn("mag", .real, "magnitude in the band by which hidden neighbours are counted [mag]")
    case .sigma: TableColumn("sigma_arcsec", .real, "1-sigma position error as quoted (larger axis) [arcsec]")
    case .sigmaUsed: TableColumn("sigma_used_arcsec", .real, "the same with the corrections of `xmdb correct` [arcsec]")
    case .density: TableColumn("density_per_deg2", .real, "density of the catalogue's own sources around it [deg**-2]")
    case .band: TableColumn("band", .text, "band by which hidden neighbours are counted; NULL: they are not modelled")
    case .fwhm: TableColumn("psf_fwhm_arcsec", .real, "full width at half maximum of the PSF that hides them [arcsec]")
    case .pullRMS:
      TableColumn("pull_rms_arcsec", .real, "root mean square of the displacement by them in one coordinate [arcsec]")
    case .pullClass:
      TableColumn("pull_class", .integer, "0 to 15: sources of one class share what is fitted to their pairs")
    case .meanFlux: TableColumn("avg_cont", .real, "mean relative flux of unseen neighbours")
    case .above1: TableColumn("cont_f1", .real, "probability of a contaminant above 1 % relative flux")
    case .above10: TableColumn("cont_f10", .real, "probability of a contaminant above 10 % relative flux")
    }
  }

  /// Where a source is named.
  static let layout = MatchLayout(sourcesNamed: allCases.map(\.column.name))

  func value(_ source: SourceUncertainty, _ catalogue: CatalogueUncertainties) -> SQLValue {
    switch self {
    case .id: SQLValue(source.id)
    case .rowid: .integer(source.rowid)
    case .ra: SQLValue(source.raDegrees)
    case .dec: SQLValue(source.decDegrees)
    case .magnitude: SQLValue(source.magnitude)
    case .sigma: SQLValue(source.sigmaArcsec)
    case .sigmaUsed: SQLValue(source.sigmaUsedArcsec)
    case .density: SQLValue(source.densityPerDegree2)
    case .band: SQLValue(catalogue.bandName)
    case .fwhm: SQLValue(catalogue.fwhmArcsec)
    case .pullRMS: SQLValue(source.perturbation?.rmsArcsec)
    case .pullClass: source.perturbation.map { SQLValue($0.pullClass) } ?? .null
    case .meanFlux: SQLValue(source.perturbation?.contamination.meanFlux)
    case .above1: SQLValue(source.perturbation?.contamination.above1)
    case .above10: SQLValue(source.perturbation?.contamination.above10)
    }
  }
}
