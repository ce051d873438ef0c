import Foundation
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct DriftedPairTests {
  private static let mixture = MotionMixture(
    gaussians: [
      MotionGaussian(weight: 0.4, meanX: 3, meanY: -5, xx: 36, yy: 25, xy: 5),
      MotionGaussian(weight: 0.2, meanX: -40, meanY: 10, xx: 900, yy: 400, xy: -100),
      MotionGaussian(weight: 0.01, meanX: 200, meanY: 0, xx: 1e5, yy: 9e4, xy: 2e4),
    ], stillShare: 0.39)

  /// Of drawn pairs as many lie below each level as should.
  @Test func levelsOfDrawnPairsAreExponential() throws {
    let mixture = try #require(Self.mixture)
    let (motion, count) = (MotionWidthFit.shared.fit(mixture).widths, 20000)
    let drift = DriftLaw(motion, years: 20, spreadArcsec2: 0.01)
    forEverySeed { rng in
      var below = [Int](repeating: 0, count: 9)
      for _ in 0..<count {
        let mu = Self.motion(mixture, &rng)
        let (x, y) = (mu.x * 0.02 + rng.normal(sigma: 0.1), mu.y * 0.02 + rng.normal(sigma: 0.1))
        let level = DriftedPair.value(drift, varianceArcsec2: 0.01, separationArcsec: hypot(x, y)).level
        for k in 0..<9 where -expm1(-level) < Double(k + 1) / 10 { below[k] += 1 }
      }
      for k in 0..<9 {
        #expect(abs(Double(below[k]) / Double(count) - Double(k + 1) / 10) < 0.02, "seed \(rng.seed) \(below)")
      }
    }
  }

  /// A motion drawn from a mixture, mas/yr.
  private static func motion(_ mixture: MotionMixture, _ rng: inout SplitMix64) -> SIMD2<Double> {
    var pick = rng.uniform()
    for g in mixture.gaussians {
      pick -= g.weight
      if pick >= 0 { continue }
      let (u, v, a) = (rng.normal(), rng.normal(), g.xx.squareRoot())
      return SIMD2(g.meanX + a * u, g.meanY + g.xy / a * u + (g.yy - g.xy * g.xy / g.xx).squareRoot() * v)
    }
    return .zero
  }

  @Test func nothingAbsurdIsAnswered() {
    let motion = MotionWidths(weights: [0.5, 0.5])
    for offset: Double in [0, 1e-300, 1e5, 1e300, .infinity, .nan, -.infinity] {
      for years: Double in [0, 1e300, -.infinity, .nan, 17] {
        for variance in [1e-300, 0, 0.01, 1e10] {
          let drift = DriftLaw(motion, years: years, spreadArcsec2: variance)
          let value = DriftedPair.value(drift, varianceArcsec2: variance, separationArcsec: offset)
          #expect(!value.level.isNaN && !value.logDensityPerArcsec2.isNaN)
        }
      }
    }
  }

  @Test func nearlyAllCounterpartsLieWithinTheReach() throws {
    let mixture = try #require(Self.mixture)
    #expect(mixture.reachArcsec(varianceArcsec2: 0.01, years: 20, level: .nan) == 0)
    for level in [0.1, 2, 4] {
      let reach = mixture.reachArcsec(varianceArcsec2: 0.01, years: 20, level: level)
      forEverySeed { rng in
        var outside = 0
        for _ in 0..<20000 {
          let mu = Self.motion(mixture, &rng)
          let (x, y) = (mu.x * 0.02 + rng.normal(sigma: 0.1), mu.y * 0.02 + rng.normal(sigma: 0.1))
          if hypot(x, y) > reach { outside += 1 }
        }
        #expect(Double(outside) / 20000 < exp(-level) + 0.01, "seed \(rng.seed) \(level) \(reach) \(outside)")
      }
    }
  }
}
