import Glibc

/// The masses of stars near the Sun, counted as unresolved systems: Chabrier (2003, PASP 115, 763, equation 18).
///
///     dn / d log m = 0.086 e^(−(log m − log 0.22)² / (2 · 0.57²))   m ≤ 1 M☉
///                  = 0.0443 m^(−1.3)                                m > 1 M☉        pc⁻³
///
/// It has 0.081 systems pc⁻³ from 0.08 to 1 M☉, the density that Gaia finds within 100 pc (Smart et al. 2021, A&A 649,
/// A6). Above 1 M☉ it counts all that were born and would be there if they lived.
enum MassFunction {
  /// dn / d log₁₀ m, pc⁻³.
  static func systemsPerDex(mass m: Double) -> Double {
    guard m > 0 else { return 0 }
    if m > 1 { return 0.0443 * pow(m, -1.3) }
    let x = (log10(m) - log10(0.22)) / 0.57
    return 0.086 * exp(-x * x / 2)
  }

  /// dn / dm, pc⁻³ M☉⁻¹.
  static func systemsPerMass(_ m: Double) -> Double { m > 0 ? systemsPerDex(mass: m) / (m * log(10)) : 0 }

  /// All systems above 0.08 M☉ that were born, pc⁻³.
  static let localSystems = 0.0805 + 0.0443 / (1.3 * log(10))

  /// The mass of a dwarf, M☉: log m is a polynomial in M_V (table of Pecaut & Mamajek, note of 2020.04.02), −4.8 < M_V
  /// < 20.9.
  static func dwarfMass(visualMagnitude: Double) -> Double {
    let m = min(20.9, max(-4.8, visualMagnitude))
    return pow(10, polynomial.reversed().reduce(0) { $0 * m + $1 })
  }

  private static let polynomial = [
    5.313_279_030_392_290_2e-1, -1.585_315_602_042_162_4e-1, 8.734_609_128_049_958_6e-3, 8.369_824_039_640_927_6e-4,
    -6.656_633_218_954_979_4e-5, -1.543_568_122_953_376_2e-5, 1.771_487_031_866_610_0e-6, -6.318_898_740_313_911_4e-8,
    7.381_255_957_159_309_6e-10,
  ]
}
