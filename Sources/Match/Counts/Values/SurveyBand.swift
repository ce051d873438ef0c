/// A band of a survey as a data file describes it: what counts need, and the width of the PSF.
///
/// Decodes from the keys `survey`, `band`, `columns`, `wavelength_um`, `ab_offset_mag`, `extinction_ratio`,
/// `psf_fwhm_arcsec` and, if the band is tabulated, `stellar_column`, `galaxy_filter`; numbers outside what is allowed
/// are refused.
public struct SurveyBand: Sendable, Hashable, Decodable {
  /// The survey: `gaia`.
  public let survey: String
  /// The band's name within it: `G`.
  public let name: String
  /// How its magnitudes are usually called, in lower case.
  public let columns: [String]
  /// What counts need of it.
  public let band: CountBand
  /// The full width of the PSF at half maximum, arcsec.
  public let psfFWHMArcsec: Double

  /// Widths that are believed, arcsec.
  public static let widths = 0.001...3600.0

  private enum Key: String, CodingKey {
    case survey
    case band
    case columns
    case wavelength = "wavelength_um"
    case abOffset = "ab_offset_mag"
    case extinctionRatio = "extinction_ratio"
    case fwhm = "psf_fwhm_arcsec"
    case stellarColumn = "stellar_column"
    case galaxyFilter = "galaxy_filter"
  }

  /// Reads one band.
  ///
  /// - Throws: `DecodingError` if a key is missing or of another type, `CountsError` if a number or a name is not
  ///   allowed.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    try self.init(
      survey: values.decode(String.self, forKey: .survey), name: values.decode(String.self, forKey: .band),
      columns: values.decodeIfPresent([String].self, forKey: .columns) ?? [],
      wavelengthMicron: values.decode(Double.self, forKey: .wavelength),
      abOffset: values.decode(Double.self, forKey: .abOffset),
      extinctionRatio: values.decode(Double.self, forKey: .extinctionRatio),
      psfFWHMArcsec: values.decode(Double.self, forKey: .fwhm),
      stellarColumn: values.decodeIfPresent(String.self, forKey: .stellarColumn),
      galaxyFilter: values.decodeIfPresent(String.self, forKey: .galaxyFilter))
  }

  /// Makes one from its values.
  ///
  /// - Throws: `CountsError` if a number or a name is not allowed.
  public init(
    survey: String, name: String, columns: [String], wavelengthMicron: Double, abOffset: Double,
    extinctionRatio: Double, psfFWHMArcsec: Double, stellarColumn: String? = nil, galaxyFilter: String? = nil
  ) throws {
    let full = "\(survey) \(name)"
    (self.survey, self.name, self.columns) = (survey, name, columns)
    band = try CountBand(
      name: full, wavelengthMicron: wavelengthMicron, abOffset: abOffset, extinctionRatio: extinctionRatio,
      stellarColumn: Self.column(stellarColumn, of: full), galaxyFilter: galaxyFilter)
    self.psfFWHMArcsec = try CountsError.checked(
      psfFWHMArcsec, "the PSF width of band \(full)", unit: "arcsec", in: Self.widths)
  }

  private static func column(_ name: String?, of band: String) throws -> StellarColumn? {
    guard let name else { return nil }
    guard let column = StellarColumn(rawValue: name) else {
      let known = StellarColumn.allCases.map(\.rawValue).joined(separator: ", ")
      throw CountsError("band \(band) names the stellar column '\(name)'; known: \(known)")
    }
    return column
  }
}
