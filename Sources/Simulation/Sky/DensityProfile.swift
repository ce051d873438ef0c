import Glibc
import Indexing

/// How the density of objects changes over the sky, as a factor between 0 and 1 on the densities of a model.
public enum DensityProfile: Sendable, Hashable {
  /// The same everywhere.
  case uniform
  /// exp(−|b| / h), b the galactic latitude, but never less than `least`: a plane `1 / least` times as dense as the poles.
  case plane(heightDegrees: Double, least: Double)

  /// The factor at a position.
  func factor(raDegrees: Double, decDegrees: Double) -> Double {
    switch self {
    case .uniform: 1
    case .plane(let height, let least):
      max(least, exp(-abs(Self.latitude(raDegrees, decDegrees)) / height))
    }
  }

  /// A bound on the factor over everything within `radius` of a position.
  func largestFactor(around center: SkyPosition, radius: Angle) -> Double {
    switch self {
    case .uniform: 1
    case .plane(let height, let least):
      max(least, exp(-max(0, abs(Self.latitude(center.raDegrees, center.decDegrees)) - radius.degrees) / height))
    }
  }

  /// Galactic latitude, degrees; the pole is at 192.85948°, +27.12825° (ICRS).
  private static func latitude(_ raDegrees: Double, _ decDegrees: Double) -> Double {
    90
      - separation(
        ra1Degrees: raDegrees, dec1Degrees: decDegrees, ra2Degrees: 192.859_48, dec2Degrees: 27.128_25
      ).degrees
  }
}
