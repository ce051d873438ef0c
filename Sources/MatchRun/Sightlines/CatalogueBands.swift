internal import CatalogStore
internal import Match

/// The bands in which the hidden neighbours of both catalogues are counted.
struct CatalogueBands: Equatable {
  private var a: CatalogueBand?
  private var b: CatalogueBand?

  /// None.
  init() {}

  /// - Parameters:
  ///   - psfOfA: How the PSF of a is set.
  ///   - psfOfB: How that of b is.
  /// - Throws: `StoreError.usage` for settings that cannot be followed.
  init(_ a: CatalogueInfo, psfOfA: PSFSetting, _ b: CatalogueInfo, psfOfB: PSFSetting) throws {
    if psfOfA == .none && psfOfB == .none { return }
    let bands = try SurveyBands()
    self.a = try CatalogueBand(of: a, bands, psf: psfOfA)
    self.b = try CatalogueBand(of: b, bands, psf: psfOfB)
  }

  /// Whether hidden neighbours of neither are looked at.
  var isEmpty: Bool { a == nil && b == nil }

  /// The same with what the separations of both catalogues say.
  func resolved(_ fitA: ResolutionFit, _ fitB: ResolutionFit) -> CatalogueBands {
    var copy = self
    copy.a = a.map { $0.resolved(fitA.answer(expectedArcsec: $0.expectedRadiusArcsec)) }
    copy.b = b.map { $0.resolved(fitB.answer(expectedArcsec: $0.expectedRadiusArcsec)) }
    return copy
  }

  /// How far hidden neighbours pull sources at most, nearly always: a neighbour as bright as the source pulls it half of the
  /// way, up to 0.6 R; two of them some more.
  var farthestPullArcsec: Double {
    0.65 * max(a?.pointSpread?.circleArcsec ?? 0, b?.pointSpread?.circleArcsec ?? 0)
  }

  /// The models of both, where hidden neighbours are known.
  /// - Parameter skies: What was given in place of the built-in models, of a and of b.
  func crowding(
    _ infoA: CatalogueInfo, _ coverageA: CoverageMap, _ infoB: CatalogueInfo, _ coverageB: CoverageMap,
    skies: (a: GivenSky, b: GivenSky)
  ) throws -> (CatalogueCrowding?, CatalogueCrowding?) {
    if a?.pointSpread == nil && b?.pointSpread == nil { return (nil, nil) }
    let (tables, bands) = (try SightlineCounts.tables(), try SurveyBands())
    return (
      try a.flatMap { band in
        try CatalogueCrowding(
          band, of: infoA, coverageA, tables, sky: skies.a,
          deeper: DeeperCatalogue(infoB, coverageB, beside: infoA, coverageA, band, bands))
      },
      try b.flatMap { band in
        try CatalogueCrowding(
          band, of: infoB, coverageB, tables, sky: skies.b,
          deeper: DeeperCatalogue(infoA, coverageA, beside: infoB, coverageB, band, bands))
      }
    )
  }
}
