import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Sources of one sightline whose counterparts moved for 17 years as the stars of the whole model do, among strangers.
@Suite struct MovedCalibrationTests {
  private struct Field {
    let years = 17.0
    let sigma = 0.1
    let radius = 12.0
    let counterpartShare = 0.7
    let density = 2e4 / 3600 / 3600
    let cells: [MotionGaussian]
    let starShare: Double
    let grid: MotionGrid

    init(l: Double, b: Double, magnitude: Double, starShare: Double) throws {
      let counts = StarCounts(band: try Bands.band("gaia", "G"))
      let direction = try GalacticDirection(longitudeDegrees: l, latitudeDegrees: b)
      cells = try SightlineMotions(direction, counts: counts, extinction: nil, magnitudes: [magnitude]).cells(
        magnitude: 0)
      grid = try MotionGrid(direction, counts: counts, magnitudes: [magnitude], starShares: [starShare])
      self.starShare = starShare
    }

    /// A motion of the model, mas/yr.
    func motion(_ rng: inout SplitMix64) -> SIMD2<Double> {
      guard rng.uniform() < starShare else { return .zero }
      var pick = rng.uniform()
      for g in cells {
        pick -= g.weight
        if pick >= 0 { continue }
        let (u, v, a) = (rng.normal(), rng.normal(), g.xx.squareRoot())
        return SIMD2(g.meanX + a * u, g.meanY + g.xy / a * u + (g.yy - g.xy * g.xy / g.xx).squareRoot() * v)
      }
      return .zero
    }
  }

  /// Probabilities of candidates in tenths: how many there are, their sum, and how many are real.
  private struct Tenths {
    var counts = [Double](repeating: 0, count: 10)
    var sums = [Double](repeating: 0, count: 10)
    var real = [Double](repeating: 0, count: 10)

    mutating func add(_ p: Double, isReal: Bool) {
      let place = min(Int(p * 10), 9)
      counts[place] += 1
      sums[place] += p
      real[place] += isReal ? 1 : 0
    }

    /// The largest difference of a tenth in units of its binomial error.
    var worst: Double {
      counts.indices.reduce(0) { most, k in
        let p = sums[k] / max(counts[k], 1)
        guard counts[k] >= 50 else { return most }
        return max(most, abs(real[k] - sums[k]) / (counts[k] * p * (1 - p) + 1).squareRoot())
      }
    }
  }

  private struct Outcome {
    var (moved, circular, still) = (Tenths(), Tenths(), Tenths())
    /// Of counterparts faster than 30 mas/yr: how many there are, and how many have P > 0.5 with their motion and without.
    var (fast, found, foundStill) = (0.0, 0.0, 0.0)
    /// Of counterparts at rest.
    var (resting, foundResting) = (0.0, 0.0)
  }

  private func outcome(_ field: Field, sources: Int, _ rng: inout SplitMix64) -> Outcome {
    let covariance = PositionCovariance(circularSigmaArcsec: field.sigma)
    let motions = field.grid.mixtures[0]
    let drift = DriftLaw(field.grid.widths[0], years: field.years, spreadArcsec2: covariance.xx)
    var result = Outcome()
    for _ in 0..<sources {
      var candidates: [SIMD2<Double>] = []
      var speed = -1.0
      if rng.uniform() < field.counterpartShare {
        let motion = field.motion(&rng)
        speed = (motion * motion).sum().squareRoot()
        let offset = motion * field.years / 1000 + SIMD2(rng.normal(sigma: field.sigma), rng.normal(sigma: field.sigma))
        candidates.append(offset)
      }
      let first = candidates.count
      let strangers = Self.poisson(field.density * .pi * field.radius * field.radius, &rng)
      for _ in 0..<strangers {
        let (r, angle) = (field.radius * rng.uniform().squareRoot(), 2 * Double.pi * rng.uniform())
        candidates.append(SIMD2(r * cos(angle), r * sin(angle)))
      }
      let moved = candidates.map {
        motions.logDensity(eastArcsec: $0.x, northArcsec: $0.y, covariance: covariance, years: field.years)
      }
      let separations = candidates.map { ($0 * $0).sum().squareRoot() }
      let circular = separations.map {
        DriftedPair.value(drift, varianceArcsec2: covariance.xx, separationArcsec: $0).logDensityPerArcsec2
      }
      let still = separations.map { -$0 * $0 / (2 * covariance.xx) - log(2 * .pi * covariance.xx) }
      let all = [moved, circular, still].map { probabilities($0, field) }
      for k in candidates.indices {
        let isReal = k < first
        result.moved.add(all[0][k], isReal: isReal)
        result.circular.add(all[1][k], isReal: isReal)
        result.still.add(all[2][k], isReal: isReal)
      }
      guard first == 1 else { continue }
      if speed > 30 {
        result.fast += 1
        result.found += all[0][0] > 0.5 ? 1 : 0
        result.foundStill += all[2][0] > 0.5 ? 1 : 0
      } else if speed == 0 {
        result.resting += 1
        result.foundResting += all[0][0] > 0.5 ? 1 : 0
      }
    }
    return result
  }

