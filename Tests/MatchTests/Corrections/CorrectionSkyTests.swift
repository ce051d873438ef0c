import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Match

@Suite struct CorrectionSkyTests {
  /// 25,000 sources on 10° × 6°, true errors twice those quoted, which are 0.01 to 0.41″ in five slices of magnitude.
  private static func sky(_ rng: inout SplitMix64) -> MadeSky {
    let count = 25000
    var sky = MadeSky()
    sky.areaDegree2 = 60
    let groups: [(share: Double, magnitude: Double, sigma: Double)] = [
      (0.16, 14.07, 0.01), (0.17, 14.17, 0.02), (0.19, 14.27, 0.06), (0.23, 14.37, 0.12), (0.25, 14.47, 0.4),
    ]
    for row in 0..<count {
      let ra = 100 + 10 * Double(rng.below(count)) / Double(count - 1)
      let dec = -3 + 6 * Double(rng.below(count)) / Double(count - 1)
      sky.addReference((ra, dec), sigma: rng.uniform(0.001, 0.002))
      var (magnitude, sigma) = (10 + 8 * Double(row % 50) / 49, 0.01)
      if row >= 100 {
        var (place, left) = (0, Double(row - 100) / Double(count - 100))
        while place < groups.count - 1, left >= groups[place].share {
          left -= groups[place].share
          place += 1
        }
        magnitude = groups[place].magnitude + rng.uniform(-0.05, 0.05)
        sigma = groups[place].sigma + rng.uniform(0, 0.01)
      }
      let place = MadeSky.moved(ra, dec, rng.normal(sigma: 2 * sigma), rng.normal(sigma: 2 * sigma))
      sky.add(place, quoted: sigma, magnitude: magnitude)
    }
    return sky
  }

