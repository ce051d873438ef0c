internal import CatalogStore
internal import Indexing

/// What any pixel would have to do as a chunk, by the coverage maps.
struct SkyLoads {
  let coverageA: CoverageMap
  let coverageB: CoverageMap
  private let countsA: SourceCounts
  private let countsB: SourceCounts
  private let reach: Angle
  private let sight: Angle
  private let pairAreaDegrees2: Double
  private let largestCandidates: Int
  private let largestIslandPairs: Double
  private let columns: Double

  /// Rings wider than so many cells of a pixel's side are counted cell by cell; others as strips of their neighbours.
  private static let fewCells = 4
  /// - Parameters:
  ///   - sight: How far a chunk looks around the sky of its pairs; nil: as far as `reach`.
  ///   - pairAreaDegrees2: The area around a source in which a stranger is a candidate.
  ///   - columns: Numeric columns of a source.
  ///   - largestCandidates: Candidates that a source may have.
  ///   - largestIslandPairs: Candidate pairs that an island may have.
  init(
    _ a: CoverageMap, _ b: CoverageMap, reach: Angle, sight: Angle? = nil, pairAreaDegrees2: Double,
    columns: Double,
    largestCandidates: Int = MatchConfiguration().largestCandidates,
    largestIslandPairs: Int = MatchConfiguration().largestIslandPairs
  ) {
    self.largestCandidates = largestCandidates
    self.largestIslandPairs = Double(largestIslandPairs)
    (coverageA, coverageB) = (a, b)
    (countsA, countsB) = (SourceCounts(a), SourceCounts(b))
    self.reach = reach
    self.sight = sight ?? reach
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
  /// - Complexity: O(nodes in the pixel + log nodes); in entangled sky, O(nodes in the sky that the largest island fills).
  func load(of pixel: HealpixPixel) -> ChunkLoad {
    var load = core(of: pixel)
    addSurroundings(of: pixel, to: &load)
    addEntangledSky(around: pixel, to: &load)
    return load
  }

  /// Whether islands hang together over many sources of a pixel.
  func isEntangled(_ pixel: HealpixPixel) -> Bool { core(of: pixel).isEntangled }

  /// The pixel's own sources and pairs.
  private func core(of pixel: HealpixPixel) -> ChunkLoad {
    let range = pixel.range29
    var load = ChunkLoad()
    (load.coreA, load.coreB) = (countsA.count(in: range), countsB.count(in: range))
    load.columns = columns
    let estimate = PairEstimate(
      coverageA, coverageB, in: range, pairAreaDegrees2: pairAreaDegrees2, most: largestCandidates)
    load.pairs = estimate.pairs
    load.crowdedCandidates = estimate.crowded * Double(largestCandidates)
    return load
  }

  /// The halo grows until islands are whole, or known to be larger than a match pairs: over all the entangled sky around.
  private func addEntangledSky(around pixel: HealpixPixel, to load: inout ChunkLoad) {
    var (wide, area) = (load, pixel)
    while wide.pairs < largestIslandPairs, wide.isEntangled, area.order > 0 {
      area = area.parent(order: area.order - 1)
      wide = core(of: area)
      guard wide.isEntangled else { return }
      let share = min(1, largestIslandPairs / wide.pairs)
      load.entangled = max(load.entangled, share * wide.core)
      load.haloA = max(load.haloA, share * wide.coreA - load.coreA)
      load.haloB = max(load.haloB, share * wide.coreB - load.coreB)
    }
  }

  private func addSurroundings(of pixel: HealpixPixel, to load: inout ChunkLoad) {
    let cells = ChunkSky.cells(acrossOrder: pixel.order, reach: reach)
    guard cells > Self.fewCells else { return addCells(around: pixel, to: &load) }
    let neighbours = pixel.neighbours
    let rings = ChunkSky.rings(aroundOrder: pixel.order, reach: reach, sight: sight)
    let halo = Self.strips(rings, cells) / Double(neighbours.count)
    let ring = Self.strips(ChunkSky.countedRings, cells) / Double(neighbours.count)
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

  private func addCells(around pixel: HealpixPixel, to load: inout ChunkLoad) {
    let loaded = ChunkSky(pixel, reach: reach, sight: sight).loaded
    let core = PixelRangeSet(pixels: [pixel])
    load.haloA = loaded.ranges.reduce(-load.coreA) { $0 + countsA.count(in: $1) }
    load.haloB = loaded.ranges.reduce(-load.coreB) { $0 + countsB.count(in: $1) }
    let counted = ChunkSky.withNeighbours(core, order: pixel.order, reach: reach, rings: ChunkSky.countedRings)
    load.ring = counted.ranges.reduce(-load.core) { $0 + count(in: $1) }
  }
}
