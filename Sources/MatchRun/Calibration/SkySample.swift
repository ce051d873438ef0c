internal import Indexing

/// The parts of the sky that are looked at: all of it, or of a large sky some pieces, chosen by their pixels alone.
struct SkySample: Sendable {
  /// The pieces along the curve.
  let pieces: [HealpixPixel]
  /// Sources of both catalogues in them, about.
  let sources: Double
  /// Sources of both catalogues, all told.
  let allSources: Double

  /// Whether some of the sky is left out.
  var isPart: Bool { sources < allSources }

  /// A piece with more sources of both catalogues is divided.
  private static let largestPiece = 20_000.0

  /// - Parameters:
  ///   - most: Pieces are taken until they hold so many sources of both catalogues.
  ///   - finestOrder: Of the pieces.
  init(_ loads: SkyLoads, sources most: Double, finestOrder: Int) {
    var all: [(pixel: HealpixPixel, count: Double)] = []
    var open = (0..<12).reversed().map { HealpixPixel(order: 0, index: $0) }
    while let pixel = open.popLast() {
      let count = loads.count(in: pixel)
      if count <= Self.largestPiece || pixel.order >= finestOrder {
        if loads.isOccupied(pixel) { all.append((pixel, count)) }
      } else {
        open += pixel.children.reversed()
      }
    }
    allSources = all.reduce(0) { $0 + $1.count }
    if allSources <= most {
      (pieces, sources) = (all.map(\.pixel), allSources)
      return
    }
    var (chosen, sum): ([HealpixPixel], Double) = ([], 0)
    for piece in all.sorted(by: { Self.rank($0.pixel) < Self.rank($1.pixel) }) where sum < most {
      chosen.append(piece.pixel)
      sum += piece.count
    }
    pieces = chosen.sorted { $0.range29.lowerBound < $1.range29.lowerBound }
    sources = sum
  }

  /// A number that neighbours on the sky do not have in common.
  private static func rank(_ pixel: HealpixPixel) -> UInt64 {
    var bits = UInt64(bitPattern: pixel.range29.lowerBound) &+ 0x9e37_79b9_7f4a_7c15
    bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
    return bits ^ bits >> 31
  }
}
