import Glibc

/// A direction on the celestial sphere (ICRS unless its owner says otherwise).
public struct SkyPosition: Sendable, Hashable {
  /// Right ascension, degrees, 0 ≤ ra < 360.
  public let raDegrees: Double
  /// Declination, degrees, −90 ≤ dec ≤ 90.
  public let decDegrees: Double

  /// A position, or nil unless both numbers are finite and |dec| ≤ 90°.
  ///
  /// Any finite right ascension is accepted (−10 and 370 as well) and brought into [0, 360).
  public init?(raDegrees: Double, decDegrees: Double) {
    guard raDegrees.isFinite, abs(decDegrees) <= 90 else { return nil }
    self.raDegrees = wrappedDegrees(raDegrees)
    self.decDegrees = decDegrees
  }

  /// The direction of a vector of any positive length; at a pole right ascension is that of the vector's rounding.
  init(vector v: SIMD3<Double>) {
    let inPlane = hypot(v.x, v.y)
    self.raDegrees = wrappedDegrees(atan2(v.y, v.x) * degreesPerRadian)
    self.decDegrees = declinationDegrees(z: v.z, inPlane: inPlane)
  }

  /// The direction of a vector, or nil if it has none: of length zero, or not finite.
  public init?(along vector: SIMD3<Double>) {
    let squared = (vector * vector).sum()
    guard squared > 0, squared.isFinite else { return nil }
    self.init(vector: vector)
  }

  /// The unit vector (cos δ cos λ, cos δ sin λ, sin δ).
  public var unitVector: SIMD3<Double> { Indexing.unitVector(raDegrees: raDegrees, decDegrees: decDegrees) }

  /// The great-circle separation, to full precision at all distances.
  public func separation(to other: SkyPosition) -> Angle {
    Indexing.separation(
      ra1Degrees: raDegrees, dec1Degrees: decDegrees, ra2Degrees: other.raDegrees, dec2Degrees: other.decDegrees)
  }
}

/// An angle in degrees brought into [0, 360). Exact for finite input but for the rounding of a negative remainder.
@inline(__always)
func wrappedDegrees(_ degrees: Double) -> Double {
  if degrees >= 0 && degrees < 360 { return degrees }
  var remainder = fmod(degrees, 360)
  if remainder < 0 { remainder += 360 }
  return remainder < 360 ? remainder : 0
}

/// cos δ for |δ| ≤ 90°. Above 45° it is taken as the sine of the exact complement 90 − |δ|, which keeps its relative
/// precision up to the pole.
@inline(__always)
func cosine(ofDeclination degrees: Double) -> Double {
  let height = abs(degrees)
  return height > 45 ? sin((90 - height) * radiansPerDegree) : cos(degrees * radiansPerDegree)
}

/// The unit vector of a position given in degrees.
@inline(__always)
func unitVector(raDegrees: Double, decDegrees: Double) -> SIMD3<Double> {
  let ra = raDegrees * radiansPerDegree
  let inPlane = cosine(ofDeclination: decDegrees)
  return SIMD3(inPlane * cos(ra), inPlane * sin(ra), sin(decDegrees * radiansPerDegree))
}

/// atan2(z, inPlane) in degrees; beyond 45° through the angle to the pole, where a degree's worth of digits is finer.
func declinationDegrees(z: Double, inPlane: Double) -> Double {
  if abs(z) <= inPlane { return atan2(z, inPlane) * degreesPerRadian }
  let fromPole = atan2(inPlane, abs(z)) * degreesPerRadian
  return z < 0 ? fromPole - 90 : 90 - fromPole
}
