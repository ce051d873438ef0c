internal import Indexing
internal import Match

/// Parts of the sky, of which each is judged by what the others say: pixels of about 100″, scattered over the folds.
enum SkyFolds {
  private static let order = 11

  /// The fold of an order-29 index.
  static func fold(of healpix29: Int64) -> Int {
    let pixel = UInt64(bitPattern: healpix29 >> Int64(2 * (HealpixPixel.maximumOrder - order)))
    // The high bits of a product with an odd number depend on all bits of the pixel.
    return Int((pixel &* 0x9e37_79b9_7f4a_7c15) >> 33 % UInt64(PairKind.folds))
  }
}
