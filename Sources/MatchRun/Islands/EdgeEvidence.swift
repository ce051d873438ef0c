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

  /// ln R from both.
  var ratio: Double { positionRatio + photometricRatio }
}
