import Glibc

/// The great-circle separation of two positions given in degrees.
///
///     h = sin²((δ₁ − δ₂)/2) + cos δ₁ cos δ₂ sin²((λ₁ − λ₂)/2),   s = 2 asin √h
///
/// Precise to rounding from the smallest separations to antipodes. Small ones come from the differences of the
/// coordinates, never from an arc cosine; cosines of declinations near a pole from the distance to it. Beyond 90° the
/// supplement is computed instead, from a sum of positive terms: asin near 1 would lose half of the digits.
///
///     1 − h = cos²((δ₁ − δ₂)/2) cos²((λ₁ − λ₂)/2) + sin²((δ₁ + δ₂)/2) sin²((λ₁ − λ₂)/2)
///
/// - Parameters: Right ascensions may be any finite numbers; |declination| ≤ 90.
/// - Returns: 0 to 180°. Symmetric in the two positions, to the bit.
/// - Source: docs/numerics.md.
public func separation(ra1Degrees: Double, dec1Degrees: Double, ra2Degrees: Double, dec2Degrees: Double) -> Angle {
  separation(
    ra1Degrees: ra1Degrees, dec1Degrees: dec1Degrees, cosDec1: cosine(ofDeclination: dec1Degrees),
    ra2Degrees: ra2Degrees, dec2Degrees: dec2Degrees, cosDec2: cosine(ofDeclination: dec2Degrees))
}

/// The same with the cosines of both declinations at hand: the same bits, at half the cost.
@inline(__always)
func separation(
  ra1Degrees: Double, dec1Degrees: Double, cosDec1: Double, ra2Degrees: Double, dec2Degrees: Double, cosDec2: Double
) -> Angle {
  let halfRA = differenceOfRA(ra1Degrees, ra2Degrees) * (radiansPerDegree / 2)
  let halfDec = (dec1Degrees - dec2Degrees) * (radiansPerDegree / 2)
  let (sinRA, sinDec) = (sin(halfRA), sin(halfDec))
  let haversine = sinDec * sinDec + (cosDec1 * cosDec2) * (sinRA * sinRA)
  if haversine <= 0.5 { return .radians(2 * asin(haversine.squareRoot())) }
  let sinMean = sin((dec1Degrees + dec2Degrees) * (radiansPerDegree / 2))
  let (cosRA, cosDec) = (cos(halfRA), cos(halfDec))
  let complement = (cosDec * cosDec) * (cosRA * cosRA) + (sinMean * sinMean) * (sinRA * sinRA)
  return .radians(.pi - 2 * asin(min(1, complement.squareRoot())))
}

/// λ₁ − λ₂ in degrees, the short way round for right ascensions in [0, 360). Across 0 the turn is taken from the larger one
/// first, which is exact: the digits of a small difference survive.
@inline(__always)
private func differenceOfRA(_ ra1Degrees: Double, _ ra2Degrees: Double) -> Double {
  let difference = ra1Degrees - ra2Degrees
  if difference > 180 { return (ra1Degrees - 360) - ra2Degrees }
  if difference < -180 { return ra1Degrees - (ra2Degrees - 360) }
  return difference
}
