internal import CatalogStore
internal import Formats

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

  /// The pieces that may have rows of a partition.
  func pieces(of partition: HatsPartition) -> [Int] {
    let wanted = HatsPartition.indices(of: partition.pixel, at: HatsPartition.pieceOrder)
    return pixels.indices.filter { piece in
      let first = pixels[piece].binarySearch { Int($0) >= wanted.lowerBound }
      return first < pixels[piece].count && Int(pixels[piece][first]) < wanted.upperBound
    }
  }
}
