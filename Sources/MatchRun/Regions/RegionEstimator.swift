internal import CatalogStore
internal import Indexing
internal import Match

/// From counts to densities, region by region.
///
/// A region with too few pairs takes the densities of the smallest pixel around it that has enough; if even the whole sky
/// has not, they come from counts. Each coarser pixel is estimated once.
struct RegionEstimator {
  /// The counts of a region; nil if it has no pairs and no sources.
  private let counts: (Int) throws -> PairCounts?
  private let plan: MatchPlan
  private var coarser: [HealpixPixel: Measured?] = [:]
  private var overall: Measured??

  private struct Measured {
    let estimate: RegionEstimate
    let area: RegionSky
    let sky: MeasuredSky
  }

  init(plan: MatchPlan, counts: @escaping (Int) throws -> PairCounts?) {
    self.counts = counts
    self.plan = plan
  }

  mutating func model(of region: Int) throws -> RegionModels.Model {
    let own = plan.regions.regions[region]
    if own.coverage.areaDegrees2 > 0, let estimate = estimate(try counts(region), own.coverage) {
      return model(own, estimate.priors, estimate, .pixel(own.pixel), flags: [])
    }
    guard let measured = try measured(around: own.pixel) else {
      return RegionModels.Model(priors: own.priors, photometry: nil, flags: .countPriors)
    }
    return model(own, scaled(measured, to: own), measured.estimate, measured.sky, flags: .coarserRegion)
  }

  private func model(
    _ region: PriorRegions.Region, _ priors: PriorDensities, _ estimate: RegionEstimate, _ sky: MeasuredSky,
    flags: MatchFlags
  ) -> RegionModels.Model {
    let usesCounts = plan.configuration.priors == .counts
    return RegionModels.Model(
      priors: usesCounts ? region.priors : priors,
      photometry: plan.configuration.photometry ? estimate.photometry : nil, flags: flags,
      measured: RegionModels.Measurement(
        sky: sky, errorPerDegree2: estimate.uncertaintyPerDegree2, chanceFactor: estimate.chanceFactor,
        unrelatedShare: estimate.unrelatedShare ?? 0))
  }

  /// The share of counterparts of a coarser pixel, at the region's own counts.
  private func scaled(_ measured: Measured, to own: PriorRegions.Region) -> PriorDensities {
    let sky = own.coverage
    guard sky.areaDegrees2 > 0, sky.countA > 0, sky.countB > 0 else { return measured.estimate.priors }
    let (densityA, densityB) = (sky.countA / sky.areaDegrees2, sky.countB / sky.areaDegrees2)
    let coarse = measured.estimate.priors
    let share =
      coarse.counterpartsPerDegree2 * measured.area.areaDegrees2 / min(measured.area.countA, measured.area.countB)
    return PriorDensities(
      counterparts: share * min(densityA, densityB), ofA: densityA, ofB: densityB,
      smallestFieldShare: RegionEstimate.smallestFieldShare)
  }

  private mutating func measured(around pixel: HealpixPixel) throws -> Measured? {
    for order in stride(from: pixel.order - 1, through: 0, by: -1) {
      if let found = try measured(in: pixel.parent(order: order)) { return found }
    }
    if let overall { return overall }
    let found = try measure(plan.regions.regions.indices, SkyRange.whole, .whole)
    overall = .some(found)
    return found
  }

  private mutating func measured(in pixel: HealpixPixel) throws -> Measured? {
    if let known = coarser[pixel] { return known }
    let range = pixel.range29
    let found = try measure(plan.regions.regions(in: range), range, .pixel(pixel))
    coarser[pixel] = .some(found)
    return found
  }

  private func measure(_ regions: Range<Int>, _ range: Range<Int64>, _ sky: MeasuredSky) throws -> Measured? {
    var sum = plan.emptyCounts
    for region in regions { if let part = try counts(region) { sum += part } }
    let coverage = CommonCoverage(plan.coverageA, plan.coverageB, in: range)
    guard let estimate = estimate(sum, coverage) else { return nil }
    return Measured(estimate: estimate, area: RegionSky(coverage), sky: sky)
  }

  private func estimate(_ counts: PairCounts?, _ coverage: CommonCoverage) -> RegionEstimate? {
    guard let counts else { return nil }
    return RegionEstimate(
      counts, sky: RegionSky(coverage), zones: plan.zones, classesA: plan.classesA, classesB: plan.classesB)
  }
}

/// Ranges of order-29 indices with a name.
enum SkyRange {
  static let whole = 0..<HealpixPixel.basePixels.last!.range29.upperBound
}

extension RegionSky {
  init(_ coverage: CommonCoverage) {
    self.init(areaDegrees2: coverage.areaDegrees2, countA: coverage.countA, countB: coverage.countB)
  }
}
