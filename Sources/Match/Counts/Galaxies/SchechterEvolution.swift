import Glibc

/// The Schechter functions of blue and red galaxies at one wavelength, and how they evolve: Wilson (2022, RNAAS 6, 60).
///
///     φ(M) = 0.4 ln 10 · φ*(z) L^(α + 1) e^(−L),   L = 10^(−0.4 (M − M*(z)))      Mpc⁻³ mag⁻¹
///     M*(z) = M*₀ − Q z,   φ*(z) = φ*₀ 10^(0.4 P z)                                z ≤ z_c, constant beyond
///
/// The parameters are smooth functions of log₁₀(λ/µm); Q is one of P.
struct SchechterEvolution: Sendable {
  /// M*₀, AB mag.
  let characteristicMagnitude: Double
  /// φ*₀, Mpc⁻³.
  let normalisation: Double
  /// α.
  let slope: Double
  /// P.
  let densityEvolution: Double
  /// Q, mag per unit redshift.
  let luminosityEvolution: Double

  /// The longest wavelength of the luminosity functions that M*₀ was fitted to with confidence, µm: that of Ks.
  static let longestWavelength = 2.166

  /// M_AB(λ) − M_AB(Ks) of blue and of red galaxies at rest: medians over the spectra that the K-corrections come from.
  private static let infraredColours: [(wavelengthMicron: Double, blue: Double, red: Double)] = [
    (2.166, 0, 0), (3.40, 0.676, 0.694), (4.65, 1.136, 1.190), (12.81, 0.466, 1.671), (22.38, 2.907, 3.767),
  ]

  /// The same function with M*₀ that of Ks plus the colour of the population, if the wavelength is longer.
  ///
  /// The exponential law of M*₀ goes on brightening in AB, to −22.8 at 3.4 µm and −23.0 at 4.6 µm (blue), where the
  /// light of stars has fallen by 0.7 and 1.2 mag from that at Ks: it gives twice to four times the galaxies that WISE
  /// sees at 15 to 17 mag.
  static func infrared(_ red: Bool, wavelengthMicron: Double) -> SchechterEvolution {
    let law = red ? self.red : self.blue
    let there = law(wavelengthMicron)
    guard wavelengthMicron > longestWavelength else { return there }
    return SchechterEvolution(
      characteristicMagnitude: law(longestWavelength).characteristicMagnitude + colour(red, wavelengthMicron),
      normalisation: there.normalisation, slope: there.slope, densityEvolution: there.densityEvolution,
      luminosityEvolution: there.luminosityEvolution)
  }

  /// Linear in ln λ, constant beyond W4.
  private static func colour(_ red: Bool, _ wavelengthMicron: Double) -> Double {
    let far = infraredColours.firstIndex { $0.wavelengthMicron >= wavelengthMicron } ?? infraredColours.count - 1
    let (a, b) = (infraredColours[max(0, far - 1)], infraredColours[far])
    let width = log(b.wavelengthMicron / a.wavelengthMicron)
    let share = width > 0 ? min(1, max(0, log(wavelengthMicron / a.wavelengthMicron) / width)) : 0
    return red ? a.red + (b.red - a.red) * share : a.blue + (b.blue - a.blue) * share
  }

  /// Galaxies that still form stars.
  static func blue(wavelengthMicron: Double) -> SchechterEvolution {
    let l = log10(wavelengthMicron)
    let p = 0.034203 * l - 0.302018
    return SchechterEvolution(
      characteristicMagnitude: 2.655846 * exp(-1.141760 * l) - 24.286513,
      normalisation: 0.000510 * exp(-2.918841 * l) + 0.001487, slope: 0.021362 * l - 1.257761,
      densityEvolution: p, luminosityEvolution: -0.322347 * p + 1.233627)
  }

  /// Galaxies that no longer do.
  static func red(wavelengthMicron: Double) -> SchechterEvolution {
    let l = log10(wavelengthMicron)
    let p = 0.233366 * l - 0.713062
    let offset = l + 0.065565
    return SchechterEvolution(
      characteristicMagnitude: 1.668292 * exp(-1.778718 * l) - 23.192520,
      normalisation: 0.003330 * exp(-0.5 * 7.691261 * offset * offset) + 0.000560, slope: -0.067411 * l - 0.309077,
      densityEvolution: p, luminosityEvolution: -0.385984 * p + 1.068926)
  }

  /// M*(z), AB mag.
  func characteristicMagnitude(redshift z: Double) -> Double { characteristicMagnitude - luminosityEvolution * z }

  /// φ*(z), Mpc⁻³.
  func normalisation(redshift z: Double) -> Double { normalisation * pow(10, 0.4 * densityEvolution * z) }
}
