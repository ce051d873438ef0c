import Glibc

/// The parts of the Galaxy, each with its own shape.
public enum GalacticComponent: String, Sendable, Hashable, CaseIterable {
  /// Thin disc, stars that live less than 0.7 Gyr.
  case thinYoung
  /// Thin disc, 0.7 to 2 Gyr.
  case thinIntermediate
  /// Thin disc, 2 to 6 Gyr.
  case thinMature
  /// Thin disc, all ages.
  case thinOld
  /// Thick disc.
  case thick
  /// Stellar halo.
  case halo
  /// Bulge and bar.
  case bulge

  /// The scale height of a disc, pc.
  ///
  /// Old discs: Jurić et al. (2008, table 10, corrected for bias). Younger stars of the thin disc lie lower: 300 pc
  /// times [(1 + t/4.4 Gyr) / (1 + 5/4.4)]^(5/3) at mean age t, the growth law of TRILEGAL (Girardi et al. 2005, A&A
  /// 436, 895).
  private var scaleHeight: Double {
    switch self {
    case .thinYoung: 92
    case .thinIntermediate: 115
    case .thinMature: 175
    case .thick: 900
    default: 300
    }
  }

  /// The scale length of a disc, pc: Jurić et al. (2008).
  private var scaleLength: Double { self == .thick ? 3600 : 2600 }

  /// The number density at a place relative to that at the Sun; of the bulge, relative to that of all stars at the Sun.
  func relativeDensity(at place: SIMD3<Double>) -> Double {
    switch self {
    case .bulge: Self.bulge(at: place)
    case .halo: Self.halo(at: place) / Self.halo(at: SightlineGeometry.sun)
    default: disc(at: place) / disc(at: SightlineGeometry.sun)
    }
  }

  /// e^(−R/L − |z|/H) outside the bar, which has swept the centre: times 1 − e^(−(R/2.97 kpc)^3.33) (Freudenreich 1998,
  /// ApJ 492, 495).
  private func disc(at place: SIMD3<Double>) -> Double {
    let r = hypot(place.x, place.y)
    guard r < 20_000 else { return 0 }
    let outside = 1 - exp(-pow(r / 2970, 3.33))
    return outside * exp(-(r - SightlineGeometry.solarRadius) / scaleLength - abs(place.z) / scaleHeight)
  }

  /// (R₀/r)^2.77, r² = R² + (z/0.64)² (Jurić et al. 2008), flat within R₀; beyond 27 kpc the power is 4.6 (Deason,
  /// Belokurov & Evans 2011, MNRAS 416, 2903).
  private static func halo(at place: SIMD3<Double>) -> Double {
    let height = place.z / 0.64
    let r = (place.x * place.x + place.y * place.y + height * height).squareRoot()
    let inner = pow(SightlineGeometry.solarRadius / max(SightlineGeometry.solarRadius, min(r, 27_000)), 2.77)
    return r > 27_000 ? inner * pow(27_000 / r, 4.6) : inner
  }

  /// The bar G2 of Dwek et al. (1995, ApJ 445, 716), lengths scaled to R₀ = 8.09 kpc, 27° from the Sun's line (Wegg &
  /// Gerhard 2013, MNRAS 435, 1874), of 1.34 · 10¹⁰ M☉ in stars (Portail et al. 2017, MNRAS 465, 1621) with 0.45 M☉ per
  /// star that was born:
  ///
  ///     ρ = ρ₀ e^(−s²/2),   s⁴ = [(x/x₀)² + (y/y₀)²]² + (z/z₀)⁴,   N = 6.57 π x₀ y₀ z₀ ρ₀
  private static func bulge(at place: SIMD3<Double>) -> Double {
    let angle = 27.0 * .pi / 180
    let (x0, y0, z0) = (1504.0, 590.0, 409.0)
    // The near end of the bar lies at positive longitudes.
    let x = (place.x * cos(angle) - place.y * sin(angle)) / x0
    let y = (place.x * sin(angle) + place.y * cos(angle)) / y0
    let z = place.z / z0
    let plane = x * x + y * y
    let s2 = (plane * plane + z * z * z * z).squareRoot()
    let central = 1.34e10 / 0.45 / (6.57 * .pi * x0 * y0 * z0)
    return central * exp(-s2 / 2) / MassFunction.localSystems
  }

  /// Thick disc and halo per star of the thin disc in the plane: Jurić et al. (2008, table 10).
  static let thickShare = 0.13
  static let haloShare = 0.0051

  /// The share of the local stars that are long-lived members of this part; 1 for the bulge, whose density is relative
  /// to all.
  var localShare: Double {
    let height = SightlineGeometry.solarHeight
    let thin = exp(-height / 300)
    let thick = Self.thickShare * exp(-height / 900)
    let total = thin + thick + Self.haloShare
    switch self {
    case .bulge: return 1
    case .halo: return Self.haloShare / total
    case .thick: return thick / total
    default: return thin / total
    }
  }
}
