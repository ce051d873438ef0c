internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// What hidden neighbours do to the sources of one catalogue: models by sightline, each made when it is first asked for.
///
/// A sightline is a HEALPix pixel of 3.7°, or larger where the catalogue is sparse: models cost as much as thousands of sources. Its
/// counts are those of the built-in models of stars and galaxies, or of stars that were given; a catalogue of a few sightlines has its own counts in their place where
/// it is complete. They are scaled to the density of sources around each source.
/// What is taken from the catalogue as a whole is rounded, so that a source more or less rarely changes it.
/// - Source: docs/counts.md.
final class CatalogueCrowding: Sendable {
  /// The band in which neighbours are counted.
  let band: CatalogueBand
  /// The PSF that hides them.
  let pointSpread: PointSpread
  /// The magnitude that sources without one are taken to have: the median, mag.
  let medianMagnitude: Double
  private let tables: PerturbationTables
  private let sky: GivenSky
  private let deeper: DeeperCatalogue?
  private let fit: MixtureFit
  private let observed: ObservedCounts
  private let coverage: CoverageMap
  private let magnitudes: [Double]
  /// Up to where the catalogue is complete, mag, and the share of its sources that are brighter.
  private let complete: (magnitude: Double, share: Double)
  private let sightlines = Guarded(RecentValues<Int64, ModelledPixel>(capacity: mostHeld))

  /// The models of one pixel, and what they are made of.
  private struct ModelledPixel {
    let grid: PerturbationGrid
    let counts: DifferentialCounts
    /// Sources of the model that the catalogue would list completely, deg⁻².
    let modelled: Double
  }

  /// Sightlines are the pixels of this order.
  let order: Int
  /// The finest: 3.7°.
  private static let finestOrder = 4
  /// A sightline has so many sources at least, on the average.
  private static let fewestSources = 20_000.0
  /// Where fewer neighbours are expected in a source, nothing is hidden.
  private static let leastNeighbours = 1e-3
  /// Neighbours down to a few per cent of the flux are about so many times more than the sources of a catalogue.
  private static let neighboursPerSource = 100.0
  /// Models that are kept.
  private static let mostHeld = 64
  /// A catalogue of no more than this has counts of its own, deg².
  private static let smallAreaDegrees2 = 40.0
  /// No more neighbours are believed to be hidden in a source.
  private static let mostNeighbours = 1000.0
  /// The densities of a grid over that of the sightline.
  private static let densityFactors = [0.25, 0.5, 1, 2, 4, 8, 16]

  /// Nil where no neighbours are hidden, or too few sources or magnitudes tell how many there are.
  /// - Throws: `StoreError.usage` for a PSF or counts that no model can be made of.
  init?(
    _ band: CatalogueBand, of info: CatalogueInfo, _ coverage: CoverageMap, _ tables: PerturbationTables,
    sky: GivenSky = .none, deeper: DeeperCatalogue? = nil
  ) throws {
    guard band.band != nil || !sky.hasStars else { throw band.noKnownBand(of: info) }
    let density = coverage.meanDensityPerDegree2
    guard let pointSpread = band.pointSpread,
      density * pointSpread.circleDegrees2 * Self.neighboursPerSource > Self.leastNeighbours
    else { return nil }
    order =
      (0...Self.finestOrder).last { HealpixPixel.area(order: $0) * density >= Self.fewestSources } ?? 0
    (self.band, self.pointSpread, self.coverage) = (band, pointSpread, coverage)
    let histogram = info.magnitudes[band.place]
    guard let observed = Self.observed(histogram, coverage), let range = try? CompleteRange(of: observed),
      band.band != nil || (try? ExtrapolatedCounts.counts(observed, on: SightlineCounts.grid)) != nil
    else { return nil }
    self.observed = observed
    self.tables = tables
    (self.sky, self.deeper) = (sky, deeper)
    fit = try SightlineCounts.counting { try MixtureFit(pointSpread) }
    medianMagnitude = (histogram.quantile(0.5) * 10).rounded() / 10
    let end = range.completenessMagnitude
    let share = histogram.total(brighterThan: end) / Double(max(1, info.rows))
    complete = (end, min((share * 256).rounded(), 256) / 256)
    let allowed = SightlineCounts.sources
    let first = min(max(histogram.quantile(0.001).rounded(.down), allowed.lowerBound), allowed.upperBound)
    let last = max(first, min(histogram.quantile(0.999).rounded(.up), allowed.upperBound))
    magnitudes = Array(stride(from: first, through: last, by: 1))
  }

