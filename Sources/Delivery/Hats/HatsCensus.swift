internal import CatalogStore
internal import Formats
internal import Indexing

/// Where the rows of a table lie on the sky: what one pass over their positions finds.
struct HatsCensus: Sendable {
  /// Rows of each pixel of `HatsPartition.finestOrder`.
  private(set) var counts = [Int64](repeating: 0, count: 12 << (2 * HatsPartition.finestOrder))
  /// For each piece the pixels of `HatsPartition.pieceOrder` in which it has rows.
  private(set) var pixels: [[UInt16]] = []
  /// The largest separation of a pair, arcsec; nil without pairs.
  private(set) var largestSeparationArcsec: Double?

  /// Takes the next piece.
  /// - Parameters:
  ///   - healpix29: The index of each row.
  ///   - separations: Those of pairs, NaN where there is none.
  mutating func add(healpix29: [Int64], separations: [Double]) {
    var here: Set<UInt16> = []
    for index in healpix29 {
      counts[Int(index >> Int64(2 * (29 - HatsPartition.finestOrder)))] += 1
      here.insert(UInt16(truncatingIfNeeded: index >> Int64(2 * (29 - HatsPartition.pieceOrder))))
    }
    pixels.append(here.sorted())
    for separation in separations where separation.isFinite {
      largestSeparationArcsec = max(largestSeparationArcsec ?? 0, separation)
    }
  }

  /// The pieces that may have rows in a part of the sky.
  func pieces(in region: PixelRangeSet) -> [Int] {
    let shift = Int64(2 * (29 - HatsPartition.pieceOrder))
    return pixels.indices.filter { piece in
      pixels[piece].contains { region.intersects((Int64($0) << shift)..<((Int64($0) + 1) << shift)) }
    }
  }
}
