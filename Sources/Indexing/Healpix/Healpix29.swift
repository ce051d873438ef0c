internal import CHealpix

/// Order-29 NESTED indices: the key by which every catalogue is sorted.
public enum Healpix29 {
  /// The number of order-29 pixels, 12 · 4²⁹.
  public static let count: Int64 = 12 << 58

  /// The indices of a batch of positions in degrees, by one call of the C library.
  ///
  /// Right to rounding everywhere, also within a microarcsecond of a pole.
  /// - Precondition: Equal counts; positions valid (finite right ascension, |declination| ≤ 90).
  public static func indices(
    raDegrees: UnsafeBufferPointer<Double>, decDegrees: UnsafeBufferPointer<Double>,
    into indices: UnsafeMutableBufferPointer<Int64>
  ) {
    precondition(
      raDegrees.count == decDegrees.count && indices.count == raDegrees.count,
      "healpix29 of \(raDegrees.count) right ascensions, \(decDegrees.count) declinations into \(indices.count)")
    let status = xhp_indices29(
      raDegrees.baseAddress, decDegrees.baseAddress, Int64(raDegrees.count), indices.baseAddress)
    requireSuccess(status, "indices of \(raDegrees.count) positions")
  }

  /// The indices of arrays of positions in degrees.
  /// - Precondition: As for the buffers.
  public static func indices(raDegrees: [Double], decDegrees: [Double]) -> [Int64] {
    [Int64](unsafeUninitializedCapacity: raDegrees.count) { buffer, count in
      count = raDegrees.count
      raDegrees.withUnsafeBufferPointer { ra in
        decDegrees.withUnsafeBufferPointer { dec in
          indices(raDegrees: ra, decDegrees: dec, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        }
      }
    }
  }

  /// The index of one position in degrees.
  /// - Precondition: Finite right ascension, |declination| ≤ 90.
  public static func index(raDegrees: Double, decDegrees: Double) -> Int64 {
    var (ra, dec, index) = (raDegrees, decDegrees, Int64(0))
    precondition(ra.isFinite && abs(dec) <= 90, "no pixel holds the position \(ra), \(dec)")
    requireSuccess(xhp_indices29(&ra, &dec, 1, &index), "index of \(ra), \(dec)")
    return index
  }

  /// The centre of an order-29 pixel.
  public static func position(of healpix29: Int64) -> SkyPosition {
    HealpixPixel(order: HealpixPixel.maximumOrder, index: healpix29).center
  }
}
