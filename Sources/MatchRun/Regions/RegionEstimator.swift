internal import CatalogStore
internal import Indexing
internal import Match

/// From counts to densities, region by region.
///
/// A region with too few pairs takes the densities of the smallest pixel around it that has enough; if even the whole sky
/// has not, they come from counts. Each coarser pixel is estimated once.
struct RegionEstimator {
  /// The counts of a region; nil if it has no pairs and no sources.
  private let counts: (Int) throws -> RegionCounts?
  private let plan: MatchPlan
  /// What was found in coarser pixels, each estimated once.
  private(set) var coarser: CoarserDensities

  /// - Parameters:
  ///   - coarser: What an estimator of the same plan has found.
  ///   - counts: Those of a region.
  init(
    plan: MatchPlan, coarser: CoarserDensities = CoarserDensities(),
    counts: @escaping (Int) throws -> RegionCounts?
  ) {
    self.counts = counts
    self.plan = plan
    self.coarser = coarser
  }

  mutating func model(of region: Int) throws -> RegionModels.Model {
    let own = plan.regions.regions[region]
    let least = Int64(plan.configuration.sourcesPerRegion / 5)
    if own.coverage.areaDegrees2 > 0, let found = densities(try counts(region), own.coverage, least) {
      return model(own, found, .pixel(own.pixel), flags: [])
    }
    // Where neither catalogue has a source nobody asks, and the counts of the whole sky need not be added up.
    let isOccupied = plan.coverageA.isOccupied(own.pixel.range29) || plan.coverageB.isOccupied(own.pixel.range29)
    guard isOccupied, let measured = try measured(around: own.pixel) else {
      return RegionModels.Model(priors: own.priors, photometry: nil, flags: .countPriors)
    }
    return model(
      own, measured.densities.scaled(from: measured.area, to: own.coverage), measured.sky, flags: .coarserRegion)
  }

  private func model(
    _ region: PriorRegions.Region, _ found: MeasuredDensities, _ sky: MeasuredSky, flags: MatchFlags
  ) -> RegionModels.Model {
    let usesCounts = plan.configuration.priors == .counts
    return RegionModels.Model(
      priors: usesCounts ? region.priors : found.priors, bandPriors: usesCounts ? nil : found.bandPriors,
      photometry: plan.configuration.photometry ? found.photometry : nil, pairs: found.pairs, flags: flags,
      measured: RegionModels.Measurement(
        sky: sky, errorPerDegree2: found.errorPerDegree2))
  }

  private mutating func measured(around pixel: HealpixPixel) throws -> CoarserDensities.Measured? {
    for order in stride(from: pixel.order - 1, through: 0, by: -1) {
      if let found = try measured(in: pixel.parent(order: order)) { return found }
    }
    if let overall = coarser.overall { return overall }
    let found = try measure(plan.regions.regions.indices, SkyRange.whole, .whole)
    coarser.overall = .some(found)
    return found
  }

  private mutating func measured(in pixel: HealpixPixel) throws -> CoarserDensities.Measured? {
    if let known = coarser.pixels[pixel] { return known }
    let range = pixel.range29
    let found = try measure(plan.regions.regions(in: range), range, .pixel(pixel))
    coarser.pixels[pixel] = .some(found)
    return found
  }

  private func measure(_ regions: Range<Int>, _ range: Range<Int64>, _ sky: MeasuredSky) throws
    -> CoarserDensities.Measured?
  {
    var sum = plan.emptyCounts
    var coverage = CommonCoverage()
    var isAll = true
    for region in regions {
      guard let part = try counts(region) else { continue }
      sum += part
      coverage += plan.regions.regions[region].coverage
      isAll = !sum.suffice(regionSources: plan.configuration.sourcesPerRegion)
      if !isAll { break }
    }
    if isAll { coverage = CommonCoverage(plan.coverageA, plan.coverageB, in: range) }
    let least = sky == .whole ? 0 : Int64(plan.configuration.sourcesPerRegion / 5)
    guard let found = densities(sum, coverage, least) else { return nil }
    return CoarserDensities.Measured(densities: found, area: RegionSky(coverage), sky: sky)
  }

  private func densities(_ counts: RegionCounts?, _ coverage: CommonCoverage, _ least: Int64) -> MeasuredDensities? {
    counts.flatMap { MeasuredDensities($0, RegionSky(coverage), plan, least: least) }
  }
}

/// The densities of pixels coarser than regions: few, since only the surroundings of poor regions are among them.
struct CoarserDensities: Sendable {
  struct Measured: Sendable {
    let densities: MeasuredDensities
    let area: RegionSky
    let sky: MeasuredSky
  }

  /// By pixel; nil inside where its counts do not suffice.
  fileprivate var pixels: [HealpixPixel: Measured?] = [:]
  /// Of the whole sky, likewise.
  fileprivate var overall: Measured??
}

extension RegionSky {
  init(_ coverage: CommonCoverage) {
    self.init(areaDegrees2: coverage.areaDegrees2, countA: coverage.countA, countB: coverage.countB)
  }
}
