/// A shape that can tell how a pixel lies to it, from the pixel's centre and a bound on its radius.
protocol SkyRegion {
  /// Conservative: `.outside` and `.inside` only when certain for every point within `pixelRadius` of the centre.
  func classify(center: SIMD3<Double>, pixelRadius: Double) -> PixelPlacement
}

/// How a pixel lies to a region.
enum PixelPlacement {
  /// No point of the pixel is in the region.
  case outside
  /// Every point of the pixel is in the region.
  case inside
  /// Neither is certain.
  case partial
}

extension PixelRangeSet {
  /// The pixels of `order` that are not certainly outside a region: it is covered whole, and no pixel is further from it
  /// than its own diameter.
  ///
  /// Descends from the base pixels and stops where a pixel is wholly in or out, so the work goes with the border of the
  /// region. Distances come from differences of unit vectors, not from cosines as in libhealpix-cxx's query_disc, whose
  /// smallest discs would otherwise vanish in rounding.
  init(covering region: some SkyRegion, order: Int) {
    var builder = Builder()
    Self.descend(region, first: 0, count: 12, order: 0, lastOrder: order, into: &builder)
    self = builder.finish()
  }

  private static func descend(
    _ region: some SkyRegion, first: Int64, count: Int, order: Int, lastOrder: Int, into builder: inout Builder
  ) {
    let radius = HealpixGeometry.largestPixelRadius(order: order).radians
    let shift = HealpixPixel.shift(fromOrder: order)
    HealpixGrid.forEachCenter(order: order, first: first, count: count) { index, center in
      switch region.classify(center: center, pixelRadius: radius) {
      case .outside: break
      case .partial where order < lastOrder:
        descend(region, first: 4 * index, count: 4, order: order + 1, lastOrder: lastOrder, into: &builder)
      case .inside, .partial: builder.append((index << shift)..<((index + 1) << shift))
      }
    }
  }

  /// The finest order whose pixels are at least `size` across, for covers; 0 for anything larger than a base pixel.
  static func order(pixelSize size: Double) -> Int {
    let side = 1.023_326_707_946_488_5  // √(π/3): the side of a square as large as a base pixel, radians
    var order = 0
    while order < HealpixPixel.maximumOrder && side / Double(Int64(2) << Int64(order)) >= size { order += 1 }
    return order
  }
}
