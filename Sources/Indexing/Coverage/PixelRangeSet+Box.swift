import Glibc

extension PixelRangeSet {
  /// A cover of all positions within ranges of right ascension and declination; nil leaves a coordinate free.
  ///
  /// Right ascension is taken on the circle: `-10...10` and `350...370` are the same twenty degrees, and 360 or more is all
  /// of it. Declinations beyond a pole count as none.
  ///
  /// - Complexity: O(pixels along the border): a sixteenth of the narrower side across, but at most some thousands.
  public static func box(
    raDegrees: ClosedRange<Double>?, decDegrees: ClosedRange<Double>?
  ) -> PixelRangeSet {
    let dec = decDegrees ?? -90...90
    guard dec.overlaps(-90...90) else { return PixelRangeSet() }
    let box = Box(raDegrees: raDegrees ?? 0...360, decDegrees: dec.clamped(to: -90...90))
    return PixelRangeSet(covering: box, order: order(pixelSize: max(box.narrowSide / 16, box.border / 4096)))
  }
}

/// A range of right ascension and declination, radians.
private struct Box: SkyRegion {
  let raCenter: Double
  let raHalfWidth: Double
  let decLow: Double
  let decHigh: Double

  init(raDegrees ra: ClosedRange<Double>, decDegrees dec: ClosedRange<Double>) {
    let width = ra.upperBound - ra.lowerBound
    raCenter = wrappedDegrees(ra.lowerBound + width / 2) * radiansPerDegree
    raHalfWidth = width >= 360 ? .infinity : width / 2 * radiansPerDegree
    decLow = dec.lowerBound * radiansPerDegree
    decHigh = dec.upperBound * radiansPerDegree
  }

  /// The largest cosine of declination inside.
  private var widestCosine: Double { decLow <= 0 && decHigh >= 0 ? 1 : max(cos(decLow), cos(decHigh)) }
  private var width: Double { min(2 * raHalfWidth, 2 * .pi) * widestCosine }
  /// The smaller of height and width, radians.
  var narrowSide: Double { min(width, decHigh - decLow) }
  /// A bound on the length of the border, radians.
  var border: Double { 2 * (width + decHigh - decLow) }

  func classify(center: SIMD3<Double>, pixelRadius: Double) -> PixelPlacement {
    let radius = pixelRadius + HealpixGeometry.roundingSlack
    let inPlane = hypot(center.x, center.y)
    let dec = atan2(center.z, inPlane)
    if dec + radius < decLow || dec - radius > decHigh { return .outside }
    let decInside = dec - radius >= decLow && dec + radius <= decHigh
    if raHalfWidth == .infinity { return decInside ? .inside : .partial }
    // A circle around the centre spans asin(sin r / cos δ) of right ascension to each side, or all of it over a pole.
    let span = sin(min(radius, .pi / 2)) < inPlane ? asin(sin(radius) / inPlane) : .pi
    let away = abs(remainder(atan2(center.y, center.x) - raCenter, 2 * .pi))
    let slack = HealpixGeometry.roundingSlack
    if away > raHalfWidth + span + slack { return .outside }
    return decInside && away + span + slack <= raHalfWidth ? .inside : .partial
  }
}
