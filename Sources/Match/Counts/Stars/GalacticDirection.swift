import Glibc
public import Indexing

/// A direction in Galactic coordinates.
public struct GalacticDirection: Sendable, Hashable {
  /// l, degrees, 0 ≤ l < 360.
  public let longitudeDegrees: Double
  /// b, degrees, −90 ≤ b ≤ 90.
  public let latitudeDegrees: Double

  /// From l and b in degrees; any finite longitude is brought into [0, 360).
  ///
  /// - Throws: `CountsError` unless both are finite and |b| ≤ 90°.
  public init(longitudeDegrees: Double, latitudeDegrees: Double) throws {
    guard longitudeDegrees.isFinite else {
      throw CountsError("the Galactic longitude is \(longitudeDegrees) degrees; allowed: any finite number")
    }
    let l = fmod(longitudeDegrees, 360)
    self.longitudeDegrees = l < 0 ? (l + 360 < 360 ? l + 360 : 0) : l
    self.latitudeDegrees = try CountsError.checked(
      latitudeDegrees, "the Galactic latitude", unit: "degrees", in: -90...90)
  }

  /// From a position in ICRS: the rotation of the Hipparcos Catalogue (ESA SP-1200, volume 1, equation 1.5.11).
  public init(_ position: SkyPosition) {
    let v = position.unitVector
    let x = -0.054_875_560_416_215_4 * v.x - 0.873_437_090_234_885_0 * v.y - 0.483_835_015_548_713_2 * v.z
    let y = 0.494_109_427_875_583_7 * v.x - 0.444_829_629_960_011_2 * v.y + 0.746_982_244_497_218_9 * v.z
    let z = -0.867_666_149_019_004_7 * v.x - 0.198_076_373_431_201_5 * v.y + 0.455_983_776_175_066_9 * v.z
    let l = atan2(y, x) * 180 / .pi
    longitudeDegrees = l < 0 ? (l + 360 < 360 ? l + 360 : 0) : l
    latitudeDegrees = atan2(z, hypot(x, y)) * 180 / .pi
  }
}
