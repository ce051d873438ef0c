internal import Indexing

/// Which pixels are the partitions of a HATS catalogue: the largest ones that hold at most a number of rows.
struct HatsPartition: Sendable {
  let pixel: HealpixPixel
  let rows: Int64

  /// Partitions are never finer than this (7′), however many rows lie in one pixel.
  static let finestOrder = 9
  /// The order at which is noted what pieces of rows lie where.
  static let pieceOrder = 5

  /// - Parameter counts: Rows of each pixel of the finest order.
  static func all(counts: [Int64], most: Int64) -> [HatsPartition] {
    var found: [HatsPartition] = []
    // Sums up to each pixel, so that any pixel is counted at once.
    var sums: [Int64] = [0]
    sums.reserveCapacity(counts.count + 1)
    for count in counts { sums.append(sums[sums.count - 1] + count) }
    func divide(_ pixel: HealpixPixel) {
      let range = indices(of: pixel, at: finestOrder)
      let rows = sums[range.upperBound] - sums[range.lowerBound]
      if rows == 0 { return }
      if rows <= most || pixel.order == finestOrder {
        found.append(HatsPartition(pixel: pixel, rows: rows))
      } else {
        pixel.children.forEach(divide)
      }
    }
    HealpixPixel.basePixels.forEach(divide)
    return found
  }

  /// The pixels of an order that cover a pixel, or that lie in it.
  static func indices(of pixel: HealpixPixel, at order: Int) -> Range<Int> {
    let range = pixel.range29
    let shift = 2 * (29 - order)
    let first = Int(range.lowerBound >> Int64(shift))
    return first..<Int((range.upperBound - 1) >> Int64(shift)) + 1
  }

  /// The file of its rows below `dataset/`.
  var name: String { "Norder=\(pixel.order)/Dir=\(pixel.index / 10_000 * 10_000)/Npix=\(pixel.index).parquet" }
}
