import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct MotionMixtureTests {
  /// τ μ of one Gaussian in arcsec over 17 years.
  private static let single = MotionGaussian(weight: 1, meanX: 3, meanY: -5, xx: 36, yy: 25, xy: 5)
  private static let errors = PositionCovariance(circularSigmaArcsec: (0.02 * 0.02 + 0.05 * 0.05).squareRoot())

  private func mixture(_ gaussians: [MotionGaussian], still: Double = 0) throws -> MotionMixture {
    try #require(MotionMixture(gaussians: gaussians, stillShare: still))
  }

  /// Circular transforms of thin, thick disc and halo with known weights, worked out with κ = 0.2108.
  @Test func transformsOfPopulationsAreThoseWorkedOut() throws {
    let scale = 0.2108 / SkyMotion.kappa
    func check(_ d: Double, _ l: Double, _ b: Double, _ weights: [Double], _ expected: [(u: Double, phi: Double)])
      throws
    {
      let motion = SkyMotion(try GalacticDirection(longitudeDegrees: l, latitudeDegrees: b))
      let parts = zip([KinematicPopulation.thin, .thick, .halo], weights).map {
        motion.gaussian(of: $0, distanceKpc: d).scaled(by: $1)
      }
      let mixture = try mixture(parts)
      for (u, phi) in expected {
        let found = mixture.circularTransform(at: u * scale)
        #expect(abs(found - phi) < 1e-6, "\(d) \(l) \(b) \(u): \(found) \(phi)")
      }
    }
    try check(
      1, 30, 10, [1, 0, 0],
      [(5, 0.98084120), (10, 0.92571266), (20, 0.73656910), (50, 0.16853974), (100, 0.00265480)])
    try check(
      1, 30, 10, [0.838900, 0.155086, 0.006014],
      [(5, 0.96840293), (10, 0.88742283), (20, 0.66008799), (50, 0.14167209), (100, 0.00222711)])
    try check(2, 180, 45, [1, 0, 0], [(5, 0.99364935), (10, 0.97483539), (20, 0.90303323), (50, 0.52742394)])
    try check(
      2, 180, 45, [0.187389, 0.693887, 0.118724],
      [(5, 0.96371245), (10, 0.87379730), (20, 0.67566503), (50, 0.19361482)])
  }

  @Test func oneGaussianGivesTheDensityWorkedOut() throws {
    let mixture = try mixture([Self.single])
    let found = mixture.logDensity(eastArcsec: 0.05, northArcsec: -0.08, covariance: Self.errors, years: 17)
    #expect(abs(exp(found) - 13.8019039) < 1e-6)
    let still = mixture.logDensity(eastArcsec: 0.05, northArcsec: -0.08, covariance: Self.errors, years: 0)
    #expect(abs(exp(still) - 11.8305447) < 1e-6)
    for (rho, phi) in [(0.5, 0.93427358), (1, 0.75953383), (2, 0.31190083), (4, -0.02122422)] {
      #expect(abs(mixture.circularTransform(at: 17 * rho) - phi) < 2e-8)
    }
    let centred = try self.mixture([MotionGaussian(weight: 1, meanX: 0, meanY: 0, xx: 36, yy: 25, xy: 5)])
    for (rho, phi) in [(0.5, 0.95746155), (1, 0.84068200), (2, 0.50218538), (4, 0.06911806)] {
      #expect(abs(centred.circularTransform(at: 17 * rho) - phi) < 2e-8)
    }
  }

  /// The mean over position angles, and its integral, by sums; the integral also by way of the Hankel transform.
  @Test func circularAveragesAreThoseWorkedOut() throws {
    let mixture = try mixture([Self.single])
    func circular(_ r: Double) -> Double {
      (0..<128).reduce(0) { sum, k in
        let angle = 2 * Double.pi * Double(k) / 128
        let log = mixture.logDensity(
          eastArcsec: r * cos(angle), northArcsec: r * sin(angle), covariance: Self.errors, years: 17)
        return sum + exp(log) / 128
      }
    }
    let r = 0.0943398
    #expect(abs(circular(r) - 6.965650) < 2e-6)
    let steps = 400
    let inside = (0...steps).reduce(0) { sum, k in
      let x = r * Double(k) / Double(steps)
      return sum + 2 * .pi * x * circular(x) * r / Double(steps) * (k == 0 || k == steps ? 0.5 : 1)
    }
    #expect(abs(inside - 0.213591) < 2e-6)
    let basis = try HankelBasis(radiusArcsec: 2, nodeCount: 200)
    let variance = Self.errors.xx
    let transform = basis.nodes.map {
      mixture.circularTransform(at: 17 * $0) * exp(-2 * .pi * .pi * $0 * $0 * variance)
    }
    #expect(abs(basis.cumulative(at: r, transform: transform) - inside) < 1e-5)
    #expect(abs(basis.density(at: r, transform: transform) - circular(r)) < 1e-5)
  }

  @Test func withoutTimeNothingMoves() throws {
    let mixture = try mixture([Self.single], still: 0.3)
    #expect(abs(mixture.circularTransform(at: 0) - 1) < 1e-12)
    let covariance = PositionCovariance(xx: 0.01, yy: 0.02, xy: 0.004)
    let gaussian = MotionGaussian(weight: 1, meanX: 0, meanY: 0, xx: 0.01, yy: 0.02, xy: 0.004)
    let found = mixture.logDensity(eastArcsec: 0.1, northArcsec: 0.02, covariance: covariance, years: 0)
    #expect(abs(found - gaussian.logDensity(0.1, 0.02)) < 1e-13)
    let half = 1.5
    var sum = 0.0
    for i in -150...150 {
      for j in -150...150 {
        sum += exp(
          mixture.logDensity(
            eastArcsec: half * Double(i) / 150, northArcsec: half * Double(j) / 150, covariance: covariance, years: 25))
      }
    }
    #expect(abs(sum * half * half / 150 / 150 - 1) < 1e-9)
  }

  @Test func aMeasurementAndTheDistributionCombineAsBayesSays() throws {
    try forEverySeed { rng in
      let gaussians = (0..<3).map { _ in
        MotionGaussian(
          weight: rng.uniform(0.1, 1), meanX: rng.uniform(-10, 10), meanY: rng.uniform(-10, 10), xx: rng.uniform(4, 40),
          yy: rng.uniform(4, 40), xy: rng.uniform(-3, 3))
      }
      let prior = try mixture(gaussians, still: 0.5)
      let measured = MotionGaussian(
        weight: 1, meanX: rng.uniform(-8, 8), meanY: rng.uniform(-8, 8), xx: rng.uniform(3, 50), yy: rng.uniform(3, 50),
        xy: rng.uniform(-2, 2))
      let (posterior, evidence) = try #require(prior.combined(with: measured))
      let total = posterior.gaussians.reduce(posterior.stillShare) { $0 + $1.weight }
      #expect(abs(total - 1) < 1e-12, "seed \(rng.seed)")
      for _ in 0..<5 {
        let (x, y) = (rng.uniform(-15, 15), rng.uniform(-15, 15))
        let expected = log(prior.density(x: x, y: y)) + measured.logDensity(x, y) - evidence
        #expect(abs(log(posterior.density(x: x, y: y)) - expected) < 1e-9, "seed \(rng.seed)")
      }
      let still = log(prior.stillShare) + measured.logDensity(0, 0) - evidence
      #expect(abs(log(posterior.stillShare) - still) < 1e-9, "seed \(rng.seed)")
    }
    let prior = try mixture([Self.single])
    #expect(prior.combined(with: MotionGaussian(weight: 1, meanX: .nan, meanY: 0, xx: 1, yy: 1, xy: 0)) == nil)
    #expect(prior.combined(with: MotionGaussian(weight: 1, meanX: 0, meanY: 0, xx: 1, yy: 1, xy: 1)) == nil)
    // A measurement without weight changes nothing; a perfect one is all that is left.
    let vague = try #require(
      prior.combined(with: MotionGaussian(weight: 1, meanX: 9, meanY: 9, xx: 1e12, yy: 1e12, xy: 0)))
    #expect(abs(vague.mixture.gaussians[0].meanX - 3) < 1e-6 && abs(vague.mixture.gaussians[0].xx - 36) < 1e-6)
    let sharp = try #require(
      prior.combined(with: MotionGaussian(weight: 1, meanX: 9, meanY: 8, xx: 1e-6, yy: 1e-6, xy: 0)))
    #expect(abs(sharp.mixture.gaussians[0].meanX - 9) < 1e-5 && abs(sharp.mixture.gaussians[0].yy - 1e-6) < 1e-10)
  }

  @Test func whatIsImpossibleIsLeftOut() throws {
    let bad = [
      MotionGaussian(weight: .nan, meanX: 0, meanY: 0, xx: 1, yy: 1, xy: 0),
      MotionGaussian(weight: 1, meanX: .infinity, meanY: 0, xx: 1, yy: 1, xy: 0),
      MotionGaussian(weight: 1, meanX: 0, meanY: 0, xx: 1, yy: -1, xy: 0),
      MotionGaussian(weight: 0, meanX: 0, meanY: 0, xx: 1, yy: 1, xy: 0),
    ]
    #expect(MotionMixture(gaussians: bad, stillShare: 0) == nil)
    #expect(MotionMixture(gaussians: bad, stillShare: .nan) == nil)
    #expect(try mixture(bad + [Self.single]).gaussians == [Self.single])
    #expect(try mixture(bad, still: 7) == .still)
  }

  @Test func reductionKeepsWeightMeanAndCovariance() {
    forEverySeed { rng in
      let gaussians = (0..<60).map { _ in
        let sigma = rng.logUniform(0.5, 300)
        return MotionGaussian(
          weight: rng.logUniform(1e-6, 1), meanX: sigma * rng.uniform(-2, 2), meanY: sigma * rng.uniform(-2, 2),
          xx: sigma * sigma, yy: sigma * sigma * 0.5, xy: 0.2 * sigma * sigma)
      }
      let whole = gaussians.dropFirst().reduce(gaussians[0]) { $0.merged(with: $1) }
      for wanted in [1, 5, 12, 60, 100] {
        let reduced = MixtureReduction.reduced(gaussians, to: wanted)
        #expect(reduced.count == min(wanted, 60) && reduced.allSatisfy(\.isPossible))
        let all = reduced.dropFirst().reduce(reduced[0]) { $0.merged(with: $1) }
        #expect(abs(all.weight / whole.weight - 1) < 1e-12 && abs(all.xx / whole.xx - 1) < 1e-10)
        #expect(abs(all.meanX - whole.meanX) < 1e-9 * whole.xx.squareRoot() && abs(all.yy / whole.yy - 1) < 1e-10)
      }
    }
    #expect(MixtureReduction.reduced([], to: 3).isEmpty)
  }
}
