import Glibc

/// Dust of the Galaxy: an exponential disc, scale length 3192 pc, scale height 103 pc (Li et al. 2018, ApJ 858, 75).
///
///     dA_V/ds = 1 mag/kpc · e^(−(R − R₀)/L − |z|/H)
///
/// It says how the extinction grows with distance. Where A_V to infinity is known, the profile is scaled to it; where
/// it is not, the disc itself gives it: 0.1 mag at the poles, 37 mag at the Galactic centre.
public enum DustDisc {
  private static let scaleLength = 3192.0
  private static let scaleHeight = 103.0
  /// mag pc⁻¹ in the plane near the Sun.
  private static let local = 1e-3

  static func gradient(at place: SIMD3<Double>) -> Double {
    let r = hypot(place.x, place.y)
    return local * exp(-(r - SightlineGeometry.solarRadius) / scaleLength - abs(place.z) / scaleHeight)
  }

  /// A_V up to each of increasing distances, mag: the integral by the trapezoidal rule between them, the first from the
  /// Sun.
  static func extinction(_ geometry: SightlineGeometry, distancesPc: [Double]) -> [Double] {
    var sum = 0.0
    var before = (distance: 0.0, gradient: gradient(at: SightlineGeometry.sun))
    return distancesPc.map { distance in
      let here = gradient(at: geometry.place(distancePc: distance))
      sum += (distance - before.distance) * (before.gradient + here) / 2
      before = (distance, here)
      return sum
    }
  }

  /// A_V to infinity in a direction, mag.
  public static func extinctionAV(_ direction: GalacticDirection) -> Double {
    extinction(SightlineGeometry(direction), distancesPc: Sightline.distances).last ?? 0
  }

  /// The scatter of ln A_V across a field of about a degree where nothing is known of it.
  public static let usualScatter = 0.3

  /// The distribution of A_V of the disc, lognormal with the usual scatter.
  public static func extinction(_ direction: GalacticDirection) throws -> ExtinctionDistribution {
    try ExtinctionDistribution(lognormalMean: min(extinctionAV(direction), 1000), scatter: usualScatter)
  }
}

/// The distances at which the Galaxy is summed up: equal steps of distance modulus.
enum Sightline {
  /// The first distance modulus, mag: 1 pc.
  static let firstModulus = -5.0
  /// Up to 100 kpc, in the steps of the luminosity function.
  static let count = 501
  /// pc.
  static let distances = (0..<count).map { pow(10, (firstModulus + Double($0) * LuminosityFunction.step) / 5 + 1) }
}
