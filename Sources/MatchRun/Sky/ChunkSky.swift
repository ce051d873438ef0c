internal import Indexing

/// The sky that a chunk reads: its own part and a halo of rings, each wide enough for one candidate pair.
struct ChunkSky {
  /// The chunk's own pixel, or the part of it that is wanted.
  let core: PixelRangeSet
  /// Where every source sees all its candidates.
  let complete: PixelRangeSet
  /// What is read.
  let loaded: PixelRangeSet

  /// Rings in which every source sees all its candidates; one more is read.
  private static let completeRings = 3
  /// A ring is at least 1/128 of the pixel's side wide. However short the reach, a halo then has some thousand pixels,
  /// and adds an eighth to the area.
  private static let finestBelowPixel = 7
  /// Rings that are read around the pixel where nothing but candidates is looked for.
  static let rings = completeRings + 1

  /// Rings that are read when pairs are counted: the candidates of a source, and theirs.
  static let countedRings = 2

  /// How many cells of a ring lie along the side of a pixel.
  static func cells(acrossOrder pixelOrder: Int, reach: Angle) -> Int {
    let finest = min(HealpixGeometry.safeOrder(reach: reach) ?? 0, pixelOrder + finestBelowPixel)
    return 1 << max(0, finest - pixelOrder)
  }

  /// - Parameters:
  ///   - core: The chunk's own part of the sky.
  ///   - order: The order of the chunk's pixel.
  ///   - reach: No candidate pair is farther apart.
  ///   - sight: So far around complete sky sources are read; nil: as far as `reach`.
  ///   - enlargement: 0, then 1, 2, … for islands that reach the rim: each makes the halo twice as wide.
  init(_ core: PixelRangeSet, order pixelOrder: Int, reach: Angle, sight: Angle? = nil, enlargement: Int = 0) {
    self.core = core
    let finest = min(HealpixGeometry.safeOrder(reach: reach) ?? 0, pixelOrder + Self.finestBelowPixel)
    let order = max(0, finest - enlargement)
    complete = core.dilated(rings: Self.completeRings, order: order)
    let rim = Self.rim(order: order, sight: sight ?? reach)
    loaded = complete.dilated(rings: rim.rings, order: rim.order)
  }

  /// The rings, of pixels of this order or of larger ones, that hold all that is so near.
  private static func rim(order: Int, sight: Angle) -> (rings: Int, order: Int) {
    var order = order
    while true {
      let rings = (sight.radians * (1 + 1e-9) / HealpixGeometry.safeReach(order: order).radians).rounded(.up)
      if rings <= mostRimRings || order == 0 { return (max(1, Int(min(rings, mostRimRings))), order) }
      order -= 1
    }
  }
  private static let mostRimRings = 8.0

  /// Rings that are read around a pixel, as many as would be read of the narrowest.
  static func rings(aroundOrder pixelOrder: Int, reach: Angle, sight: Angle) -> Int {
    let finest = max(0, min(HealpixGeometry.safeOrder(reach: reach) ?? 0, pixelOrder + finestBelowPixel))
    let rim = rim(order: finest, sight: sight)
    return completeRings + rim.rings << (finest - rim.order)
  }

  /// A part of the sky and the rings of neighbours that chains of as many candidate pairs can reach.
  static func withNeighbours(_ core: PixelRangeSet, order pixelOrder: Int, reach: Angle, rings: Int = 1)
    -> PixelRangeSet
  {
    let finest = min(HealpixGeometry.safeOrder(reach: reach) ?? 0, pixelOrder + finestBelowPixel)
    return core.dilated(rings: rings, order: finest)
  }

  /// The sky of a whole chunk.
  init(_ pixel: HealpixPixel, reach: Angle, sight: Angle? = nil, enlargement: Int = 0) {
    self.init(
      PixelRangeSet(pixels: [pixel]), order: pixel.order, reach: reach, sight: sight, enlargement: enlargement)
  }

  var isWholeSky: Bool { loaded == .wholeSky }
}
