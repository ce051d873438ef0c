internal import Glibc

/// How fast the Galaxy turns, and how the Sun moves.
///
///     Θ²(R) = a₁² [ 1.97 β x^1.22 / (x² + 0.78²)^1.43 + (1 − β)(1 + a₃²) x² / (x² + a₃²) ],   x = R / (a₂ R₀)
///
/// - Source: the universal rotation curve of Persic, Salucci & Stel (1996, MNRAS 281, 27) with the numbers of Mróz et al. (2019, ApJL 870, L10).
enum RotationCurve {
  /// Θ₀, the speed of a circular orbit at the Sun, km/s.
  static let solarSpeed = 233.6
  /// (U, V, W) of the Sun against that orbit, km/s: inwards, along the rotation, northwards.
  static let solarMotion = SIMD3(11.1, 12.2, 7.3)

  private static let (a1, a2, a3, beta) = (235.0, 0.89, 1.31, 0.72)

  /// Θ, km/s.
  /// - Parameter radiusKpc: R, the distance from the axis of the Galaxy, kpc.
  static func speed(radiusKpc: Double) -> Double {
    let x = radiusKpc / (a2 * SightlineGeometry.solarRadius / 1000)
    let square = x * x
    let disc = 1.97 * beta * pow(x, 1.22) / pow(square + 0.78 * 0.78, 1.43)
    let halo = (1 - beta) * (1 + a3 * a3) * square / (square + a3 * a3)
    return a1 * (disc + halo).squareRoot()
  }
}
