import Glibc

/// A small rotation of the celestial sphere: how the frame of one catalogue lies against that of another.
///
/// A rotation about the vector ω moves a position r by ω × r. With e and n the unit vectors to the east and to the north,
///
///     Δα cos δ = ω · n,   Δδ = −ω · e.
///
/// On a small piece of sky that is one offset for all sources; on the whole sphere it is what two frames can differ by without any
/// distortion.
public struct FrameRotation: Sendable, Hashable {
  /// ω, arcsec, in equatorial axes.
  public let vectorArcsec: SIMD3<Double>

  /// No rotation.
  public static let none = FrameRotation(vectorArcsec: .zero)

  /// A rotation about a vector, arcsec.
  /// - Precondition: It is finite.
  public init(vectorArcsec: SIMD3<Double>) {
    precondition((vectorArcsec.x + vectorArcsec.y + vectorArcsec.z).isFinite, "a rotation by \(vectorArcsec) is none")
    self.vectorArcsec = vectorArcsec
  }

  /// Whether it moves nothing.
  public var isNone: Bool { vectorArcsec == .zero }

  /// |ω|: no position moves farther, arcsec.
  public var largestOffsetArcsec: Double { (vectorArcsec * vectorArcsec).sum().squareRoot() }

  /// The rotation back.
  public var reversed: FrameRotation { FrameRotation(vectorArcsec: -1 * vectorArcsec) }

  /// By how much a position moves, arcsec east and north.
  public func offsetArcsec(raDegrees: Double, decDegrees: Double) -> (east: Double, north: Double) {
    let (east, north) = Self.axes(raDegrees: raDegrees, decDegrees: decDegrees)
    return ((vectorArcsec * east).sum(), (vectorArcsec * north).sum())
  }

  /// The vectors whose products with ω are the offsets to the east and to the north: n and −e.
  public static func axes(raDegrees: Double, decDegrees: Double) -> (east: SIMD3<Double>, north: SIMD3<Double>) {
    let ra = raDegrees * radiansPerDegree
    let (sinRA, cosRA) = (sin(ra), cos(ra))
    let (sinDec, cosDec) = (sin(decDegrees * radiansPerDegree), cosine(ofDeclination: decDegrees))
    return (SIMD3(-sinDec * cosRA, -sinDec * sinRA, cosDec), SIMD3(sinRA, -cosRA, 0))
  }

  /// Where a position comes to lie, to second order in ω: 0.1 mas for a rotation of 5 arcsec.
  public func moved(raDegrees: Double, decDegrees: Double) -> (raDegrees: Double, decDegrees: Double) {
    let (east, north) = offsetArcsec(raDegrees: raDegrees, decDegrees: decDegrees)
    return Indexing.moved(
      raDegrees: raDegrees, decDegrees: decDegrees,
      motion: ProperMotion(raMasPerYear: 1000 * east, decMasPerYear: 1000 * north), byYears: 1)
  }
}