  /// Up to where a catalogue is complete in a band, mag; nil where too few sources tell.
  static func completeness(of info: CatalogueInfo, band: Int, _ coverage: CoverageMap) -> Double? {
    guard let observed = observed(info.magnitudes[band], coverage) else { return nil }
    return (try? CompleteRange(of: observed))?.completenessMagnitude
  }

  /// Whether a catalogue has counts of its own.
  static func isSmall(_ coverage: CoverageMap) -> Bool { coverage.areaDegrees2 <= smallAreaDegrees2 }

  /// The counts of a band of a catalogue, rounded; nil without sources.
  static func observed(_ histogram: MagnitudeHistogram, _ coverage: CoverageMap) -> ObservedCounts? {
    let area = Self.rounded(coverage.areaDegrees2, perOctave: 64)
    guard area > 0 else { return nil }
    var rounded = MagnitudeHistogram()
    for (bin, count) in histogram.counts.enumerated() where count > 0 {
      let number = Int64(Self.rounded(Double(count), perOctave: 16).rounded())
      rounded.add(number, inBin: histogram.firstBin + bin)
    }
    return try? ObservedCounts(rounded, areaDeg2: min(area, ObservedCounts.wholeSkyDeg2))
  }

  /// The nearest of some steps of a positive number; 0 for others.
  private static func rounded(_ value: Double, perOctave: Double) -> Double {
    value > 0 ? exp2((log2(value) * perOctave).rounded() / perOctave) : 0
  }

  /// The Gaussians of all laws.
  var basis: MixtureBasis { fit.basis }

  /// Up to where the catalogue is complete, mag.
  var completeMagnitude: Double { complete.magnitude }

  /// What the models follow from, besides the sightline and the density in it.
  var text: String {
    "\(band.name) \(pointSpread.fwhmArcsec) \(observed.areaDeg2) \(observed.grid.first) "
      + "\(observed.counts)" + sky.text + (deeper?.text ?? "")
  }

  /// What a user is told.
  func note(_ name: String) -> String {
    func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
    return "neighbours within \(rounded(pointSpread.circleArcsec)) arcsec of sources of \(name) are hidden in a PSF of "
      + "\(rounded(pointSpread.fwhmArcsec)) arcsec and pull their positions; they are counted by \(band.name), complete to "
      + "\(rounded(complete.magnitude)) mag\(deeper?.note ?? "")\(sky.note(pixels, coverage)); --no-crowding leaves them out"
  }

  /// All sightlines, along the curve.
  private var pixels: [HealpixPixel] {
    (0..<Int64(12) << Int64(2 * order)).map { HealpixPixel(order: order, index: $0) }.filter {
      CommonCoverage(coverage, coverage, in: $0.range29).areaDegrees2 > 0
    }
  }

  /// The models of a sightline.
  /// - Complexity: some 0.1 s the first time.
  func grid(at pixel: HealpixPixel) throws -> PerturbationGrid { try sightline(pixel).grid }

  private func sightline(_ pixel: HealpixPixel) throws -> ModelledPixel {
    try sightlines.withLock { sightlines in
      if let known = sightlines[pixel.index] { return known }
      let made = try made(pixel)
      sightlines[pixel.index] = made
      return made
    }
  }

