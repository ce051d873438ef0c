import Glibc

/// A flat universe of matter, radiation, neutrinos and a cosmological constant.
///
///     H(z) = H₀ E(z),   E² = Ω_m (1+z)³ + (Ω_γ + Ω_ν(z)) (1+z)⁴ + Ω_Λ,   Ω_Λ = 1 − Ω_m − Ω_γ − Ω_ν(0)
///     D_C(z) = c/H₀ ∫₀^z dz′/E,   V′ = c/H₀ · D_C² / E · (π/180)²      Mpc³ deg⁻² per unit redshift
///
/// A massive neutrino counts as radiation with the factor (1 + (0.3173 y)^1.83)^(1/1.83), y = m c² / (k T_ν) (Komatsu
/// et al. 2011, equation 26).
public struct Cosmology: Sendable, Hashable {
  /// H₀, km s⁻¹ Mpc⁻¹.
  public let hubbleConstant: Double
  /// Ω_m, without neutrinos.
  public let matterDensity: Double
  let photonDensity: Double
  let neutrinoFactor: Double
  let masslessNeutrinos: Double
  let neutrinoMassRatio: Double
  let darkEnergyDensity: Double

  /// Planck Collaboration (2020) VI: H₀ = 67.66, Ω_m = 0.30966, T = 2.7255 K, N_eff = 3.046, one neutrino of 0.06 eV.
  public static let planck2018 = Cosmology(checkedH0: 67.66, 0.30966, temperatureK: 2.7255, massEV: 0.06)

  /// Matter and a cosmological constant alone.
  ///
  /// - Throws: `CountsError` unless 10 ≤ H₀ ≤ 1000 km/s/Mpc and 0 ≤ Ω_m ≤ 1.
  public init(hubbleConstant: Double, matterDensity: Double) throws {
    self.init(
      checkedH0: try CountsError.checked(hubbleConstant, "H₀", unit: "km/s/Mpc", in: 10...1000),
      try CountsError.checked(matterDensity, "Ω_m", unit: "", in: 0...1), temperatureK: 0, massEV: 0)
  }

  private init(checkedH0 h0: Double, _ matter: Double, temperatureK: Double, massEV: Double) {
    hubbleConstant = h0
    matterDensity = matter
    let h = h0 / 100
    // Ω_γ = 4σT⁴/c³ · 8πG/(3H₀²), CODATA 2018.
    photonDensity = 4.481_317e-7 * pow(temperatureK, 4) / (h * h)
    let effective = 3.046
    neutrinoFactor = 0.227_107_317_66 * effective / 3
    masslessNeutrinos = massEV > 0 ? 2 : 3
    let neutrinoTemperature = 0.713_765_855_503_608_1 * temperatureK
    neutrinoMassRatio = temperatureK > 0 ? massEV / (8.617_333_262e-5 * neutrinoTemperature) : 0
    let neutrinos = Self.neutrinos(
      factor: neutrinoFactor, massless: masslessNeutrinos, ratio: neutrinoMassRatio, redshift: 0)
    darkEnergyDensity = 1 - matter - photonDensity * (1 + neutrinos)
  }

  private static func neutrinos(factor: Double, massless: Double, ratio: Double, redshift: Double) -> Double {
    let massive = pow(1 + pow(0.3173 * ratio / (1 + redshift), 1.83), 1 / 1.83)
    return factor * (massless + (massless < 3 ? massive : 0))
  }

  /// E(z) = H(z)/H₀, for z ≥ 0.
  public func expansion(redshift z: Double) -> Double {
    let a = 1 + z
    let neutrinos = Self.neutrinos(
      factor: neutrinoFactor, massless: masslessNeutrinos, ratio: neutrinoMassRatio, redshift: z)
    let radiation = photonDensity * (1 + neutrinos) * a
    return (a * a * a * (matterDensity + radiation) + darkEnergyDensity).squareRoot()
  }

  /// c/H₀, Mpc.
  var hubbleDistance: Double { 299_792.458 / hubbleConstant }

  /// The comoving distance between two redshifts, Mpc, by eight-point Gauss–Legendre quadrature in ln(1 + z).
  func comovingDistance(from near: Double, to far: Double) -> Double {
    let a = log1p(near)
    let b = log1p(far)
    var sum = 0.0
    for (node, weight) in zip(EightPointQuadrature.nodes, EightPointQuadrature.weights) {
      let t = (a + b) / 2 + (b - a) / 2 * node
      sum += weight * exp(t) / expansion(redshift: expm1(t))
    }
    return hubbleDistance * sum * (b - a) / 2
  }

  /// The distance modulus 5 log₁₀(D_L / 10 pc) of a comoving distance, mag.
  static func distanceModulus(comovingDistanceMpc d: Double, redshift z: Double) -> Double {
    5 * log10(d * (1 + z)) + 25
  }

  /// V′, Mpc³ deg⁻² per unit redshift.
  func volumePerDeg2(comovingDistanceMpc d: Double, redshift z: Double) -> Double {
    let degree = Double.pi / 180
    return hubbleDistance * d * d / expansion(redshift: z) * degree * degree
  }
}

/// Eight-point Gauss–Legendre quadrature on [−1, 1]: exact for polynomials of degree 15.
enum EightPointQuadrature {
  static let nodes = [
    -0.960_289_856_497_536_2, -0.796_666_477_413_626_7, -0.525_532_409_916_329_0, -0.183_434_642_495_649_8,
    0.183_434_642_495_649_8, 0.525_532_409_916_329_0, 0.796_666_477_413_626_7, 0.960_289_856_497_536_2,
  ]
  static let weights = [
    0.101_228_536_290_376_3, 0.222_381_034_453_374_5, 0.313_706_645_877_887_3, 0.362_683_783_378_362_0,
    0.362_683_783_378_362_0, 0.313_706_645_877_887_3, 0.222_381_034_453_374_5, 0.101_228_536_290_376_3,
  ]
}
