extension PixelRangeSet {
  /// The pixels of `order` that touch this set, plus `rings` further rings of neighbours at that order.
  ///
  /// Pixels that meet in a corner are neighbours too; right at the corners of base pixels and across the poles, since only
  /// the grid's own neighbours are asked. Together with `HealpixGeometry.safeOrder` one ring holds everything within reach.
  ///
  /// - Complexity: O(rings · border · log n), in pixels of `order` along the border of the set; the interior costs nothing.
  public func dilated(rings: Int, order: Int) -> PixelRangeSet {
    precondition(rings >= 0, "a set of pixels cannot be dilated by \(rings) rings")
    var grown = rounded(outToOrder: order)
    for _ in 0..<rings {
      var added: [Range<Int64>] = []
      for range in grown.ranges {
        Self.forEachLargestPixel(of: range) { grown.collectOutside(order: $0, index: $1, finest: order, into: &added) }
      }
      if added.isEmpty { break }
      grown = grown.union(PixelRangeSet(added))
    }
    return grown
  }

  /// Adds the pixels of order `finest` that border on a pixel of this set and are not in it.
  ///
  /// A pixel whose neighbours are all in the set has no border to walk; otherwise its four children are asked.
  private func collectOutside(order: Int, index: Int64, finest: Int, into added: inout [Range<Int64>]) {
    let shift = HealpixPixel.shift(fromOrder: order)
    var isInterior = true
    HealpixGrid.forEachNeighbour(order: order, index: index) { neighbour in
      let range = (neighbour << shift)..<((neighbour + 1) << shift)
      if contains(range) { return }
      isInterior = false
      if order == finest { added.append(range) }
    }
    if isInterior || order == finest { return }
    for child in 4 * index..<4 * index + 4 {
      collectOutside(order: order + 1, index: child, finest: finest, into: &added)
    }
  }

  /// Cuts a range into the largest pixels that fit, in order.
  static func forEachLargestPixel(of range: Range<Int64>, _ body: (_ order: Int, _ index: Int64) -> Void) {
    var begin = range.lowerBound
    while begin < range.upperBound {
      let length = range.upperBound - begin
      let aligned = begin == 0 ? Int64(58) : Int64(begin.trailingZeroBitCount)
      let fitting = Int64(63 - length.leadingZeroBitCount)
      let shift = min(58, aligned, fitting) & ~1
      body(HealpixPixel.maximumOrder - Int(shift / 2), begin >> shift)
      begin += 1 << shift
    }
  }

  /// The set as the fewest pixels, along the curve.
  public var pixels: [HealpixPixel] {
    var found: [HealpixPixel] = []
    for range in ranges {
      Self.forEachLargestPixel(of: range) { found.append(HealpixPixel(order: $0, index: $1)) }
    }
    return found
  }
}
