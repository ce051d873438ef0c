import Foundation
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct MovedPairTests {
  private static let mixture = MotionMixture(
    gaussians: [
      MotionGaussian(weight: 0.4, meanX: 3, meanY: -5, xx: 36, yy: 25, xy: 5),
      MotionGaussian(weight: 0.2, meanX: -40, meanY: 10, xx: 900, yy: 400, xy: -100),
      MotionGaussian(weight: 0.01, meanX: 200, meanY: 0, xx: 1e5, yy: 9e4, xy: 2e4),
    ], stillShare: 0.39)

  private struct Perturbed {
    let basis: MixtureBasis
    let a: PerturbationMixture
    let b: PerturbationMixture
    let pair: PerturbedPair

    init() throws {
      basis = MixtureBasis(try PointSpread(fwhmArcsec: 6.1))
      var (first, second) = (MixtureValues(), MixtureValues())
      (first[0], first[3], first[9]) = (0.6, 0.3, 0.1)
      (second[0], second[5], second[12]) = (0.5, 0.2, 0.3)
      (a, b) = (PerturbationMixture(weights: first), PerturbationMixture(weights: second))
      pair = PerturbedPair(a: basis, b: basis)
    }
  }

  @Test func driftsAndErrorsAddUpInEveryDirection() throws {
    let mixture = try #require(Self.mixture)
    let perturbed = try Perturbed()
    let moved = MovedPair(perturbed.pair)
    let covariance = PositionCovariance(xx: 0.02, yy: 0.01, xy: 0.004)
    forEverySeed { rng in
      let (x, y, years) = (rng.uniform(-2, 2), rng.uniform(-2, 2), rng.uniform(-25, 25))
      let found = moved.logDensityPerArcsec2(
        perturbed.a, perturbed.b, motions: MotionBlocks(mixture), years: years, covariance: covariance, eastArcsec: x,
        northArcsec: y)
      var density = 0.0
      for i in 0..<MixtureBasis.count {
        for j in 0..<MixtureBasis.count {
          let share = perturbed.a.weights[i] * perturbed.b.weights[j]
          let wide = perturbed.basis.variances[i] + perturbed.basis.variances[j]
          let all =
            mixture.gaussians + [MotionGaussian(weight: mixture.stillShare, meanX: 0, meanY: 0, xx: 0, yy: 0, xy: 0)]
          for g in all where share > 0 {
            let one = MotionGaussian(
              weight: 1, meanX: g.meanX * years / 1000, meanY: g.meanY * years / 1000,
              xx: covariance.xx + wide + g.xx * years * years * 1e-6,
              yy: covariance.yy + wide + g.yy * years * years * 1e-6, xy: covariance.xy + g.xy * years * years * 1e-6)
            density += g.weight * share * exp(one.logDensity(x, y))
          }
        }
      }
      #expect(abs(found - log(density)) < 1e-10, "seed \(rng.seed)")
    }
  }

  @Test func withoutPerturbationsItIsTheMixturesOwnDensity() throws {
    let mixture = try #require(Self.mixture)
    let moved = MovedPair(PerturbedPair(a: .none, b: .none))
    let covariance = PositionCovariance(xx: 0.02, yy: 0.01, xy: 0.004)
    for (x, y) in [(0.0, 0.0), (0.5, -0.3), (4, 4), (-300, 1)] {
      let found = moved.logDensityPerArcsec2(
        .none, .none, motions: MotionBlocks(mixture), years: 20, covariance: covariance, eastArcsec: x, northArcsec: y)
      let expected = mixture.logDensity(eastArcsec: x, northArcsec: y, covariance: covariance, years: 20)
      #expect(abs(found - expected) < 1e-10 * max(1, abs(expected)))
    }
  }

  @Test func widthsOfMotionAreWidthsOfPairs() throws {
    let perturbed = try Perturbed()
    let moved = MovedPair(perturbed.pair)
    let motion = MotionWidths(weights: [0.3, 0, 0.1, 0.2, 0.2, 0, 0, 0, 0, 0.15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.05])
    for (s, years) in [(0.0, 17.0), (0.3, -17), (2, 25), (50, 3)] {
      let found = moved.value(
        perturbed.a, perturbed.b, motion: motion, years: years, varianceArcsec2: 0.01, separationArcsec: s)
      let parts = motion.variancesArcsec2(years: years)
      let widths = try CentroidWidths(
        weights: parts.map(\.weight), variancesArcsec2: parts.map { 0.01 + $0.varianceArcsec2 })
      let expected = perturbed.pair.value(perturbed.a, perturbed.b, widths: widths, separationArcsec: s)
      #expect(abs(found.logDensityPerArcsec2 - expected.logDensityPerArcsec2) < 1e-10)
      #expect(abs(found.level - expected.level) < 1e-10)
    }
    for level in [0.5, 3, 12] {
      let radius = moved.radiusArcsec(
        perturbed.a, perturbed.b, motion: motion, years: 20, varianceArcsec2: 0.01, level: level)
      let there = moved.value(
        perturbed.a, perturbed.b, motion: motion, years: 20, varianceArcsec2: 0.01, separationArcsec: radius)
      #expect(abs(there.level - level) < 1e-8)
    }
  }

  /// Of drawn pairs as many lie below each level as should.
  @Test func levelsOfDrawnPairsAreExponential() throws {
    let mixture = try #require(Self.mixture)
    let moved = MovedPair(PerturbedPair(a: .none, b: .none))
    let (motion, count) = (MotionWidthFit.shared.fit(mixture).widths, 20000)
    forEverySeed { rng in
      var below = [Int](repeating: 0, count: 9)
      for _ in 0..<count {
        let mu = Self.motion(mixture, &rng)
        let (x, y) = (mu.x * 0.02 + rng.normal(sigma: 0.1), mu.y * 0.02 + rng.normal(sigma: 0.1))
        let level = moved.value(
          .none, .none, motion: motion, years: 20, varianceArcsec2: 0.01, separationArcsec: hypot(x, y)
        ).level
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

  @Test func nothingAbsurdIsAnswered() throws {
    let mixture = try #require(Self.mixture)
    let perturbed = try Perturbed()
    let moved = MovedPair(perturbed.pair)
    let motion = MotionWidths(weights: [0.5, 0.5])
    for offset: Double in [0, 1e-300, 1e5, 1e300, .infinity, .nan, -.infinity] {
      for years: Double in [0, 1e300, -.infinity, .nan, 17] {
        for variance in [1e-300, 0, 0.01, 1e10] {
          let covariance = PositionCovariance(xx: variance, yy: variance, xy: 0)
          let density = moved.logDensityPerArcsec2(
            perturbed.a, perturbed.b, motions: MotionBlocks(mixture), years: years, covariance: covariance,
            eastArcsec: offset,
            northArcsec: -offset)
          let value = moved.value(
            perturbed.a, perturbed.b, motion: motion, years: years, varianceArcsec2: variance, separationArcsec: offset)
          #expect(!value.level.isNaN && !value.logDensityPerArcsec2.isNaN && !density.isNaN)
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
