/// The density of points on the sky at each of them: that of the other points in the smallest pixel around it that holds enough.
///
/// The pixel is the smallest one of the NESTED grids that holds the point and at least 32 others; the density is the number of others
/// over its area. Its relative standard deviation is below 1/√32 = 0.18 where points are spread evenly. A pixel is compact, whatever
/// the curve does beside it, so that the density is that of the place.
///
/// Others are counted among the 512 points before and after the point in the order of the curve. A point that has not 32 others in
/// any of the twelve base pixels counts with all points for the whole sky.
public enum PixelDensity {
  /// The others that a pixel must hold.
  public static let others = 32
  /// Points before and after the one in question that are looked at.
  public static let reach = 512

  /// The densities at some of the points, deg⁻²: finite and positive.
  /// - Parameters:
  ///   - wanted: Which of the points, by their positions in `healpix29`.
  ///   - healpix29: Indices of consecutive points, order 29, NESTED, ascending: those before and after the wanted ones, too, as far as
  ///     `reach`. Where fewer are given, there are no more.
  ///   - total: All points there are.
  /// - Complexity: O(wanted · others).
  public static func perDegree2(of wanted: Range<Int>, among healpix29: [Int64], total: Int) -> [Double] {
    let first = max(0, wanted.lowerBound - others)
    let orders = commonOrders(first..<max(first, min(wanted.upperBound, healpix29.count - others)), healpix29)
    let areas = (0...HealpixPixel.maximumOrder).map { HealpixPixel.area(order: $0) }
    return wanted.map { point in
      guard let order = order(point, orders, first), order >= 0 else { return Double(total) / skyAreaDegrees2 }
      return Double(count(around: point, order: order, healpix29) - 1) / areas[order]
    }
  }

  /// For each point of a range, the order of the smallest pixel that holds it and the 32 points after it; −1 if none does.
  private static func commonOrders(_ starts: Range<Int>, _ healpix29: [Int64]) -> [Int8] {
    starts.map { start in
      let difference = UInt64(bitPattern: healpix29[start] ^ healpix29[start + others])
      let pairs = (UInt64.bitWidth - difference.leadingZeroBitCount + 1) / 2
      return Int8(max(-1, HealpixPixel.maximumOrder - pairs))
    }
  }

  /// The largest order of the stretches of 33 points that hold a point; nil if there is none.
  private static func order(_ point: Int, _ orders: [Int8], _ first: Int) -> Int? {
    let low = max(0, point - others - first)
    let high = min(point - first, orders.count - 1)
    if low > high { return nil }
    var largest: Int8 = -1
    for start in low...high { largest = max(largest, orders[start]) }
    return Int(largest)
  }

  /// The points in the pixel of an order that holds a point, itself included.
  private static func count(around point: Int, order: Int, _ healpix29: [Int64]) -> Int {
    let shift = Int64(2 * (HealpixPixel.maximumOrder - order))
    let pixel = healpix29[point] >> shift
    let before = healpix29[max(0, point - reach)...point]
    let after = healpix29[point..<min(healpix29.count, point + reach + 1)]
    return after.binarySearch { $0 >> shift > pixel } - before.binarySearch { $0 >> shift >= pixel }
  }
}
