import Foundation
import Indexing
import Testing
import XMDBTestSupport

@Suite struct SeparationTests {
  /// Exact separations: ra1, dec1, ra2, dec2, expected degrees.
  static let vectors: [(Double, Double, Double, Double, Double)] = [
    (0, 0, 1 / 3600, 0, 1 / 3600),
    (0, 2.45734, 1 / 3600, 2.45734, cos(2.45734 * .pi / 180) / 3600),
    (25.10573, 15.48349, 25.30573, 15.48349, 0.2 * cos(15.48349 * .pi / 180)),
    (0, 86.47239, 0, 85.47239, 1),
    (0, -45, 180, 45, 180),
    (10, -50, 250, 65, 146.108_902_375_870_95),
  ]

  @Test(arguments: vectors.indices)
  func agreesWithTheSpecification(_ k: Int) {
    let (ra1, dec1, ra2, dec2, expected) = Self.vectors[k]
    let found = separation(ra1Degrees: ra1, dec1Degrees: dec1, ra2Degrees: ra2, dec2Degrees: dec2).degrees
    // The third is a chord along a parallel, shorter as a great circle by 2e-8 of itself: the specification's 1e-7.
    #expect(abs(found / expected - 1) < (k == 2 ? 1e-7 : 1e-12), "\(found) for \(expected)")
  }

  @Test(arguments: [1e-9, 1e-6, 1e-3, 1.0, 3600, 180 * 3600] as [Double])
  func aStepNorthKeepsItsFullPrecision(_ arcsec: Double) {
    let found = separation(ra1Degrees: 0, dec1Degrees: 0, ra2Degrees: 0, dec2Degrees: min(90, arcsec / 3600))
    #expect(abs(found.arcseconds / min(90 * 3600, arcsec) - 1) < 1e-14)
  }

  @Test(arguments: [1e-9, 1e-6, 1e-3, 1.0])
  func distancesAcrossThePoleAddUp(_ arcsec: Double) {
    let height = 90 - arcsec / 3600
    let found = separation(ra1Degrees: 17, dec1Degrees: height, ra2Degrees: 197, dec2Degrees: height)
    // 90 − dec as the numbers hold it: near the pole a degree has only so many digits.
    #expect(abs(found.degrees / (2 * (90 - height)) - 1) < 1e-14)
  }

  @Test(arguments: [1e-9, 1e-6, 1e-3, 1.0])
  func antipodesKeepTheirFullPrecision(_ arcsec: Double) {
    let found = separation(ra1Degrees: 30, dec1Degrees: -60, ra2Degrees: 210, dec2Degrees: 60 + arcsec / 3600)
    #expect(abs((Double.pi - found.radians) * 206_264.806_247_096_36 - arcsec) < 2e-10)
  }

  @Test func isSymmetricToTheBitAndTheSameWithWholeTurnsForEverySeed() {
    forEverySeed { rng in
      let sky = Sky.sphere(2000, using: &rng)
      for i in stride(from: 0, to: sky.count, by: 2) {
        let (a, b) = (i, i + 1)
        let there = separation(
          ra1Degrees: sky.raDegrees[a], dec1Degrees: sky.decDegrees[a], ra2Degrees: sky.raDegrees[b],
          dec2Degrees: sky.decDegrees[b])
        let back = separation(
          ra1Degrees: sky.raDegrees[b], dec1Degrees: sky.decDegrees[b], ra2Degrees: sky.raDegrees[a] - 720,
          dec2Degrees: sky.decDegrees[a])
        #expect(abs(there.radians - back.radians) < 1e-14, "seed \(rng.seed)")
        let mirrored = separation(
          ra1Degrees: sky.raDegrees[b], dec1Degrees: sky.decDegrees[b], ra2Degrees: sky.raDegrees[a],
          dec2Degrees: sky.decDegrees[a])
        #expect(there == mirrored, "seed \(rng.seed)")
      }
    }
  }

  @Test func agreesWithTheAngleOfUnitVectorsForEverySeed() throws {
    try forEverySeed { rng in
      let sky = Sky.sphere(1000, using: &rng)
      for i in 1..<sky.count {
        let a = try #require(SkyPosition(raDegrees: sky.raDegrees[i], decDegrees: sky.decDegrees[i]))
        let b = try #require(SkyPosition(raDegrees: sky.raDegrees[i - 1], decDegrees: sky.decDegrees[i - 1]))
        let (u, v) = (a.unitVector, b.unitVector)
        let cross = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
        let angle = atan2((cross * cross).sum().squareRoot(), (u * v).sum())
        #expect(abs(a.separation(to: b).radians - angle) < 1e-14, "seed \(rng.seed)")
      }
    }
  }
}

@Suite struct PositionAndAngleTests {
  @Test func rightAscensionIsBroughtIntoOneTurn() throws {
    for (given, expected) in [(-10.0, 350.0), (370, 10), (360, 0), (-1e-20, 0), (0, 0), (359.5, 359.5), (-720, 0)] {
      #expect(try #require(SkyPosition(raDegrees: given, decDegrees: 1)).raDegrees == expected)
    }
  }

  @Test func whatIsNotAPositionIsRefused() {
    for (ra, dec) in [(Double.nan, 0.0), (0, .nan), (.infinity, 0), (0, 90.000_001), (0, -91), (0, .infinity)] {
      #expect(SkyPosition(raDegrees: ra, decDegrees: dec) == nil, "\(ra), \(dec)")
    }
    #expect(SkyPosition(raDegrees: 12, decDegrees: -90) != nil)
  }

  @Test func anglesConvertBetweenTheirUnits() {
    let angle = Angle.degrees(1.5)
    #expect(abs(angle.arcminutes - 90) < 1e-12)
    #expect(abs(angle.arcseconds - 5400) < 1e-9)
    #expect(abs(angle.milliarcseconds - 5.4e6) < 1e-6)
    #expect(abs(angle.radians - .pi / 120) < 1e-16)
    #expect(abs((Angle.arcminutes(90) - angle).radians) < 1e-16)
    #expect(Angle.arcseconds(1) < .arcminutes(1) && -(-angle) == angle && angle * 2 / 2 == angle)
  }

  @Test func chordsAndAnglesUndoEachOtherAndGrowTogether() {
    var last = -1.0
    for exponent in stride(from: -15.0, through: 0.497, by: 0.01) {
      let angle = Angle.radians(pow(10, exponent))
      #expect(angle.chord > last)
      // Towards π a chord says little about its angle: d(angle) = d(chord) / cos(angle / 2).
      #expect(abs(Angle.chord(angle.chord).radians / angle.radians - 1) < 1e-15 / max(1e-4, cos(angle.radians / 2)))
      last = angle.chord
    }
    #expect(Angle.chord(2.000_000_1) == .radians(.pi))
  }
}

extension SeparationTests {
  /// 0.1 mas across right ascension 0: the turn must not cost digits.
  @Test(arguments: [0.0, 45.0, -80.0]) func smallSeparationsKeepTheirDigitsAcrossRightAscensionZero(dec: Double) {
    let step = 0x1p-26  // exact in binary on both sides of 360
    let across = separation(ra1Degrees: 360 - step, dec1Degrees: dec, ra2Degrees: step, dec2Degrees: dec)
    let plain = separation(ra1Degrees: 10 - step, dec1Degrees: dec, ra2Degrees: 10 + step, dec2Degrees: dec)
    #expect(across == plain)
    #expect(across == separation(ra1Degrees: step, dec1Degrees: dec, ra2Degrees: 360 - step, dec2Degrees: dec))
  }
}