  /// As many uniform numbers as keep their product above e^(−mean) (Knuth).
  private static func poisson(_ mean: Double, _ rng: inout SplitMix64) -> Int {
    var (number, product) = (0, rng.uniform())
    while product > exp(-mean) {
      number += 1
      product *= rng.uniform()
    }
    return number
  }

  /// Of each candidate: c G / N over 1 − c and all of these.
  private func probabilities(_ logDensities: [Double], _ field: Field) -> [Double] {
    let odds = logDensities.map { field.counterpartShare * exp($0) / field.density }
    let total = odds.reduce(1 - field.counterpartShare, +)
    return odds.map { $0 / total }
  }

  @Test(arguments: [(30.0, 40.0, 15.0, 1.0), (200, -60, 19, 0.6), (55, 2, 17, 1), (1.25, -2.65, 20, 0.9)])
  func probabilitiesOfMovedPairsMeanWhatTheySay(l: Double, b: Double, magnitude: Double, starShare: Double) throws {
    let field = try Field(l: l, b: b, magnitude: magnitude, starShare: starShare)
    forEverySeed { rng in
      let outcome = outcome(field, sources: 12000, &rng)
      print(
        "l \(l) b \(b) G \(magnitude): worst tenth, σ:", outcome.moved.worst, "circular", outcome.circular.worst,
        "still",
        outcome.still.worst, "fast:", outcome.fast, outcome.found / outcome.fast, outcome.foundStill / outcome.fast,
        "at rest", outcome.foundResting / outcome.resting)
      #expect(outcome.moved.worst < 4, "seed \(rng.seed)")
      if outcome.fast > 100 { #expect(outcome.found > outcome.foundStill) }
    }
  }

  @Test func motionsCostAFractionOfAMicrosecond() throws {
    let field = try Field(l: 30, b: 40, magnitude: 15, starShare: 0.8)
    let (drift, count) = (DriftLaw(field.grid.widths[0], years: 17, spreadArcsec2: 0.01), 200_000)
    var sum = 0.0
    let taken = ContinuousClock().measure {
      for k in 0..<count {
        sum += DriftedPair.value(drift, varianceArcsec2: 0.01, separationArcsec: 1e-5 * Double(k)).level
      }
    }
    print("a pair:", taken / count, sum)
    #expect(sum.isFinite && taken < .seconds(5))
  }
}

/// Pairs that nothing pulls but a drift, as a match judges them.
enum DriftedPair {
  private static let pair = PerturbedPair(a: .none, b: .none)

  static func value(_ drift: DriftLaw, varianceArcsec2: Double, separationArcsec: Double) -> PerturbedPair.Value {
    pair.value(.none, .none, widths: 0...DriftLaw.count - 1, separationArcsec: separationArcsec) {
      (drift.weights[$0], varianceArcsec2 + drift.variancesArcsec2[$0])
    }
  }
}
