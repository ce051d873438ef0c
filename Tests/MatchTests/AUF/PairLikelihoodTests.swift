import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

/// What the search, the densities and the pairing rely on holds of every likelihood.
@Suite struct PairLikelihoodTests {
  static let likelihoods: [any PairLikelihood] = [
    GaussianLikelihood(), MixtureLikelihood(wideShare: 0.2, wideVariance: 9),
  ]

  private func pair(_ rng: inout SplitMix64) -> (SourceState, SourceState) {
    func state() -> SourceState {
      SourceState(
        raDegrees: rng.uniform(0, 1e-4), decDegrees: rng.uniform(0, 1e-4),
        covariance: PositionCovariance(
          sigmaRA: rng.uniform(0.05, 0.5), sigmaDec: rng.uniform(0.05, 0.5), correlation: rng.uniform(-0.9, 0.9)))
    }
    return (state(), state())
  }

  /// F grows from 0 with the separation, to the candidates' limit within the reach.
  @Test(arguments: likelihoods.indices) func everyPairBelowALevelIsWithinReach(index: Int) {
    let likelihood = Self.likelihoods[index]
    forEverySeed { rng in
      let (a, b) = pair(&rng)
      for level in [0.1, 1.0, 9.2] {
        let (reachA, reachB) = (
          likelihood.reachArcsec(of: a, level: level), likelihood.reachArcsec(of: b, level: level)
        )
        let beyond = hypot(reachA, reachB) * (1 + 1e-9)
        #expect(likelihood.evidence(a, b, separationArcsec: beyond).level >= level)
        #expect(likelihood.candidate(a, b, separationArcsec: beyond, below: level) == nil)
      }
      var before = -1.0
      for step in 0..<40 {
        let separation = Double(step) * 0.05
        let found = likelihood.evidence(a, b, separationArcsec: separation)
        #expect(found.level >= before && found.fraction >= 0 && found.fraction < 1)
        #expect(likelihood.candidate(a, b, separationArcsec: separation, below: .infinity) == found)
        before = found.level
      }
      #expect(likelihood.evidence(a, b, separationArcsec: 0).level == 0)
    }
  }

  /// For circular errors F(r) = ∫₀ʳ G 2πr dr, and the area of candidates is that of the circle at which F is reached.
  @Test(arguments: likelihoods.indices) func fractionIsTheIntegralOfTheDensity(index: Int) {
    let likelihood = Self.likelihoods[index]
    let a = SourceState(raDegrees: 0, decDegrees: 0, covariance: PositionCovariance(circularSigmaArcsec: 0.3))
    let b = SourceState(raDegrees: 0, decDegrees: 0, covariance: PositionCovariance(circularSigmaArcsec: 0.4))
    let step = 0.001
    var sum = 0.0
    for ring in 0..<4000 {
      let middle = (Double(ring) + 0.5) * step
      let density = exp(likelihood.evidence(a, b, separationArcsec: middle).logDensity) / (3600 * 3600)
      sum += density * 2 * .pi * middle * step
      let edge = Double(ring + 1) * step
      guard ring % 400 == 399 else { continue }
      let found = likelihood.evidence(a, b, separationArcsec: edge)
      #expect(abs(found.fraction - sum) < 1e-6, "\(found.fraction), \(sum)")
      guard found.level < 20 else { continue }
      let area = likelihood.candidateAreaArcsec2(a, b, level: found.level)
      #expect(abs(area / (.pi * edge * edge) - 1) < 1e-6, "\(edge)")
      let spreads = likelihood.spreadArcsec2(of: a) + likelihood.spreadArcsec2(of: b)
      #expect(abs(2 * .pi * spreads * likelihood.areaFactor(level: found.level) / area - 1) < 1e-9)
    }
  }
}
