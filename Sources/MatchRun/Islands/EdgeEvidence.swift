internal import Glibc
internal import Match

/// What one candidate pair has to say before its rivals are heard.
struct EdgeEvidence {
  /// The densities of counterparts and strangers where it lies.
  let priors: PriorDensities
  /// ln R from the position.
  let positionRatio: Double
  /// What magnitudes add to ln R; 0 without photometry.
  let photometricRatio: Double
  /// log₁₀ of the photometric likelihood ratio.
  let eta: Double
  /// log₁₀ of the astrometric likelihood ratio.
  let xi: Double
  /// ln G, the density of counterparts at the offset, deg⁻².
  let logDensity: Double

  /// ln R from both.
  var ratio: Double { positionRatio + photometricRatio }

  /// The evidence of a pair that stands for an object with so many such pairs: N_c counts objects, and each pair has its part of it.
  func divided(among pairs: Int) -> EdgeEvidence {
    if pairs <= 1 { return self }
    return EdgeEvidence(
      priors: PriorDensities(
        counterpartsPerDegree2: priors.counterpartsPerDegree2 / Double(pairs),
        unmatchedAPerDegree2: priors.unmatchedAPerDegree2, unmatchedBPerDegree2: priors.unmatchedBPerDegree2),
      positionRatio: positionRatio - log(Double(pairs)), photometricRatio: photometricRatio, eta: eta,
      xi: max(xi - log10(Double(pairs)), -Self.largestLog10), logDensity: logDensity)
  }
}

extension EdgeEvidence {
  /// What a model of pairs says, with densities such that R = N_c G / (N_A N_B).
  /// - Parameter densities: Of the sources around, deg⁻².
  init(_ verdict: PairModel.Verdict, _ densities: (a: Double, b: Double)) {
    let unmatchedA = max(densities.a * verdict.unmatchedA, .leastNormalMagnitude)
    let unmatchedB = max(densities.b * verdict.unmatchedB, .leastNormalMagnitude)
    let both = exp(verdict.position - verdict.logDensity + log(unmatchedA) + log(unmatchedB))
    self.init(
      priors: PriorDensities(
        counterpartsPerDegree2: both.isFinite ? both : 0, unmatchedAPerDegree2: unmatchedA,
        unmatchedBPerDegree2: unmatchedB), positionRatio: verdict.position,
      photometricRatio: verdict.both - verdict.position, eta: (verdict.both - verdict.position) / log(10),
      xi: min(max(verdict.position / log(10), -Self.largestLog10), Self.largestLog10), logDensity: verdict.logDensity)
  }

  /// η and ξ are limited to ±30.
  private static let largestLog10 = 30.0
}
