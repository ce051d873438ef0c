internal import CatalogStore
public import Match

/// The bands of surveys that the program knows: `Surveys/bands.json`.
public struct SurveyBands: Sendable {
  /// In the order of the file: by survey, from blue to red.
  public let all: [SurveyBand]

  /// Reads the data file. SQLite reads JSON, and is there wherever this is.
  /// - Throws: `StoreError.damaged` when it is not what it should be.
  public init() throws {
    let connection = try Connection(path: ":memory:", mode: .create)
    let statement = try connection.prepare(
      """
      SELECT value ->> 'survey', value ->> 'band', value ->> 'wavelength_um', value ->> 'ab_offset_mag',
        value ->> 'extinction_ratio', value ->> 'psf_fwhm_arcsec', value ->> 'stellar_column', value ->> 'galaxy_filter',
        (SELECT group_concat(c.value, ' ') FROM json_each(json_each.value, '$.columns') AS c)
      FROM json_each(?, '$.bands')
      """)
    statement.bind(1, String(decoding: PackageResources.bands_json, as: UTF8.self))
    var found: [SurveyBand] = []
    while try statement.step() {
      do {
        found.append(
          try SurveyBand(
            survey: statement.text(0), name: statement.text(1),
            columns: (statement.optionalText(8) ?? "").split(separator: " ").map(String.init),
            wavelengthMicron: statement.double(2),
            abOffset: statement.double(3), extinctionRatio: statement.double(4), psfFWHMArcsec: statement.double(5),
            stellarColumn: statement.optionalText(6), galaxyFilter: statement.optionalText(7)))
      } catch let error as CountsError {
        throw StoreError(.damaged, "bands.json", "is wrong: \(error)")
      }
    }
    all = found
  }

  /// A band by survey and name, such as `wise W1`; case does not matter.
  /// - Throws: `StoreError.usage` that lists the bands.
  public func band(_ name: String) throws -> SurveyBand {
    let wanted = name.lowercased()
    if let band = all.first(where: { "\($0.survey) \($0.name)".lowercased() == wanted }) { return band }
    let known = all.map { "\($0.survey) \($0.name)" }.joined(separator: ", ")
    throw StoreError(.usage, "band", "is '\(name)'; known are \(known)")
  }
}
