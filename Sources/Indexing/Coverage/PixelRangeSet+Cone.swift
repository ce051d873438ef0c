import Glibc

extension PixelRangeSet {
  /// A cover of all positions within `radius` of a centre.
  ///
  /// Every position of the cone is in the set. Pixels are about a sixteenth of the radius across, or of order 29 for the
  /// smallest cones, and each touches the circle with its circumscribed circle: no point of the set is further from the
  /// centre than `radius` + two pixel radii, and the area is about a fifth more than the cone's.
  ///
  /// - Precondition: `radius` is finite and not negative. From 180° on the cone is the whole sky.
  /// - Complexity: O(pixels along the border), some two hundred, times the order.
  public static func cone(center: SkyPosition, radius: Angle) -> PixelRangeSet {
    cone(center: center, radius: radius, order: coneOrder(radius: radius))
  }

  /// The same with pixels of a chosen order along the border.
  public static func cone(center: SkyPosition, radius: Angle, order: Int) -> PixelRangeSet {
    precondition(radius.radians.isFinite && radius.radians >= 0, "a cone of radius \(radius.radians) rad has no sense")
    if radius.radians >= .pi { return .wholeSky }
    return PixelRangeSet(covering: Cone(center: center.unitVector, radius: radius.radians), order: order)
  }

  /// The order that `cone(center:radius:)` chooses: pixels of at least a sixteenth of the radius.
  public static func coneOrder(radius: Angle) -> Int { order(pixelSize: radius.radians / 16) }
}

/// All points within a radius (radians) of a centre.
private struct Cone: SkyRegion {
  let center: SIMD3<Double>
  let radius: Double

  func classify(center pixel: SIMD3<Double>, pixelRadius: Double) -> PixelPlacement {
    let difference = pixel - center
    let distance = Angle.chord((difference * difference).sum().squareRoot()).radians
    if distance > radius + pixelRadius + HealpixGeometry.roundingSlack { return .outside }
    return distance + pixelRadius + HealpixGeometry.roundingSlack <= radius ? .inside : .partial
  }
}
