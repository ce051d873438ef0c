internal import CHealpix

/// Sizes of HEALPix pixels.
public enum HealpixGeometry {
  /// The largest order at which every position within `reach` of any point of a pixel lies in that pixel or in one of its
  /// neighbours; nil if `reach` is too large even for order 0.
  ///
  /// The narrowest pixels lie along the edges of the polar base pixels: parallelograms with sides √(2/3)/n and
  /// √(2/3)√(1 + π²/4)/n (n = 2ᵏ), hence π/(3 n²) of area over the longer side ≈ 0.689/n radians across. The bound used,
  /// 0.65/n, leaves room for the curvature of the first orders and is checked by test on all of them.
  ///
  /// - Precondition: `reach` is finite and not negative.
  public static func safeOrder(reach: Angle) -> Int? {
    precondition(reach.radians.isFinite && reach.radians >= 0, "a reach of \(reach.radians) rad is not a distance")
    return (0...HealpixPixel.maximumOrder).last { reach.radians + roundingSlack <= safeReach(order: $0).radians }
  }

  /// The reach that `safeOrder` holds to be safe at an order.
  public static func safeReach(order: Int) -> Angle { .radians(0.65 / Double(Int64(1) << Int64(order))) }

  /// The largest distance from the centre of a pixel of this order to any of its points.
  public static func largestPixelRadius(order: Int) -> Angle { .radians(largestPixelRadii[order]) }

  /// Positions are assigned to pixels up to this rounding, radians (2·10⁻⁹ arcsec); covers allow for it.
  static let roundingSlack = 1e-14

  private static let largestPixelRadii: [Double] = (0...HealpixPixel.maximumOrder).map { order in
    var radius = 0.0
    requireSuccess(xhp_largest_pixel_radius(Int32(order), &radius), "pixel radius of order \(order)")
    return radius
  }
}
