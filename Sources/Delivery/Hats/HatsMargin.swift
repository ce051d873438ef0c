internal import CatalogStore
internal import Indexing

/// The margin of a HATS catalogue: for each partition the rows around it, so that whoever works on one partition finds neighbours beyond its
/// border.
///
/// As hats-import builds it: the rows of the pixels of one order that touch the partition, the finest order whose pixels are wider than the
/// threshold. No row within the threshold is missing, and some are farther out.
public struct HatsMargin: Sendable, Hashable {
  /// The thresholds that are taken, arcsec.
  public static let thresholds = 0.001...3600.0

  /// How far from the border of a partition rows are kept at least, arcsec.
  let thresholdArcsec: Double
  private let order: Int

  /// - Precondition: One of `thresholds`.
  init(thresholdArcsec: Double) {
    precondition(Self.thresholds.contains(thresholdArcsec), "a margin is \(thresholdArcsec) arcsec wide")
    self.thresholdArcsec = thresholdArcsec
    order = HealpixGeometry.safeOrder(reach: .arcseconds(thresholdArcsec)) ?? 0
  }

  /// The surroundings of a pixel, without it.
  ///
  /// Of a large pixel coarser ones than needed: a border of ten thousands of pixels would take longer to find than rows to read.
  func surroundings(of pixel: HealpixPixel) -> PixelRangeSet {
    let own = PixelRangeSet(pixels: [pixel])
    return own.dilated(rings: 1, order: min(order, pixel.order + 10)).subtracting(own)
  }
}
