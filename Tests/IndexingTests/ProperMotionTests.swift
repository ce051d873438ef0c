import Foundation
import Indexing
import Testing
import XMDBTestSupport

@Suite struct ProperMotionTests {
  /// The closed form holds to 0.01 mas.
  static let toleranceArcsec = 1e-5

  @Test func agreesWithTheSpecification() {
    let overThePole = moved(
      raDegrees: 180, decDegrees: 85, motion: ProperMotion(raMasPerYear: 0, decMasPerYear: 5 * 3.6e6), byYears: 2)
    // 85° + atan(10°) passes the pole: 90 − (85 + atan(0.17453…) − 90), on the other side.
    #expect(abs(overThePole.raDegrees) < 1e-12)
    #expect(abs(overThePole.decDegrees - 85.0997) < 5e-5)
    let along = moved(
      raDegrees: 0, decDegrees: 0, motion: ProperMotion(raMasPerYear: 30_000, decMasPerYear: 0), byYears: 50)
    #expect(abs(along.raDegrees - 0.416_659_3) < 5e-8)
    #expect(along.decDegrees == 0)
  }

  @Test func anUnknownMotionIsNoMotion() {
    #expect(ProperMotion.ifKnown(raMasPerYear: .nan, decMasPerYear: 1) == nil)
    #expect(ProperMotion.ifKnown(raMasPerYear: 1, decMasPerYear: .nan) == nil)
    #expect(ProperMotion.ifKnown(raMasPerYear: 1, decMasPerYear: 2) == ProperMotion(raMasPerYear: 1, decMasPerYear: 2))
  }

  @Test func withoutMotionOrTimeNothingMovesByABit() {
    forEverySeed { rng in
      let sky = Sky.sphere(500, using: &rng)
      for (ra, dec) in zip(sky.raDegrees, sky.decDegrees) {
        let motion = ProperMotion(raMasPerYear: rng.normal(sigma: 100), decMasPerYear: rng.normal(sigma: 100))
        #expect(moved(raDegrees: ra, decDegrees: dec, motion: motion, byYears: 0) == (ra, dec), "seed \(rng.seed)")
        let still = ProperMotion(raMasPerYear: 0, decMasPerYear: 0)
        #expect(moved(raDegrees: ra, decDegrees: dec, motion: still, byYears: 30) == (ra, dec), "seed \(rng.seed)")
      }
    }
  }

  @Test func theDistanceAndDirectionTravelledAreThoseOfTheMotionForEverySeed() {
    forEverySeed { rng in
      var sky = Sky.sphere(500, using: &rng)
      for dec in [90 - 1e-7, 89.999, -89.9999] { sky.append(rng.uniform(0, 360), dec) }
      for (ra, dec) in zip(sky.raDegrees, sky.decDegrees) {
        let total = rng.logUniform(1, 10_000)
        let direction = rng.uniform(0, 2 * .pi)
        let years = rng.uniform(-60, 60)
        let motion = ProperMotion(raMasPerYear: total * cos(direction), decMasPerYear: total * sin(direction))
        let end = moved(raDegrees: ra, decDegrees: dec, motion: motion, byYears: years)
        let travelled = atan(total * years / 1000 / 206_264.806_247_096_36)
        let expected = Sky.vector(aroundRA: ra, dec: dec, distanceRadians: travelled, direction: direction)
        var target = Sky()
        target.append(vector: expected)
        let off = separation(
          ra1Degrees: end.raDegrees, dec1Degrees: end.decDegrees, ra2Degrees: target.raDegrees[0],
          dec2Degrees: target.decDegrees[0])
        #expect(off.arcseconds < Self.toleranceArcsec / 1000, "seed \(rng.seed): \(ra) \(dec) \(motion) \(years)")
        #expect(end.raDegrees >= 0 && end.raDegrees < 360 && abs(end.decDegrees) <= 90)
      }
    }
  }

  @Test func aMotionAcrossTheMeridianOfZeroWraps() {
    let west = moved(
      raDegrees: 0.000_1, decDegrees: 0, motion: ProperMotion(raMasPerYear: -1000, decMasPerYear: 0), byYears: 1)
    #expect(abs(west.raDegrees - (360 + 0.000_1 - 1 / 3600)) < 1e-9)
  }

  @Test func errorsGrowWithTheSquareOfTime() {
    let later = ErrorGrowth.variance(positionArcsec2: 0.04, motionSigmaMasPerYear: 15, years: -20)
    #expect(abs(later - (0.04 + 0.09)) < 1e-15)
    let cross = ErrorGrowth.covariance(positionArcsec2: -0.01, motionMas2PerYear2: 225, years: 20)
    #expect(abs(cross - (-0.01 + 0.09)) < 1e-15)
    #expect(ErrorGrowth.variance(positionArcsec2: 0.04, motionSigmaMasPerYear: .nan, years: 1).isNaN)
  }
}
