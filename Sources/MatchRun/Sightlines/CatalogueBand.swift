internal import CatalogStore
internal import Match

/// The band of a catalogue in which its hidden neighbours are counted, and the PSF that hides them.
struct CatalogueBand: Sendable, Equatable {
  /// Its place among the bands of the narrow form.
  let place: Int
  /// What is known of it; nil: no survey has such a band, or several have.
  let band: SurveyBand?
  /// The FWHM of its PSF, arcsec; nil: to be measured.
  private let fwhmArcsec: Double?
  /// How near to each other the catalogue lists two sources.
  private var resolution = ResolutionFit.Answer.unknown

  /// The band with the most sources of those that are known, or else of all; nil for a catalogue without magnitudes.
  ///
  /// A band is known by the name of its column, or by its own name where only one survey has such a band.
  /// - Parameter psf: The PSF as a setting gives it.
  /// - Throws: `StoreError.usage` for a setting that cannot be followed.
  init?(of info: CatalogueInfo, _ bands: SurveyBands, psf: PSFSetting) throws {
    let totals = info.magnitudes.map(\.total)
    let filled = totals.indices.filter { totals[$0] > 0 }
    func largest(_ places: [Int]) -> Int? {
      places.max { totals[$0] < totals[$1] || (totals[$0] == totals[$1] && $0 > $1) }
    }
    let names = info.layout.bands
    let known = filled.filter { Self.band(names[$0], of: info, bands) != nil }
    guard psf != .none, let usual = largest(known) ?? largest(filled) else { return nil }
    switch psf {
    case .band(let name):
      let given = try bands.band(name)
      place = filled.first { names[$0].lowercased() == given.name.lowercased() } ?? usual
      (band, fwhmArcsec) = (given, given.psfFWHMArcsec)
    case .fwhm(let width):
      guard SurveyBand.widths.contains(width) else {
        throw StoreError(
          .usage, "psf of \(info.name)",
          "is \(width) arcsec; allowed: \(SurveyBand.widths.lowerBound) to \(SurveyBand.widths.upperBound)")
      }
      place = usual
      (band, fwhmArcsec) = (Self.band(names[place], of: info, bands), width)
    case .automatic, .none:
      place = usual
      band = Self.band(names[place], of: info, bands)
      fwhmArcsec = band?.psfFWHMArcsec
    }
  }

  /// All bands of a catalogue that surveys have, by their places.
  static func known(of info: CatalogueInfo, _ bands: SurveyBands) -> [(place: Int, band: SurveyBand)] {
    info.layout.bands.enumerated().compactMap { place, name in band(name, of: info, bands).map { (place, $0) } }
  }

  private static func band(_ name: String, of info: CatalogueInfo, _ bands: SurveyBands) -> SurveyBand? {
    let column = info.column(role: "mag:\(name)")?.lowercased()
    let byColumn = bands.all.filter { band in column.map { band.columns.contains($0) } ?? false }
    if byColumn.count == 1 { return byColumn[0] }
    let byName = bands.all.filter { $0.name == name }
    return byName.count == 1 ? byName[0] : nil
  }

  /// The radius within which the PSF lets neighbours hide, arcsec; nil if it is not known.
  var expectedRadiusArcsec: Double? { fwhmArcsec.flatMap { try? PointSpread(fwhmArcsec: $0) }?.circleArcsec }

  /// The same with what the catalogue's own separations say.
  func resolved(_ answer: ResolutionFit.Answer) -> CatalogueBand {
    var copy = self
    copy.resolution = answer
    return copy
  }

  /// The PSF; nil where it is not known, or hides nothing.
  ///
  /// A known width counts more than the separations of the catalogue: these show within which radius equals are one source, and
  /// faint neighbours of a bright source are hidden farther out.
  var pointSpread: PointSpread? {
    switch (resolution, fwhmArcsec) {
    case (.resolved, _), (.unknown, nil): nil
    case (.hidden(let radius), nil): try? PointSpread(circleArcsec: radius)
    case (_, let width?): try? PointSpread(fwhmArcsec: width)
    }
  }

  /// The refusal of counts in a band that no survey has.
  func noKnownBand(of info: CatalogueInfo) -> StoreError {
    StoreError(
      .usage, "counts of \(info.name)",
      "are given, but \(info.layout.bands[place]) is a band of no survey that is known; say which it is with --psf-a or --psf-b, "
        + "such as 'wise W1' (see xm_bands)")
  }

  /// Names by which a file may call it, the best first.
  var names: [String] { band.map { [$0.name] + $0.columns } ?? [] }

  /// How it is called.
  var name: String { band.map { "\($0.survey) \($0.name)" } ?? "its own counts" }
}
