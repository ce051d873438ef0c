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

  /// The integral of the factor over a region: the area in which a uniform density would give as many objects.
  ///
  /// A sum over the centres of 10⁵ pixels or so, right to a percent unless the plane is thinner than they are.
  public func effectiveAreaDegrees2(of region: SimulatedRegion) -> Double {
    let area = region.areaDegrees2
    if self == .uniform { return area }
    var order = 0
    while order < 25 && HealpixPixel.area(order: order) > area / 100_000 { order += 1 }
    var (sum, count) = (0.0, 0)
    for range in region.cover(margin: .zero).rounded(outToOrder: order).ranges {
      for place in stride(from: range.lowerBound, to: range.upperBound, by: 1 << (58 - 2 * order)) {
        let center = HealpixPixel(healpix29: place, order: order).center
        guard region.contains(raDegrees: center.raDegrees, decDegrees: center.decDegrees) else { continue }
        sum += factor(raDegrees: center.raDegrees, decDegrees: center.decDegrees)
        count += 1
      }
    }
    return count == 0 ? area : area * sum / Double(count)
  }

  /// Galactic latitude, degrees; the pole is at 192.85948°, +27.12825° (ICRS).
  private static func latitude(_ raDegrees: Double, _ decDegrees: Double) -> Double {
    90
      - separation(
        ra1Degrees: raDegrees, dec1Degrees: decDegrees, ra2Degrees: 192.859_48, dec2Degrees: 27.128_25
      ).degrees
  }
}
