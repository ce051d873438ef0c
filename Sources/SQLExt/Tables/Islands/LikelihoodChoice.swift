import Glibc
import Match

/// Which likelihoods and priors speak: those of the run, or others that the caller puts in their place.
///
///     ln R = ln[N_c / (N_A N_B)] + ln k + ln G + w · ln[c / (f_A f_B)]
///
/// with each N from the run or given, a factor k on the prior odds, and a weight w of the magnitudes.
struct LikelihoodChoice: Sendable {
  /// w: 1 as in the run, 0 without photometry.
  var photometryWeight = 1.0
  /// N_c, N_A, N_B in deg⁻²; nil for the run's own, pair by pair.
  var counterpartsPerDegree2: Double?
  var unmatchedAPerDegree2: Double?
  var unmatchedBPerDegree2: Double?
  /// k.
  var priorFactor = 1.0

  /// The run's own.
  static let asStored = LikelihoodChoice()

  static let ln10 = log(10.0)

  /// ln R of a pair; −∞ where there can be no counterparts.
  func logRatio(of pair: CandidatePair) -> Double {
    let counterparts = counterpartsPerDegree2 ?? pair.densities.counterparts
    let (a, b) = (unmatchedAPerDegree2 ?? pair.densities.a, unmatchedBPerDegree2 ?? pair.densities.b)
    // A run has N_A = N_B = 0 only where it has no counterparts either; no density is infinite but one from a damaged file.
    let densities = [counterparts, a, b]
    guard densities.allSatisfy({ $0 > 0 && $0.isFinite }) else { return -.infinity }
    let priors = PriorDensities(counterpartsPerDegree2: counterparts, unmatchedAPerDegree2: a, unmatchedBPerDegree2: b)
    return PairQuantities.logRatio(
      logDensity: pair.log10Density * Self.ln10 + log(priorFactor), priors: priors,
      logPhotometricRatio: photometryWeight * pair.eta * Self.ln10)
  }
}
