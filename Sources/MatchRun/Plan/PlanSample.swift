internal import CatalogStore
internal import Indexing
internal import Match

/// Pieces of sky at fixed places of both catalogues, with the sources in and around them: what holds for a whole match is measured on them.
///
/// It follows from the catalogues alone, and costs the same however large they are.
struct PlanSample {
  /// The sources of both catalogues, their candidate pairs, and the pieces.
  let neighbourhood: Neighbourhood
  let core: PixelRangeSet

  /// Places of each catalogue at which a piece is read.
  private static let places = 64
  /// Sources of the denser catalogue in a piece, about.
  private static let mostSources = 250.0

  /// - Parameter reach: No candidate pair is farther apart.
  /// - Throws: `StoreError` when a shard cannot be read; what `stop` throws.
  init(
    _ inputs: MatchInputs, within reach: Angle, _ a: CoverageMap, _ b: CoverageMap, stop: inout StopCheck
  ) throws {
    let reader = NeighbourhoodReader(inputs)
    let pixels = try Self.pixels(reader, a, b)
    core = PixelRangeSet(pixels: pixels)
    let coarsest = pixels.map(\.order).min() ?? HealpixPixel.maximumOrder
    let sources = try reader.sources(
      in: ChunkSky.withNeighbours(core, order: coarsest, reach: reach), stop: &stop)
    let (placedA, placedB) = try reader.placed(sources)
    neighbourhood = try reader.neighbourhood(placedA, placedB, stop: &stop)
  }

  private static func pixels(
    _ reader: NeighbourhoodReader, _ a: CoverageMap, _ b: CoverageMap
  ) throws -> [HealpixPixel] {
    try [true, false].flatMap { isA in
      try reader.places(isA: isA, count: places).compactMap { place in
        SkyPosition(raDegrees: place.raDegrees, decDegrees: place.decDegrees).flatMap { piece(around: $0, a, b) }
      }
    }
  }

  /// The largest pixel around a position that does not hold too many sources; nil where one of the catalogues has none.
  private static func piece(around position: SkyPosition, _ a: CoverageMap, _ b: CoverageMap) -> HealpixPixel? {
    for order in 0...HealpixPixel.maximumOrder {
      let pixel = HealpixPixel(containing: position, order: order)
      let coverage = CommonCoverage(a, b, in: pixel.range29)
      if coverage.countA <= 0 || coverage.countB <= 0 { return nil }
      if max(coverage.countA, coverage.countB) <= mostSources { return pixel }
    }
    return nil
  }
}
