import Glibc

/// Places along a direction, as seen from the centre of the Galaxy.
///
/// R₀ = 8.09 kpc (Mróz et al. 2019, ApJL 870, L10); the Sun lies 25 pc north of the plane (Jurić et al. 2008, ApJ 673,
/// 864). Distances in the plane are d cos b.
struct SightlineGeometry: Sendable {
  /// R₀, pc.
  static let solarRadius = 8090.0
  /// z☉, pc.
  static let solarHeight = 25.0

  private let x: Double
  private let y: Double
  private let z: Double

  init(_ direction: GalacticDirection) {
    let l = direction.longitudeDegrees * .pi / 180
    let b = direction.latitudeDegrees * .pi / 180
    x = cos(b) * cos(l)
    y = cos(b) * sin(l)
    z = sin(b)
  }

  /// The place at a distance in pc: x from the centre of the Galaxy away from the Sun, y along l = 90°, z north, pc.
  func place(distancePc d: Double) -> SIMD3<Double> {
    SIMD3(d * x - Self.solarRadius, d * y, d * z + Self.solarHeight)
  }

  /// The place of the Sun.
  static let sun = SIMD3(-solarRadius, 0, solarHeight)
}
