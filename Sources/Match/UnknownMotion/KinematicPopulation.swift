internal import Glibc

/// The populations of stars that move alike.
///
/// - Source: thin and thick disc as in the Galactic models of Pasetto et al. (2012, A&A 547, A70 and A71) and Robin et al. (2003, A&A 409, 523);
///   halo: the ellipsoid of Bond et al. (2010, ApJ 716, 1), which keeps its shape in spherical axes; bulge: dispersions of Robin et al. (2003),
///   rotation of Howard et al. (2008, ApJ 688, 1060).
enum KinematicPopulation: Int, Sendable, CaseIterable {
  case thin
  case thick
  case halo
  case bulge

  /// That of a part of the Galaxy.
  init(_ component: GalacticComponent) {
    switch component {
    case .thick: self = .thick
    case .halo: self = .halo
    case .bulge: self = .bulge
    default: self = .thin
    }
  }

  /// By how much its stars lag behind those of the thin disc, km/s.
  private var lag: Double {
    switch self {
    case .thick: 39
    case .halo: 230
    default: 0
    }
  }

  /// The mean of v_φ, km/s. The bulge turns like a cylinder with 100 km/s per kpc, to 75 km/s.
  func rotation(radiusKpc: Double) -> Double {
    if self == .bulge { return min(75, 100 * radiusKpc) }
    return RotationCurve.speed(radiusKpc: radiusKpc) - lag
  }

  /// The ellipsoid of velocities at a place.
  /// - Parameters:
  ///   - radiusKpc: R.
  ///   - heightKpc: z above the plane through the Sun.
  ///   - temperatureKelvin: of the stars; it decides V_φφ / V_RR in the thin disc, between 0.544 and 0.552.
  func ellipsoid(radiusKpc: Double, heightKpc: Double, temperatureKelvin: Double) -> VelocityEllipsoid {
    switch self {
    case .thin: Self.thinDisc(radiusKpc, heightKpc, OortConstants(temperatureKelvin: temperatureKelvin))
    case .thick: Self.thickDisc(radiusKpc)
    case .halo: Self.halo(radiusKpc, heightKpc)
    case .bulge: VelocityEllipsoid(rr: 113 * 113, pp: 115 * 115, zz: 100 * 100, rz: 0)
    }
  }

  /// Where the dispersions of the discs are given, kpc.
  private static let reference = 8.5

  /// Wider away from the plane, to 1 kpc; tilted towards the centre by 0.6 of what alignment with spheres would be. Within the scale length, where
  /// the formula has its maximum and then falls to 0 on the axis, the dispersion stays.
  private static func thinDisc(_ place: Double, _ height: Double, _ oort: OortConstants) -> VelocityEllipsoid {
    let length = 2.6
    let radius = max(place, length)
    let scaled = radius / reference
    let radial = 715.93 * scaled * scaled * exp(-2 * (radius - reference) / length)
    let vertical = 243.71 * exp(-(radius - reference) / length)
    let raised = min(1, abs(height))
    let (rr, zz) = (radial + 1236.97 * raised, vertical + 306.84 * raised)
    let most = 0.99 * (rr * zz).squareRoot()
    let tilt = 0.6 * height * (radial - vertical) / radius
    return VelocityEllipsoid(rr: rr, pp: oort.varianceRatio * rr, zz: zz, rz: min(max(tilt, -most), most))
  }

  /// Likewise within the scale length.
  private static func thickDisc(_ place: Double) -> VelocityEllipsoid {
    let length = 3.6
    let radius = max(place, length)
    let (scaled, offset) = (radius / reference, (radius - reference) / length)
    let plane = scaled * scaled * exp(-2 * offset)
    let vertical = exp(-offset)
    let isInner = radius < reference
    let (r, p, z) = isInner ? (60.2, 44.7, 37.2) : (55.8, 45.2, 36.3)
    return VelocityEllipsoid(rr: r * r * plane, pp: p * p * plane, zz: z * z * vertical, rz: 0)
  }

  /// (141, 85, 75) km/s along the Galactic radius, φ and latitude, turned into cylindrical axes.
  private static func halo(_ radius: Double, _ height: Double) -> VelocityEllipsoid {
    let (radial, around, polar) = (141.0 * 141, 85.0 * 85, 75.0 * 75)
    let angle = atan2(height, radius)
    let (cosine, sine) = (cos(angle), sin(angle))
    return VelocityEllipsoid(
      rr: radial * cosine * cosine + polar * sine * sine, pp: around,
      zz: radial * sine * sine + polar * cosine * cosine, rz: (radial - polar) * sine * cosine)
  }
}

/// The covariance of (v_R, v_φ, v_z), km²/s²; v_φ goes with no other.
struct VelocityEllipsoid: Sendable {
  let rr: Double
  let pp: Double
  let zz: Double
  let rz: Double
}

/// Oort's constants of stars of a temperature, km/s/kpc.
///
/// - Source: straight lines in (B − V)₀, as in Pasetto et al. (2012).
struct OortConstants: Sendable {
  let a: Double
  let b: Double

  init(temperatureKelvin t: Double) {
    let colour =
      t < 1e4 ? 5.07836 * exp(-0.27083 * t / 1000) - 0.40739 : 0.69012 * exp(-0.08179 * t / 1000) - 0.35093
    a = 1.94553 * colour + 11.33138
    b = -2.63360 * colour - 13.60611
  }

  /// V_φφ / V_RR = −B / (A − B).
  var varianceRatio: Double { -b / (a - b) }
}
