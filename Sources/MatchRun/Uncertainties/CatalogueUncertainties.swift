public import CatalogStore
public import Indexing
internal import Match

/// What the positions of a catalogue are worth, source by source: errors with the corrections that a match would apply, and hidden
/// neighbours in the PSF that it would assume.
public final class CatalogueUncertainties: Sendable {
  /// The catalogue.
  public let info: CatalogueInfo
  private let side: MatchInputs.Side
  private let coverage: CoverageMap
  private let reader: CatalogueReader
  private let band: CatalogueBand?
  private let database: SkyDatabase

  /// Sources that are held at a time, about.
  private static let mostSources = 50_000.0

  /// - Throws: `StoreError` for a catalogue that is not there or cannot be read; what `stop` throws.
  /// - Complexity: the PSF is looked for in pieces of sky: some 0.1 s.
  public init(database: SkyDatabase, catalogue name: String, stop: inout StopCheck) throws {
    self.database = database
    let registry = try database.registry()
    info = try registry.catalogue(name)
    coverage = try registry.coverage(of: info)
    try CatalogueLimits.check(info, coverage)
    let own = MatchInputs.Side(
      info: info, classes: MagnitudeClasses(histograms: [], minimum: 0),
      meanDensityPerDegree2: coverage.meanDensityPerDegree2,
      corrections: try CatalogueCorrections(of: name, in: registry))
    let inputs = MatchInputs(
      database: database, a: own, b: own, targetYears: nil, likelihood: GaussianLikelihood(),
      limits: MatchConfiguration().candidateLimits)
    var band = try CatalogueBand(of: info, SurveyBands(), psf: .automatic)
    if let assumed = band {
      let fit = try CatalogueResolution(inputs, isA: true, coverage, stop: &stop).fit
      band = assumed.resolved(fit.answer(expectedArcsec: assumed.expectedRadiusArcsec))
    }
    var side = own
    if let band, band.pointSpread != nil {
      side.crowding = try CatalogueCrowding(band, of: info, coverage, SightlineCounts.tables())
    }
    (self.side, self.band) = (side, band)
    reader = side.reader(database)
  }

  /// The band by which hidden neighbours are counted; nil where there is none.
  public var bandName: String? { side.crowding?.band.name }

  /// The FWHM of the PSF, arcsec; nil where it hides nothing that is known.
  public var fwhmArcsec: Double? { side.crowding?.pointSpread.fwhmArcsec }

  /// A part of the sky in pieces that hold not too many sources each, along the curve.
  public func pieces(of region: PixelRangeSet) -> [PixelRangeSet] {
    var pieces: [PixelRangeSet] = []
    var pixels = reader.shards(in: region).map(\.pixel).reversed().map(\.self)
    while let pixel = pixels.popLast() {
      guard region.intersects(pixel.range29) else { continue }
      let count = CommonCoverage(coverage, coverage, in: pixel.range29).countA
      if count > Self.mostSources && pixel.order < HealpixPixel.maximumOrder {
        pixels += pixel.children.reversed()
      } else {
        pieces.append(region.intersection(PixelRangeSet(pixels: [pixel])))
      }
    }
    return pieces
  }

  /// The sources in a piece of sky, in the order of their rowids.
  /// - Throws: `StoreError` when a shard cannot be read; what `stop` throws.
  public func sources(in piece: PixelRangeSet, stop: inout StopCheck) throws -> [SourceUncertainty] {
    let columns = try reader.sources(in: piece, stop: &stop)
    let quoted = columns.covariances
    var used = quoted
    try side.correct(&used, of: columns, in: database)
    let pulls = try side.crowding.map {
      try SourcePulls(columns, $0, meanDensityPerDegree2: side.meanDensityPerDegree2)
    }
    let (magnitudes, densities) = (band.map { columns.magnitudes[$0.place] }, columns[.density])
    return try (0..<columns.count).map { row in
      try stop.after(steps: 4)
      return SourceUncertainty(
        id: columns.ids.id(at: row), rowid: columns.rowid[row], raDegrees: columns.raDegrees[row],
        decDegrees: columns.decDegrees[row], magnitude: magnitudes?[row] ?? .nan,
        sigmaArcsec: quoted[row].largestSigma, sigmaUsedArcsec: used[row].largestSigma,
        densityPerDegree2: densities?[row] ?? side.meanDensityPerDegree2, perturbation: pulls?.perturbation(row))
    }
  }
}

extension SourcePulls {
  fileprivate func perturbation(_ row: Int) -> SourceUncertainty.Perturbation {
    let variance = varianceArcsec2(row)
    return SourceUncertainty.Perturbation(
      rmsArcsec: variance.squareRoot(), pullClass: PullClasses.place(varianceArcsec2: variance),
      contamination: contamination(row))
  }
}
