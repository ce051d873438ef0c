import Glibc

/// How long stars spend where: closed forms through the tracks of PARSEC (Bressan et al. 2012, MNRAS 427, 127; Marigo et
/// al. 2017, ApJ 835, 77).
///
/// Against its isochrones of 10 Gyr and [M/H] = 0, 12 Gyr and −0.6, and one of the halo, with the same mass function, the
/// numbers of giants and of subgiants per faint dwarf agree within 10 % (the brightest giants of the halo: 35 % too many),
/// those of stars at the turn-off are 20 to 35 % too low.
enum StellarEvolution {
  /// The age of the thin disc, Gyr; it has formed stars at a constant rate.
  static let discAge = 10.0

  /// The life on the main sequence, Gyr: 10 m⁻³. Metal-poor stars are hotter inside: as if heavier by 10.7 % per dex.
  static func lifetime(mass m: Double, metallicity: Double) -> Double {
    pow(m * (1 - 0.107 * metallicity), -3) * 10
  }

  /// The mass that leaves the main sequence at an age, M☉.
  static func turnOff(ageGyr: Double, metallicity: Double) -> Double {
    pow(ageGyr / 10, -1.0 / 3) / (1 - 0.107 * metallicity)
  }

  /// By how much a dwarf of given colour is fainter than one of solar metallicity, mag: Ivezić et al. (2008, ApJ 684,
  /// 287, equation A3).
  static func subdwarfShift(metallicity: Double) -> Double { -1.11 * metallicity - 0.18 * metallicity * metallicity }

  /// By how many M☉ a dwarf of given colour is lighter.
  static func massShift(metallicity: Double) -> Double { -0.16 * metallicity }

  /// By how much a star has brightened at the fraction x of its life on the main sequence, mag.
  static func brightening(fraction x: Double, metallicity: Double) -> Double { (1 - 0.5 * metallicity) * x * x * x }

  /// Gyr between the end of the main sequence and the foot of the giant branch; heavier stars cross in no time.
  static func subgiantTime(mass m: Double, lifetime: Double) -> Double {
    lifetime * (m < 1.2 ? 0.08 : m < 2.3 ? 0.08 - 0.05 * (m - 1.2) / 1.1 : 0)
  }

  /// Gyr on the first giant branch, from its foot on; stars above 2.2 M☉ light helium before they climb it.
  static func giantTime(mass m: Double, metallicity: Double) -> Double {
    m < 2.2 ? 0.42 * pow(max(m, 1), -3) * (1 + 0.12 * metallicity) : 0
  }

  /// Gyr of burning helium in the core (Girardi 2016, ARA&A 54, 95): 0.1 below 1.9 M☉, a maximum at 2.1, then a fifth
  /// of the life before.
  static func clumpTime(mass m: Double, lifetime: Double) -> Double {
    m < 1.9 ? 0.1 : m < 2.3 ? 0.25 : 0.22 * lifetime
  }

  /// Gyr on the asymptotic giant branch.
  static func asymptoticTime(mass m: Double) -> Double { m < 2.3 ? 0.015 : 0.015 * pow(2.3 / m, 2) }

  /// M_Ks of the red clump: −1.61 (Hawkins et al. 2017, MNRAS 471, 722), fainter by 0.2 mag per dex; heavier stars are
  /// brighter.
  static func clumpMagnitude(mass m: Double, metallicity: Double) -> Double {
    -1.61 - 0.2 * metallicity - (m < 2.2 ? 0 : 8.7 * log10(m / 2.2))
  }

  /// The number per magnitude along the giant branch goes as 10^(0.284 M_Ks), d log N / dM_bol = 0.32 (Renzini & Fusi
  /// Pecci 1988, ARA&A 26, 199).
  static let branchSlope = 0.284
  /// Where the giant branch begins, M_Ks.
  static let branchFoot = 1.4
  /// Its end, M_Ks: −6.8 at solar metallicity, fainter by 0.5 mag per dex.
  static func branchTip(metallicity: Double) -> Double { -6.8 - 0.5 * min(0, metallicity) }

  /// V − Ks along the giant branch: giants near the Sun, bluer at low metallicity (globular clusters: Ferraro et al.
  /// 2000, AJ 119, 1282).
  static func branchColour(magnitude k: Double, metallicity: Double) -> Double {
    let knots: [(Double, Double)] = [
      (-7.5, 6.8), (-6.8, 6.0), (-6, 5.0), (-5, 4.1), (-4, 3.45), (-3, 3.0), (-1.6, 2.6), (0, 2.4), (1.4, 2.2),
    ]
    let x = max(0, -k)
    let bluer = min(0, metallicity) * (0.2 + 0.06 * x + 0.016 * x * x)
    guard let far = knots.firstIndex(where: { $0.0 >= k }) else { return 2.2 + bluer }
    guard far > 0 else { return 6.8 + bluer }
    let (a, b) = (knots[far - 1], knots[far])
    return a.1 + (b.1 - a.1) * (k - a.0) / (b.0 - a.0) + bluer
  }
}
