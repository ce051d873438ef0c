internal import CHealpix

extension HealpixPixel {
  /// The centre.
  public var center: SkyPosition {
    var (ra, dec) = (0.0, 0.0)
    requireSuccess(xhp_center(Int32(order), index, &ra, &dec), "centre of pixel \(self)")
    guard let position = SkyPosition(raDegrees: ra, decDegrees: dec) else {
      preconditionFailure("libhealpix-cxx gave the centre of \(self) as \(ra), \(dec)")
    }
    return position
  }

  /// Its number in the RING scheme, as maps of the sky in files often have it.
  public var ringIndex: Int64 {
    var ring: Int64 = 0
    requireSuccess(xhp_ring(Int32(order), index, &ring), "ring number of pixel \(self)")
    return ring
  }

  /// The four corners: north, west, south, east.
  public var corners: [SkyPosition] { border(pointsPerSide: 1) }

  /// Points on the border, equally spaced in the grid's own coordinates: `pointsPerSide` from each corner (included)
  /// towards the next, in the order north, west, south, east.
  /// - Precondition: `pointsPerSide` ≥ 1.
  public func border(pointsPerSide: Int) -> [SkyPosition] {
    precondition(pointsPerSide >= 1, "the border of a pixel was asked for with \(pointsPerSide) points to a side")
    var xyz = [Double](repeating: 0, count: 12 * pointsPerSide)
    requireSuccess(xhp_border(Int32(order), index, Int64(pointsPerSide), &xyz), "border of pixel \(self)")
    return (0..<4 * pointsPerSide).map {
      SkyPosition(vector: SIMD3(xyz[3 * $0], xyz[3 * $0 + 1], xyz[3 * $0 + 2]))
    }
  }

  /// The pixels of the same order that share an edge or a corner with this one, along the curve: eight, or fewer at the
  /// eight points of the sky where only three pixels meet (seven from order 1 on; six or seven at order 0).
  public var neighbours: [HealpixPixel] {
    var found: [Int64] = []
    HealpixGrid.forEachNeighbour(order: order, index: index) { found.append($0) }
    return Set(found).sorted().map { HealpixPixel(order: order, index: $0) }
  }
}

/// The grid of one order over bare indices: what the coverage algorithms run on.
enum HealpixGrid {
  /// Calls `body` with each neighbour's index, in no particular order; at order 0 an index may come twice.
  @inline(__always)
  static func forEachNeighbour(order: Int, index: Int64, _ body: (Int64) -> Void) {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 8) { eight in
      requireSuccess(xhp_neighbours(Int32(order), index, eight.baseAddress), "neighbours of \(order)/\(index)")
      for neighbour in eight where neighbour >= 0 { body(neighbour) }
    }
  }

  /// The unit vectors of the centres of the `count` pixels from `first` on.
  @inline(__always)
  static func forEachCenter(order: Int, first: Int64, count: Int, _ body: (Int64, SIMD3<Double>) -> Void) {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: count) { pixels in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * count) { xyz in
        for i in 0..<count { pixels.initializeElement(at: i, to: first + Int64(i)) }
        requireSuccess(
          xhp_centers(Int32(order), pixels.baseAddress, Int64(count), xyz.baseAddress), "centres at order \(order)")
        for i in 0..<count { body(first + Int64(i), SIMD3(xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2])) }
      }
    }
  }
}

/// Stops with a sentence when libhealpix-cxx refused arguments that Indexing had already checked.
@inline(__always)
func requireSuccess(_ status: Int32, _ what: @autoclosure () -> String) {
  precondition(Int(status) == XHP_OK, "libhealpix-cxx refused the \(what())")
}
