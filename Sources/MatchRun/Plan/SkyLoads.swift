internal import CatalogStore
internal import Indexing

/// What any pixel would have to do as a unit, by the coverage maps.
struct SkyLoads {
  let coverageA: CoverageMap
  let coverageB: CoverageMap
  private let countsA: SourceCounts
  private let countsB: SourceCounts
  private let reach: Angle
  private let pairAreaDegrees2: Double
  private let largestCandidates: Int
  private let columns: Double

  /// Rings wider than so many cells of a pixel's side are counted cell by cell; others as strips of their neighbours.
  private static let fewCells = 4
  /// - Parameters:
  ///   - pairAreaDegrees2: The area around a source in which a stranger is a candidate.
  ///   - columns: Numeric columns of a source.
  ///   - largestCandidates: Candidates that a source may have.
  init(
    _ a: CoverageMap, _ b: CoverageMap, reach: Angle, pairAreaDegrees2: Double, columns: Double,
    largestCandidates: Int = MatchConfiguration().largestCandidates
  ) {
    self.largestCandidates = largestCandidates
    (coverageA, coverageB) = (a, b)
    (countsA, countsB) = (SourceCounts(a), SourceCounts(b))
    self.reach = reach
    self.pairAreaDegrees2 = pairAreaDegrees2
    self.columns = columns
  }

  /// Whether either catalogue has a source in a pixel.
  func isOccupied(_ pixel: HealpixPixel) -> Bool {
    coverageA.isOccupied(pixel.range29) || coverageB.isOccupied(pixel.range29)
  }

  /// Sources of both catalogues in a pixel.
  func count(in pixel: HealpixPixel) -> Double { count(in: pixel.range29) }

  private func count(in range: Range<Int64>) -> Double { countsA.count(in: range) + countsB.count(in: range) }

  /// What a pixel would have to do.
  /// - Complexity: O(nodes in the pixel + log nodes).
  func load(of pixel: HealpixPixel) -> UnitLoad {
    let range = pixel.range29
    var load = UnitLoad()
    (load.coreA, load.coreB) = (countsA.count(in: range), countsB.count(in: range))
    load.columns = columns
    let estimate = PairEstimate(
      coverageA, coverageB, in: range, pairAreaDegrees2: pairAreaDegrees2, most: largestCandidates)
    load.pairs = estimate.pairs
    load.crowdedCandidates = estimate.crowded * Double(largestCandidates)
    addSurroundings(of: pixel, to: &load)
    return load
  }

  private func addSurroundings(of pixel: HealpixPixel, to load: inout UnitLoad) {
    let cells = UnitSky.cells(acrossOrder: pixel.order, reach: reach)
    guard cells > Self.fewCells else { return addCells(around: pixel, to: &load) }
    let neighbours = pixel.neighbours
    let halo = Self.strips(UnitSky.rings, cells) / Double(neighbours.count)
    let ring = Self.strips(RegionStatistics.rings, cells) / Double(neighbours.count)
    for near in neighbours {
      let (a, b) = (countsA.count(in: near.range29), countsB.count(in: near.range29))
      load.haloA += halo * a
      load.haloB += halo * b
      load.ring += ring * (a + b)
    }
  }

  /// The area of some rings of cells around a pixel of `cells` by `cells`, over the pixel's own.
  static func strips(_ rings: Int, _ cells: Int) -> Double {
    let (side, wide) = (Double(cells), Double(cells + 2 * rings))
    return wide * wide / (side * side) - 1
  }

  private func addCells(around pixel: HealpixPixel, to load: inout UnitLoad) {
    let loaded = UnitSky(pixel, reach: reach).loaded
    let core = PixelRangeSet(pixels: [pixel])
    load.haloA = loaded.ranges.reduce(-load.coreA) { $0 + countsA.count(in: $1) }
    load.haloB = loaded.ranges.reduce(-load.coreB) { $0 + countsB.count(in: $1) }
    let counted = UnitSky.withNeighbours(core, order: pixel.order, reach: reach, rings: RegionStatistics.rings)
    load.ring = counted.ranges.reduce(-load.core) { $0 + count(in: $1) }
  }
}
