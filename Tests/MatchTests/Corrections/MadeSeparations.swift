import Foundation
import XMDBTestSupport

@testable import Match

/// Pairs of a catalogue whose errors are wrong by known m and n, drawn as they arise: a counterpart for some, a nearest stranger for all, and the nearer of both is
/// found.
struct MadeSeparations {
  var factor = 1.0
  var floor = 0.0
  var relation = ErrorRelation.quadratic
  /// Sources per deg² of both catalogues.
  var density = 5e4
  var quoted = 0.02...0.4
  var reference = 0.001...0.03
  /// Of the two groups.
  var chanceShares = [0.1, 0.4]
  /// The limit: so many quoted σ, and at most so many arcsec.
  var limitSigmas = 20.0
  var limitArcsec = 30.0
  var mixture = PerturbationMixture.none
  var basis = MixtureBasis.none
  var motion = MotionWidths.still
  var years = 0.0

  var correction: ErrorCorrection { ErrorCorrection(relation: relation, factor: factor, floorArcsec: floor) }

  func pairs(_ count: Int, _ rng: inout SplitMix64) -> CorrectionPairs {
    var pairs = CorrectionPairs(basis: basis)
    while pairs.pairs.count < count {
      let group = rng.below(chanceShares.count)
      let sigma = rng.logUniform(quoted.lowerBound, quoted.upperBound)
      let other = rng.uniform(reference.lowerBound, reference.upperBound)
      let omega = density * rng.uniform(0.7, 1.3) / 3600 / 3600
      let isReal = rng.uniform() >= chanceShares[group]
      let (stranger, own) = ((-log(1 - rng.uniform()) / (.pi * omega)).squareRoot(), separation(sigma, other, &rng))
      let limit = min(limitSigmas * sigma, limitArcsec)
      let found = isReal ? min(stranger, own) : stranger
      guard found <= limit else { continue }
      pairs.append(
        CorrectionPairs.Pair(
          separationArcsec: found, quotedError: sigma, otherVarianceArcsec2: other * other, chancePerArcsec2: omega,
          limitArcsec: limit, perturbation: mixture, motion: motion, years: years, group: group))
    }
    return pairs
  }

  /// Of a true pair.
  private func separation(_ sigma: Double, _ other: Double, _ rng: inout SplitMix64) -> Double {
    let drift = MotionWidths.sigma(of: Self.pick(MotionWidths.count, &rng) { motion[$0] }) * years / 1000
    let pull = basis.variances[Self.pick(MixtureBasis.count, &rng) { mixture.weights[$0] }]
    let fitted = correction.sigmaArcsec(quoted: sigma)
    let all = (fitted * fitted + other * other + pull + drift * drift).squareRoot()
    return hypot(rng.normal(sigma: all), rng.normal(sigma: all))
  }

  /// One of several with given weights.
  private static func pick(_ count: Int, _ rng: inout SplitMix64, _ weight: (Int) -> Double) -> Int {
    var left = rng.uniform()
    for k in 0..<count {
      left -= weight(k)
      if left < 0 { return k }
    }
    return 0
  }
}
