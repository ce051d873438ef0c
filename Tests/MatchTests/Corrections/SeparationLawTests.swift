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
      let place = law.free.place(half: r * r / 2)
      #expect(abs(r * law.chanceDensity(at: place) - nu) < 1e-9)
      #expect(abs(r * law.density(at: place, variance: 0.09).value - mu) < 1e-9)
      #expect(abs(law.chanceInside(place) + law.chanceOutside(half: place.half) - 1) < 1e-12)
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
      let place = law.free.place(half: r * r / 2)
      let expected = c * survival + r * law.chanceDensity(at: place) * (1 - inside)
      #expect(abs(r * law.density(at: place, variance: 0.04).value - expected) < 1e-12)
    }
  }

  @Test func derivativesAreThoseOfDifferences() throws {
    let (basis, mixture) = try perturbed()
    var moving = law(Self.density, mixture: mixture, basis: basis)
    moving.motion = MotionWidths(weights: [0.2, 0, 0, 0, 0, 0.3, 0, 0, 0.4, 0, 0, 0, 0.1])
    moving.squaredYears = 225
    var busy = law(Self.density, mixture: mixture, basis: basis)
    busy.reference = 0.4 * busy.chance
    busy.free = FreeStrangers(matchedShare: 0.6, variances: [(1, 0.02), (3, 0.09), (2, 0.5)])
    var tilted = busy
    tilted.axes = EllipseCircles(Self.ellipse, .none)
    for law in [law(Self.density), law(Self.density, mixture: mixture, basis: basis), moving, busy, tilted] {
      for half in [0.001, 0.05, 0.4, 2] {
        let (v, step, place) = (0.07, 1e-4, law.free.place(half: half))
        let functions: [(Double) -> Jet] = [
          { law.density(at: place, variance: $0) }, { law.inside(place, variance: $0) },
          { law.outside(half: half, variance: $0) },
        ]
        for function in functions {
          let jet = function(v)
          let (up, down) = (function(v + step), function(v - step))
          let scale = max(abs(jet.first), 1e-3)
          #expect(abs((up.value - down.value) / (2 * step) - jet.first) < 1e-4 * scale)
          #expect(abs((up.first - down.first) / (2 * step) - jet.second) < 1e-3 * max(abs(jet.second), 1e-2))
        }
        // The integrals of the densities.
        let steps = 4000
        let radius = (2 * half).squareRoot()
        var (integral, chance) = (0.0, 0.0)
        for k in 0..<steps {
          let r = radius * (Double(k) + 0.5) / Double(steps)
          let place = law.free.place(half: r * r / 2)
          integral += r * law.density(at: place, variance: v).value * radius / Double(steps)
          chance += r * law.chanceDensity(at: place) * radius / Double(steps)
        }
        #expect(abs(law.inside(place, variance: v).value - integral) < 1e-6)
        #expect(abs(law.chanceInside(place) - chance) < 1e-6)
        if law.reference == nil { #expect(abs(1 - law.outside(half: half, variance: v).value - integral) < 1e-6) }
      }
    }
  }

  private static let ellipse = CorrectionPairs.Pair(
    separationArcsec: 0.1, quotedError: 0.3, axisRatio: 2.5, otherVarianceArcsec2: 0.01, chancePerArcsec2: 0,
    limitArcsec: 1)

  /// The circles of an ellipse are its average over position angle.
  @Test func anEllipseSeenFromAllSidesIsCircles() throws {
    let correction = try #require(ErrorCorrection(checked: .quadratic, factor: 1.4, floorArcsec: 0.1))
    let circles = EllipseCircles(Self.ellipse, correction)
    let scaled = 1.4 * 1.4 * 0.09
    let (long, short) = (scaled * 2.5 + 0.02, scaled / 2.5 + 0.02)
    let variance = scaled + 0.02
    #expect(circles.count == 8 && abs(circles.weights.sum() - 1) < 1e-12)
    for r in [0.0, 0.1, 0.4, 0.9, 1.6] {
      let average = (0..<3600).reduce(0.0) { sum, k in
        let (x, y) = (r * cos(Double(k) * .pi / 1800), r * sin(Double(k) * .pi / 1800))
        return sum + exp(-x * x / 2 / long - y * y / 2 / short) / (2 * .pi * (long * short).squareRoot()) / 3600
      }
      let sum = (0..<circles.count).reduce(0.0) { sum, k in
        let v = circles.parts[k] * variance
        return sum + circles.weights[k] * exp(-r * r / 2 / v) / (2 * .pi * v)
      }
      #expect(abs(sum - average) < 0.003 * average, "\(r): \(sum) \(average)")
    }
    var mild = Self.ellipse
    mild.axisRatio = 1.5
    #expect(EllipseCircles(mild, .none).count == 4)
    var round = Self.ellipse
    round.axisRatio = 1.01
    #expect(EllipseCircles(round, correction).count == 1)
    (round.axisRatio, round.otherVarianceArcsec2) = (1e9, 0)
    #expect(EllipseCircles(round, .none).count == 1, "a line has no average that is useful")
  }

  @Test func strangersWithNearerCounterpartsAreNotFound() {
    let free = FreeStrangers(matchedShare: 0.7, variances: (1...700).map { (1, Double($0) / 700) })
    for r in [0.0, 0.3, 1, 3] {
      let exact = 0.3 + 0.7 * (1...700).reduce(0.0) { $0 + exp(-r * r / 2 / (Double($1) / 700)) } / 700
      #expect(abs(free.place(half: r * r / 2).share - exact) < 0.03, "\(r)")
    }
    for none in [
      FreeStrangers.all, FreeStrangers(matchedShare: 0.5, variances: []),
      FreeStrangers(matchedShare: .nan, variances: [(1, 1)]), FreeStrangers(matchedShare: 0.5, variances: [(0, 1)]),
    ] { #expect(none.place(half: 3).share == 1) }
    #expect(FreeStrangers(matchedShare: 9, variances: [(1, 0)]).place(half: 3).share >= 0.01)
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