  private func made(_ pixel: HealpixPixel) throws -> ModelledPixel {
    let counts = try counts(pixel)
    let own = CommonCoverage(coverage, coverage, in: pixel.range29)
    let mean = own.areaDegrees2 > 0 ? own.countA / own.areaDegrees2 : coverage.meanDensityPerDegree2
    let densities = Self.densityFactors.map { Self.rounded(max(mean, 1e-6), perOctave: 1) * $0 }
    let modelled = SightlineCounts.brighter(than: complete.magnitude, counts)
    let grid = try SightlineCounts.counting {
      try PerturbationGrid(
        fit: fit, logDensities: densities.map { log($0) }, magnitudes: magnitudes,
        models: densities.flatMap { density in
          try magnitudes.map { try model(counts, $0, factor: factor(density, modelled)) }
        })
    }
    return ModelledPixel(grid: grid, counts: counts, modelled: modelled)
  }

  /// By what the counts of a sightline are multiplied where the catalogue has a density.
  private func factor(_ density: Double, _ modelled: Double) -> Double {
    modelled > 0 ? density * complete.share / modelled : 0
  }

  /// The counts of a sightline at all magnitudes.
  private func counts(_ pixel: HealpixPixel) throws -> DifferentialCounts {
    if let modelled = try modelledCounts(pixel) { return modelled.counts.total }
    return try SightlineCounts.counting { try ExtrapolatedCounts.counts(observed, on: SightlineCounts.grid) }
  }

  /// Stars and galaxies of a sightline, as they are modelled or given; nil for a band that no survey has.
  func modelledCounts(_ pixel: HealpixPixel) throws -> SightlineCounts? {
    guard let known = band.band else { return nil }
    let isSmall = Self.isSmall(coverage)
    return try SightlineCounts(
      known, at: pixel.center, extinction: try sky.extinction(in: pixel, coverage), stars: sky.stars(in: pixel),
      observed: isSmall ? observed : nil, deeper: deeper?.counts)
  }

  /// No larger factor is believed around a source.
  private func largestFactor(_ counts: DifferentialCounts, _ magnitude: Double) -> Double {
    let faintest = SightlineCounts.brighter(than: magnitude + SightlineCounts.depth, counts)
    return Self.mostNeighbours / max(faintest * pointSpread.circleDegrees2, .leastNormalMagnitude)
  }

  /// The mean flux in a fit of the PSF of neighbours fainter than a limit, over that of a source.
  /// - Parameters:
  ///   - healpix29: Where the source is.
  ///   - densityPerDegree2: That of the catalogue around it.
  ///   - magnitude: Of the source. Neighbours down to 6.5 mag fainter are counted, none that is brighter.
  ///   - limit: Neighbours are fainter, mag.
  func faintFlux(
    at healpix29: Int64, densityPerDegree2: Double, magnitude: Double, fainterThan limit: Double
  ) throws -> Double {
    let sightline = try sightline(HealpixPixel(healpix29: healpix29, order: order))
    let (counts, grid) = (sightline.counts, SightlineCounts.grid)
    let factor = min(factor(densityPerDegree2, sightline.modelled), largestFactor(counts, magnitude))
    var flux = 0.0
    for step in 0..<grid.count where grid[step] > max(limit, magnitude) {
      if grid[step] > magnitude + SightlineCounts.depth { break }
      flux += counts.density[step] * grid.step * pow(10, -0.4 * (grid[step] - magnitude))
    }
    return factor * pointSpread.circleDegrees2 * pointSpread.meanOverlap * flux
  }

  private func model(_ counts: DifferentialCounts, _ magnitude: Double, factor: Double) throws -> PerturbationModel {
    let most = largestFactor(counts, magnitude)
    let neighbours = try HiddenNeighbours(bins: tables.bins, magnitude: magnitude, pointSpread: pointSpread) {
      min(factor, most) * SightlineCounts.brighter(than: $0, counts)
    }
    return try tables.model(neighbours, pointSpread: pointSpread, fluxWeightedShare: 0)
  }
}