  private func expect(_ correction: ErrorCorrection, factor: Double, _ name: String) {
    print(name, "m", correction.factor, "n", correction.floorArcsec)
    #expect(
      abs(correction.factor - factor) < 0.1 * factor + 0.01 && correction.floorArcsec < 0.01, "\(name) \(correction)")
  }

  @Test func errorsTwiceThoseQuotedAreFoundToBeSo() throws {
    try forEverySeed { rng in
      let sky = Self.sky(&rng)
      let pairs = sky.pairs(within: 30, sigmas: 20)
      let fit = try CorrectionFit(pairs)
      expect(
        fit.correction, factor: 2,
        "quadratic, seed \(rng.seed), ± \(fit.errors.factor) χ²/ν \(fit.fitness.reducedChiSquare)")
      #expect(fit.fitness.reducedChiSquare < 2.5)
      expect(try CorrectionFit(pairs, relation: .linear).correction, factor: 2, "linear")
      // A second band whose errors are quoted twice as large.
      expect(try CorrectionFit(sky.pairs(within: 30, sigmas: 20, errors: 2)).correction, factor: 1, "second band")
      expect(try SliceFit(slices(sky)).correction, factor: 2, "slices")
      expect(try SliceFit(slices(sky), relation: .linear).correction, factor: 2, "slices, linear")
    }
  }

  private func slices(_ sky: MadeSky) throws -> [SeparationSlice] {
    let nearest = sky.mutual(within: 30)
    return try [14.07, 14.17, 14.27, 14.37, 14.47].map { magnitude in
      let own = nearest.filter { abs(sky.magnitude[$0.source] - magnitude) <= 0.05 }
      let middle = CorrectionScale.median(own.map { sky.quoted[$0.source] })
      let kept = own.filter { abs(sky.quoted[$0.source] - middle) <= 0.01 && $0.separation <= 20 * middle }
      return try SeparationSlice(
        separationsArcsec: kept.map(\.separation), quotedErrors: kept.map { sky.quoted[$0.source] },
        chancePerArcsec2: sky.density, limitArcsec: 1.185 * 6.1)
    }
  }

  /// The better catalogue is given at another epoch, from which its motions bring it back.
  @Test func aReferenceOfAnotherEpochIsMovedThere() throws {
    var rng = SplitMix64(seed: 5)
    var sky = Self.sky(&rng)
    let motion = ProperMotion(raMasPerYear: -1000, decMasPerYear: 0)
    for i in sky.referenceRA.indices {
      let displaced = MadeSky.moved(sky.referenceRA[i], sky.referenceDec[i], 18, 0)
      let back = moved(raDegrees: displaced.ra, decDegrees: displaced.dec, motion: motion, byYears: 18)
      (sky.referenceRA[i], sky.referenceDec[i]) = (back.0, back.1)
    }
    expect(try CorrectionFit(sky.pairs(within: 30, sigmas: 20)).correction, factor: 2, "moved reference")
  }

  /// Strangers in both catalogues, errors 7 times too small with a floor, and motions that nobody measured: half of the mutually nearest pairs are real.
  @Test(arguments: [(7.0, 0.0), (2.0, 0.05), (5.0, 0.02)]) func crowdedMovingSkiesGiveTheirErrorsAway(
    factor: Double, floor: Double
  ) throws {
    let motion = 0.012 * 15
    var inside = 0
    for seed in 1...6 {
      var rng = SplitMix64(seed: UInt64(seed))
      var sky = MadeSky()
      sky.areaDegree2 = 0.36 * (sin(0.3 * .pi / 180) * 180 / .pi) / 0.3
      for row in 0..<24000 {
        let place = (ra: 50 + 0.6 * rng.uniform(), dec: -0.3 + 0.6 * rng.uniform())
        let (sigma, reference) = (rng.logUniform(0.01, 0.08), rng.uniform(0.005, 0.02))
        let hasBoth = row < 9000
        if hasBoth || row % 2 == 0 {
          let spread = (reference * reference).squareRoot()
          sky.addReference(
            MadeSky.moved(place.ra, place.dec, rng.normal(sigma: spread), rng.normal(sigma: spread)), sigma: reference)
        }
        if hasBoth || row % 2 == 1 {
          let all = (pow(factor * sigma, 2) + floor * floor + motion * motion).squareRoot()
          let magnitude = hasBoth ? rng.uniform(14, 14.6) : rng.uniform(14.3, 15)
          sky.add(
            MadeSky.moved(place.ra, place.dec, rng.normal(sigma: all), rng.normal(sigma: all)), quoted: sigma,
            magnitude: magnitude)
        }
      }
      let fit = try CorrectionFit(sky.pairs(within: 8, other: motion * motion))
      if fit.errors.factorRange(sigmas: 2.5).contains(factor), fit.errors.floorRangeArcsec(sigmas: 2.5).contains(floor)
      {
        inside += 1
      }
      print(
        "m", fit.correction.factor, "±", fit.errors.factor, "n", fit.correction.floorArcsec, "±",
        fit.errors.floorArcsec,
        "pairs", fit.pairs, "F", fit.groups.map { ($0.chanceShare * 100).rounded() / 100 }, "χ²/ν",
        fit.fitness.reducedChiSquare)
      #expect(fit.fitness.reducedChiSquare < 2.5, "seed \(seed)")
    }
    #expect(inside >= 5)
  }

  /// Errors that come near the distance of neighbours: a stranger of the better catalogue that has a counterpart is not found in its place.
  @Test func largeErrorsAreFoundAmongStrangers() throws {
    var (pulls, shares) = (SIMD2(0.0, 0.0), 0.0)
    let seeds = 6
    for seed in 1...seeds {
      var rng = SplitMix64(seed: UInt64(100 + seed))
      var sky = MadeSky()
      sky.areaDegree2 = 0.36 * (sin(0.3 * .pi / 180) * 180 / .pi) / 0.3
      for row in 0..<16_000 {
        let place = (ra: 50 + 0.6 * rng.uniform(), dec: -0.3 + 0.6 * rng.uniform())
        let sigma = rng.logUniform(0.1, 0.8)
        let hasBoth = row < 8000
        if hasBoth || row % 2 == 0 {
          sky.addReference(
            MadeSky.moved(place.ra, place.dec, rng.normal(sigma: 0.1), rng.normal(sigma: 0.1)), sigma: 0.1)
        }
        if hasBoth || row % 2 == 1 {
          sky.add(
            MadeSky.moved(place.ra, place.dec, rng.normal(sigma: 5 * sigma), rng.normal(sigma: 5 * sigma)),
            quoted: sigma,
            magnitude: 14.05)
        }
      }
      let fit = try CorrectionFit(sky.pairs(within: 7))
      let (values, variances) = fit.errors.fitted
      pulls += (values - SIMD2(25, 0)) / SIMD2(variances.x.squareRoot(), variances.y.squareRoot()) / Double(seeds)
      shares += fit.groups[0].chanceShare / Double(seeds)
    }
    print("mean pulls of m², n²:", pulls, "F", shares)
    #expect(abs(pulls.x) < 1.2 && abs(pulls.y) < 1.2, "\(pulls)")
    #expect(abs(shares - 1.0 / 3) < 0.05, "\(shares)")
  }

  /// Errors with axes.
  @Test func ellipsesAreNotLargerCircles() throws {
    for ratio in [2.0, 5] {
      var rng = SplitMix64(seed: 71)
      var pairs = CorrectionPairs()
      for _ in 0..<6000 {
        let (sigma, axis) = (rng.logUniform(0.05, 0.4), rng.uniform(1, ratio))
        let (long, short) = (2 * sigma * axis.squareRoot(), 2 * sigma / axis.squareRoot())
        let (x, y) = (
          rng.normal(sigma: (long * long + 0.0004).squareRoot()),
          rng.normal(sigma: (short * short + 0.0004).squareRoot())
        )
        pairs.append(
          CorrectionPairs.Pair(
            separationArcsec: hypot(x, y), quotedError: sigma, axisRatio: axis, otherVarianceArcsec2: 0.0004,
            chancePerArcsec2: 1e-6, limitArcsec: 20))
      }
      let fit = try CorrectionFit(pairs)
      #expect(fit.errors.factorRange(sigmas: 3).contains(2), "\(ratio): \(fit.correction) ± \(fit.errors.factor)")
      #expect(fit.errors.floorRangeArcsec(sigmas: 3).contains(0), "\(ratio): \(fit.correction)")
      #expect(fit.fitness.reducedChiSquare < 2.5, "\(ratio): \(fit.fitness)")
    }
  }

  @Test func aSightlineIsFittedInATenthOfASecond() throws {
    var rng = SplitMix64(seed: 2)
    let pairs = MadeSeparations(factor: 2, floor: 0.05).pairs(10000, &rng)
    let clock = ContinuousClock()
    let start = clock.now
    let fit = try CorrectionFit(pairs)
    let time = clock.now - start
    print("10,000 pairs in", time, "m", fit.correction.factor)
    #expect(time < .seconds(1))
  }
}
