internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// Prior densities over the sky: fixed HEALPix pixels, each with the counts over the area that both catalogues cover in it.
///
/// Regions follow from the coverage maps alone, never from how the work is cut. A pixel is divided while its quarters hold
/// `sourcesPerRegion` sources of either catalogue each. A few sources beside the others do not hinder that: quarters with less than a
/// twentieth of the sources together take what is measured in the pixel around them (`RegionEstimator`).
struct PriorRegions: Sendable {
  /// One region.
  struct Region: Sendable {
    let pixel: HealpixPixel
    let coverage: CommonCoverage
    let priors: PriorDensities
  }

  /// Along the curve.
  let regions: [Region]
  /// Over all common coverage, for places where a region has none.
  let overall: PriorDensities

  /// A region holds at least this part of either catalogue, so that their number stays bounded.
  static let largestNumber = 5000.0
  static let finestOrder = 8

  /// - Parameter sourcesPerRegion: Sources of either catalogue that every region should hold.
  init(_ a: CoverageMap, _ b: CoverageMap, sourcesPerRegion: Double = 25_000) {
    let whole = CommonCoverage(a, b, in: SkyRange.whole)
    let overall = Self.priors(whole) ?? Self.apart(a, b)
    let enough = max(sourcesPerRegion, max(whole.countA, whole.countB) / Self.largestNumber)
    var regions: [Region] = []
    func divide(_ pixel: HealpixPixel, _ coverage: CommonCoverage) {
      let children =
        pixel.order < Self.finestOrder ? pixel.children.map { ($0, CommonCoverage(a, b, in: $0.range29)) } : []
      let covered = children.filter { $0.1.areaDegrees2 > 0 }
      if Self.isDivided(covered.map(\.1), enough: enough) {
        children.forEach { divide($0.0, $0.1) }
      } else {
        regions.append(Region(pixel: pixel, coverage: coverage, priors: Self.priors(coverage) ?? overall))
      }
    }
    for pixel in HealpixPixel.basePixels { divide(pixel, CommonCoverage(a, b, in: pixel.range29)) }
    self.regions = regions
    self.overall = overall
  }

  private static func isDivided(_ quarters: [CommonCoverage], enough: Double) -> Bool {
    let sources = quarters.map { min($0.countA, $0.countB) }
    let poor = sources.filter { $0 < enough }
    return poor.count < sources.count && poor.reduce(0, +) <= largestPoorShare * sources.reduce(0, +)
  }

  private static let largestPoorShare = 0.05

  private static func priors(_ coverage: CommonCoverage) -> PriorDensities? {
    guard coverage.areaDegrees2 > 0, coverage.countA > 0, coverage.countB > 0 else { return nil }
    return priors(densityA: coverage.countA / coverage.areaDegrees2, densityB: coverage.countB / coverage.areaDegrees2)
  }

  /// Without any common coverage the two densities are those of each catalogue's own area.
  private static func apart(_ a: CoverageMap, _ b: CoverageMap) -> PriorDensities {
    func density(_ map: CoverageMap) -> Double {
      let area = map.areaDegrees2
      return area > 0 ? Double(map.nodes.reduce(0) { $0 + $1.count }) / area : 0
    }
    return priors(densityA: density(a), densityB: density(b))
  }

  private static func priors(densityA: Double, densityB: Double) -> PriorDensities {
    let counterparts = 0.5 * min(densityA, densityB)
    return PriorDensities(counterparts: counterparts, ofA: densityA, ofB: densityB, smallestFieldShare: 0)
  }

  /// Whether both catalogues cover some of a region.
  func hasCommonSky(_ region: Int) -> Bool { regions[region].coverage.areaDegrees2 > 0 }

  /// The regions of which they do not.
  var withoutCommonSky: [Int] { regions.indices.filter { !hasCommonSky($0) } }

  /// The regions inside the range of a pixel that is not smaller than they are.
  func regions(in range: Range<Int64>) -> Range<Int> {
    region(of: range.lowerBound)..<(region(of: range.upperBound - 1) + 1)
  }

  /// The region that holds an index; the last one for what no sky holds.
  func region(of healpix29: Int64) -> Int {
    regions.dropLast().binarySearch { $0.pixel.range29.upperBound > healpix29 }
  }
}

/// Ranges of order-29 indices with a name.
enum SkyRange {
  static let whole = 0..<HealpixPixel.basePixels.last!.range29.upperBound
}
