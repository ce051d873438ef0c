internal import Glibc

/// How the stars of a population at a distance move across the sky: a Gaussian in (μ_l cos b, μ_b).
///
/// With d_∥ = d cos b the distance in the plane, R² = R₀² + d_∥² − 2 R₀ d_∥ cos l, C = (d_∥ − R₀ cos l)/R and S = R₀ sin l/R, a velocity
/// (v_R, v_φ, v_z) is C v_R + S v_φ away from the Sun in the plane, S v_R − C v_φ along l, and v_z; less the Sun's own motion,
///
///     μ_l cos b = κ v_l / d,     μ_b = κ (v_z cos b − v_d sin b) / d,     κ = 1/4.7404705 mas/yr per km/s/kpc
struct SkyMotion: Sendable {
  private let l: (sine: Double, cosine: Double)
  private let b: (sine: Double, cosine: Double)

  /// κ: one astronomical unit per Julian year in km/s is 4.740470464.
  static let kappa = 1 / 4.740470464
  /// The temperature of a star of which no more is known, K.
  static let usualTemperature = 5000.0

  init(_ direction: GalacticDirection) {
    let (longitude, latitude) = (direction.longitudeDegrees * .pi / 180, direction.latitudeDegrees * .pi / 180)
    l = (sin(longitude), cos(longitude))
    b = (sin(latitude), cos(latitude))
  }

  /// The place of a distance in the Galaxy.
  struct Place: Sendable {
    /// R and z, kpc.
    let radiusKpc: Double
    let heightKpc: Double
    /// C and S.
    let outward: Double
    let along: Double
  }

  func place(distanceKpc d: Double) -> Place {
    let plane = d * b.cosine
    let (x, y) = (
      plane - SightlineGeometry.solarRadius / 1000 * l.cosine, SightlineGeometry.solarRadius / 1000 * l.sine
    )
    let radius = hypot(x, y)
    let isAxis = radius < 1e-9
    return Place(
      radiusKpc: radius, heightKpc: d * b.sine, outward: isAxis ? 1 : x / radius, along: isAxis ? 0 : y / radius)
  }

  /// The mean velocity relative to the Sun, km/s: away in the plane, along l, northwards.
  func meanVelocity(of population: KinematicPopulation, at place: Place) -> SIMD3<Double> {
    let speed = population.rotation(radiusKpc: place.radiusKpc)
    let sun = RotationCurve.solarMotion
    let circling = RotationCurve.solarSpeed + sun.y
    return SIMD3(
      place.along * speed - sun.x * l.cosine - circling * l.sine,
      -place.outward * speed - circling * l.cosine + sun.x * l.sine, -sun.z)
  }

  /// The Gaussian of weight 1.
  func gaussian(
    of population: KinematicPopulation, distanceKpc: Double, temperatureKelvin: Double = usualTemperature
  ) -> MotionGaussian {
    let place = place(distanceKpc: distanceKpc)
    let velocity = meanVelocity(of: population, at: place)
    let v = population.ellipsoid(
      radiusKpc: place.radiusKpc, heightKpc: place.heightKpc, temperatureKelvin: temperatureKelvin)
    let (c, s) = (place.outward, place.along)
    let (ll, dd) = (s * s * v.rr + c * c * v.pp, c * c * v.rr + s * s * v.pp)
    let (dl, dz, lz) = (c * s * (v.rr - v.pp), c * v.rz, s * v.rz)
    let scale = Self.kappa / distanceKpc
    return MotionGaussian(
      weight: 1, meanX: scale * velocity.y, meanY: scale * (velocity.z * b.cosine - velocity.x * b.sine),
      xx: scale * scale * ll,
      yy: scale * scale * (b.cosine * b.cosine * v.zz + b.sine * b.sine * dd - 2 * b.sine * b.cosine * dz),
      xy: scale * scale * (b.cosine * lz - b.sine * dl))
  }
}
