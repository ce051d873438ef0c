internal import Glibc
public import Indexing

/// How Galactic east and north lie at a position against those of right ascension and declination:
///
///     μ_α cos δ = c μ_l cos b + s μ_b,     μ_δ = −s μ_l cos b + c μ_b
///
/// At a pole of either system the axes are those of the longitude that the position has there.
/// - Source: the Hipparcos Catalogue (ESA SP-1200), volume 1, equations 1.5.11 and 1.2.15.
public struct GalacticAxes: Sendable, Hashable {
  /// c.
  public let cosine: Double
  /// s.
  public let sine: Double

  /// The axes of Galactic coordinates in ICRS, by rows.
  private static let rows = (
    SIMD3(-0.054_875_560_416_215_4, -0.873_437_090_234_885_0, -0.483_835_015_548_713_2),
    SIMD3(0.494_109_427_875_583_7, -0.444_829_629_960_011_2, 0.746_982_244_497_218_9),
    SIMD3(-0.867_666_149_019_004_7, -0.198_076_373_431_201_5, 0.455_983_776_175_066_9)
  )

  /// At a position.
  public init(at position: SkyPosition) {
    let l = GalacticDirection(position).longitudeDegrees * .pi / 180
    let galacticEast = -sin(l) * Self.rows.0 + cos(l) * Self.rows.1
    let (ra, dec) = (position.raDegrees * .pi / 180, position.decDegrees * .pi / 180)
    let east = SIMD3(-sin(ra), cos(ra), 0)
    let north = SIMD3(-sin(dec) * cos(ra), -sin(dec) * sin(ra), cos(dec))
    let (c, s) = ((east * galacticEast).sum(), -(north * galacticEast).sum())
    let length = hypot(c, s)
    (cosine, sine) = length > 0 ? (c / length, s / length) : (1, 0)
  }
}
