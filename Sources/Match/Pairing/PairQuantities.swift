import Glibc

/// What is said of one pair of sources, before its neighbours are heard.
///
/// - Source: docs/method.md §5; equations 37 and 38 of [WilsonNaylor2018a].
public enum PairQuantities {
  /// ln R = ln[N_c G / (N_A N_B)]: how much better "one object seen twice" explains the pair than "two objects".
  ///
  /// - Parameters:
  ///   - logDensity: ln G, G in deg⁻².
  ///   - priors: The densities N.
  ///   - logPhotometricRatio: ln[c / (f_A f_B)]; 0 without photometry.
  /// - Returns: Finite, or −∞ if the priors allow no counterparts.
  public static func logRatio(
    logDensity: Double, priors: PriorDensities, logPhotometricRatio: Double = 0
  ) -> Double {
    priors.logCounterpartRatio + logDensity + logPhotometricRatio
  }

  /// The probability that two sources with no other partner are one object: R / (1 + R), from ln R.
  ///
  /// Never overflows; P(no match) is the same function of −ln R, exact when tiny.
  public static func matchProbability(logRatio: Double) -> Double {
    logRatio >= 0 ? 1 / (1 + exp(-logRatio)) : exp(logRatio) / (1 + exp(logRatio))
  }

  /// η = log₁₀[c / (f_A f_B)], the photometric evidence. c in mag⁻², f in mag⁻¹.
  ///
  /// In this order: |f_A f_B| < 1e-30 gives +30; |c| < 1e-30 gives −30; otherwise the logarithm, unclipped.
  public static func eta(counterpartDensity: Double, fieldDensityA: Double, fieldDensityB: Double) -> Double {
    clippedLog10(numerator: counterpartDensity, denominator: fieldDensityA * fieldDensityB)
  }

  /// ξ = log₁₀[N_c G / (N_A N_B)], the evidence of position and densities.
  ///
  /// In this order: |N_A N_B| < 1e-30 deg⁻⁴ gives +30; |N_c G| < 1e-30 deg⁻⁴ gives −30; otherwise the logarithm,
  /// unclipped.
  ///
  /// - Parameters:
  ///   - logDensity: ln G, G in deg⁻².
  ///   - priors: The densities N.
  public static func xi(logDensity: Double, priors: PriorDensities) -> Double {
    clippedLog10(
      numerator: priors.counterpartsPerDegree2 * exp(logDensity),
      denominator: priors.unmatchedAPerDegree2 * priors.unmatchedBPerDegree2)
  }

  private static func clippedLog10(numerator: Double, denominator: Double) -> Double {
    if abs(denominator) < vanishing { return 30 }
    if abs(numerator) < vanishing { return -30 }
    return log10(numerator / denominator)
  }

  private static let vanishing = 1e-30
}
