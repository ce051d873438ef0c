import Foundation
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct SeparationLawTests {
  private static let density = (20000.0 + 30000) / 3600 / 3600

  private func law(_ density: Double, mixture: PerturbationMixture = .none, basis: MixtureBasis = .none)
    -> SeparationLaw
  {
    SeparationLaw(basis: basis, mixture: mixture, chance: 2 * .pi * density)
  }

  private func perturbed() throws -> (MixtureBasis, PerturbationMixture) {
    var weights = MixtureValues()
    (weights[0], weights[4], weights[11]) = (0.5, 0.3, 0.2)
    return (MixtureBasis(try PointSpread(fwhmArcsec: 6.1)), PerturbationMixture(weights: weights))
  }

  @Test func strangersAndTruePairsLieWhereWorkedOut() {
    #expect(abs(Self.density - 0.00385802469) < 1e-10)
    let law = law(Self.density)
    let peak = 1 / (2 * Double.pi * Self.density).squareRoot()
    #expect(abs(peak - 6.42285) < 1e-5 && abs(peak * (Double.pi / 2).squareRoot() - 8.04984) < 1e-5)
    #expect(abs((1 / (1 / 0.09 + 2 * .pi * Self.density)).squareRoot() - 0.299673285) < 1e-9)
    let expected = [
      (0.2, 0.004845787, 1.782434177), (0.5, 0.012083672, 1.384111945), (1.0, 0.023948652, 0.042529769),
    ]
    for (r, nu, mu) in expected {
      #expect(abs(r * law.chanceDensity(half: r * r / 2) - nu) < 1e-9)
      #expect(abs(r * law.density(half: r * r / 2, variance: 0.09).value - mu) < 1e-9)
    }
  }

  /// μ = c e^(−πωr²) + ν (1 − C) with c and C of the mixture.
  @Test func truePairsAreFoundUnlessAStrangerIsNearer() throws {
    let (basis, mixture) = try perturbed()
    let law = law(Self.density, mixture: mixture, basis: basis)
    for r in [0.05, 0.4, 1.3, 4, 11] {
      var (c, inside) = (0.0, 0.0)
      for j in 0..<MixtureBasis.count {
        let v = 0.04 + basis.variances[j]
        c += mixture.weights[j] * r / v * exp(-r * r / 2 / v)
        inside += mixture.weights[j] * -expm1(-r * r / 2 / v)
      }
      let survival = exp(-.pi * Self.density * r * r)
      let expected = c * survival + r * law.chanceDensity(half: r * r / 2) * (1 - inside)
      #expect(abs(r * law.density(half: r * r / 2, variance: 0.04).value - expected) < 1e-12)
    }
  }

  @Test func derivativesAreThoseOfDifferences() throws {
    let (basis, mixture) = try perturbed()
    var moving = law(Self.density, mixture: mixture, basis: basis)
    moving.motion = MotionWidths(weights: [0.2, 0, 0, 0, 0, 0.3, 0, 0, 0.4, 0, 0, 0, 0.1])
    moving.squaredYears = 225
    for law in [law(Self.density), law(Self.density, mixture: mixture, basis: basis), moving] {
      for half in [0.001, 0.05, 0.4, 2] {
        let (v, step) = (0.07, 1e-4)
        for function in [law.density, law.outside] {
          let jet = function(half, v)
          let (up, down) = (function(half, v + step), function(half, v - step))
          let scale = max(abs(jet.first), 1e-3)
          #expect(abs((up.value - down.value) / (2 * step) - jet.first) < 1e-4 * scale)
          #expect(abs((up.first - down.first) / (2 * step) - jet.second) < 1e-3 * max(abs(jet.second), 1e-2))
        }
        // The integral of the density.
        let steps = 4000
        let radius = (2 * half).squareRoot()
        let integral = (0..<steps).reduce(0.0) { sum, k in
          let r = radius * (Double(k) + 0.5) / Double(steps)
          return sum + r * law.density(half: r * r / 2, variance: v).value * radius / Double(steps)
        }
        #expect(abs(1 - law.outside(half: half, variance: v).value - integral) < 1e-6)
      }
    }
  }

  @Test func binsHaveTheLikelihoodWorkedOut() throws {
    let slice = try SeparationSlice(
      edgesArcsec: [0, 0.2, 0.4, 0.6, 0.8, 1.0], counts: [190, 370, 265, 115, 40], total: 1000, quotedError: 0.3,
      chancePerArcsec2: Self.density)
    let expected = slice.expected(sigmaArcsec: 0.3, chanceShare: 0.1)
    for (found, known) in zip(expected, [179.734110, 351.175397, 248.254422, 96.098474, 22.504903]) {
      #expect(abs(found - known) < 1e-6)
    }
    #expect(abs(slice.negativeLogLikelihood(sigmaArcsec: 0.3, chanceShare: 0.1) - 25.7799876) < 1e-7)
    let grid = (0...100).map { slice.negativeLogLikelihood(sigmaArcsec: 0.3, chanceShare: Double($0) / 100) }
    #expect(grid.indices.min { grid[$0] < grid[$1] } == 2 && abs(grid[2] - 22.3952461) < 1e-7)
    let share = slice.bestChanceShare(sigmaArcsec: 0.3)
    #expect(abs(share - 0.0195673) < 1e-7)
    #expect(abs(slice.negativeLogLikelihood(sigmaArcsec: 0.3, chanceShare: share) - 22.3951534) < 1e-7)
    let fit = try SliceFit([slice])
    #expect(abs(fit.negativeLogLikelihood - 18.7674856) < 1e-6)
    #expect(abs(fit.individualSigmas[0] - 0.314736) < 2e-6 && abs(fit.chanceShares[0] - 0.014680) < 2e-6)
    // One slice does not tell m from n.
    #expect(
      abs(fit.correction.sigmaArcsec(quoted: 0.3) - 0.314736) < 2e-6 && fit.errors.factor == .infinity
        && !fit.errors.areKnown)
  }

  @Test func histogramsHaveTheFinerOfTwoWidths() {
    #expect(AutoHistogram([]).counts.isEmpty && AutoHistogram([3, 3]).counts == [2])
    #expect(AutoHistogram([-1e308, 1e308, 0, 1, 2, 1e99]).counts.reduce(0, +) == 4)
    let values = (0..<1000).map { Double($0) }
    let histogram = AutoHistogram(values + [.nan, .infinity])
    // IQR 499.5, n^(1/3) = 10: 99.9 wide; Sturges: 999 / 10.97 = 91.1 wide, 11 bins.
    #expect(histogram.counts.count == 11 && histogram.edges.first == 0 && histogram.edges.last == 999)
    #expect(histogram.counts.reduce(0, +) == 1000)
  }

  @Test func slicesThatAreNoneAreRefused() throws {
    let bad: [([Double], [Int], Int, Double, Double)] = [
      ([0], [], 5, 0.1, 0), ([0, 1], [1, 2], 5, 0.1, 0), ([1, 0], [3], 5, 0.1, 0), ([0, .nan], [3], 5, 0.1, 0),
      ([0, 1], [-3], 5, 0.1, 0), ([0, 1], [3], 0, 0.1, 0), ([0, 1], [3], 5, 0, 0), ([0, 1], [3], 5, 0.1, -1),
    ]
    for (edges, counts, total, error, density) in bad {
      #expect(throws: CorrectionError.self) {
        try SeparationSlice(
          edgesArcsec: edges, counts: counts, total: total, quotedError: error, chancePerArcsec2: density)
      }
    }
    #expect(throws: CorrectionError.self) { try SliceFit([]) }
  }

  @Test func signalToNoiseFollowsFromMagnitude() throws {
    let (a, b, c) = (1.2e-2, 8e-17, 3.5e-16)
    try forEverySeed { rng in
      var (magnitudes, values) = ([Double](), [Double]())
      for _ in 0..<20000 {
        let m = rng.uniform(10, 18)
        let s = pow(10, -0.4 * m)
        magnitudes.append(m)
        values.append(s / (c * s + b + a * a * s * s).squareRoot() + rng.uniform(-0.05, 0.05))
      }
      let relation = try SignalToNoiseRelation(magnitudes: magnitudes + [.nan], signalToNoise: values + [9])
      print("a, b, c:", relation.inverseCeiling, relation.background, relation.photons)
      #expect(abs(relation.inverseCeiling - a) < 0.05 * a + 0.001 && abs(relation.background - b) < 0.05 * b + 5e-19)
      for m in [10.0, 14, 17] {
        let s = pow(10, -0.4 * m)
        let exact = s / (c * s + b + a * a * s * s).squareRoot()
        #expect(abs(relation.signalToNoise(magnitude: m) / exact - 1) < 0.01, "seed \(rng.seed)")
      }
    }
    #expect(throws: CorrectionError.self) { try SignalToNoiseRelation(magnitudes: [1], signalToNoise: [5]) }
    let snr = try #require(SignalToNoiseRelation.signalToNoise(magnitudeError: 0.1))
    #expect(abs(snr - 1 / (pow(10, 0.04) - 1)) < 1e-9)
    #expect(SignalToNoiseRelation.signalToNoise(magnitudeError: -1) == nil)
    #expect(SignalToNoiseRelation.signalToNoise(magnitudeError: .nan) == nil)
  }
}
