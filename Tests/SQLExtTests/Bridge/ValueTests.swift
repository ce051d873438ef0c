import Foundation
import Indexing
import Match
import Testing

@testable import SQLExt

/// SQL gives the very numbers of the modules below, and those agree with known ones.
@Suite struct ValueTests {
  let host: SQLHost
  init() throws { host = try SQLHost() }

  static let positions: [(Double, Double)] = [
    (0, 0), (359.999, 0.001), (10.5, 89.9), (-10, -90), (370, 45), (180, -12.345678), (66.75, 16.5), (0.1, 90),
  ]

  @Test func separationsAreThoseOfIndexing() throws {
    for (ra1, dec1) in ValueTests.positions {
      for (ra2, dec2) in ValueTests.positions {
        let expected = Indexing.separation(ra1Degrees: ra1, dec1Degrees: dec1, ra2Degrees: ra2, dec2Degrees: dec2)
        #expect(try host.number("SELECT xm_separation(\(ra1), \(dec1), \(ra2), \(dec2))") == expected.arcseconds)
      }
    }
  }

  @Test func tinySeparationsKeepTheirDigits() throws {
    // 1e-6 arcsec is 2.8e-10 degrees; adding it to 10 leaves 1.8e-15 degrees of rounding, 6e-6 of it.
    let step = 1e-6 / 3600
    #expect(abs(try host.number("SELECT xm_separation(10, 0, 10, \(step))") / 1e-6 - 1) < 1e-12)
    #expect(abs(try host.number("SELECT xm_separation(10, 0, 10 + \(step), 0)") / 1e-6 - 1) < 1e-5)
  }

  @Test func aTurnOfRightAscensionChangesNothing() throws {
    // 360 degrees is not a whole number of turns in radians: 5e-11 arcsec.
    #expect(try host.number("SELECT xm_separation(-10, 0, 350, 0) + xm_separation(370, 0, 10, 0)") < 1e-9)
    #expect(try host.value("SELECT xm_healpix(29, -10, 5) = xm_healpix(29, 350, 5)") == "1")
  }

  @Test(arguments: [
    (10.0, 0.0, 10.0, 1.0, 0.0), (10, 0, 11, 0, 90), (10, 0, 10, -1, 180), (10, 0, 9, 0, 270),
    (359.5, 0, 0.5, 0, 90), (123, 90, 10, 0, 293), (0, 0, 1e-9, 1e-9, 45), (77, 60, 77.000002, 60.000001, 45.000000574),
  ])
  func positionAnglesGoFromNorthThroughEast(ra1: Double, dec1: Double, ra2: Double, dec2: Double, angle: Double) throws
  {
    let found = try host.number("SELECT xm_position_angle(\(ra1), \(dec1), \(ra2), \(dec2))")
    #expect(abs(found - angle) < 2e-6, "\(found)")
  }

  @Test func equalPositionsHaveNoPositionAngle() throws {
    #expect(
      try host.value("SELECT xm_position_angle(10, 20, 10, 20), xm_position_angle(10, 20, 370, 20)") == "NULL|NULL")
  }

  @Test func aConeIncludesItsBorder() throws {
    #expect(try host.value("SELECT xm_in_cone(0, 1, 0, 0, 1), xm_in_cone(0, 1.0000001, 0, 0, 1)") == "1|0")
    #expect(try host.value("SELECT xm_in_cone(0, 90, 180, 89, 1.5), xm_in_cone(0, 0, 180, 0, 180)") == "1|1")
  }

  @Test func pixelsAreThoseOfIndexing() throws {
    for (ra, dec) in ValueTests.positions {
      let position = try #require(SkyPosition(raDegrees: ra, decDegrees: dec))
      for order in [0, 1, 8, 29] {
        let pixel = HealpixPixel(containing: position, order: order)
        let range = pixel.range29
        #expect(try host.value("SELECT xm_healpix(\(order), \(ra), \(dec))") == "\(pixel.index)")
        #expect(
          try host.value("SELECT xm_healpix_parent(\(pixel.index), \(order), 0)") == "\(pixel.parent(order: 0).index)")
        #expect(
          try host.value(
            "SELECT xm_healpix_first29(\(order), \(pixel.index)), xm_healpix_last29(\(order), \(pixel.index))")
            == "\(range.lowerBound)|\(range.upperBound - 1)")
        #expect(
          try host.value("SELECT xm_healpix_ra(\(order), \(pixel.index)), xm_healpix_dec(\(order), \(pixel.index))")
            == "\(pixel.center.raDegrees)|\(pixel.center.decDegrees)")
      }
    }
  }

  @Test func movedPositionsAreThoseOfIndexing() throws {
    let barnard = (ra: 269.4520750, dec: 4.6933906, pmRA: -798.58, pmDec: 10328.12)
    let motion = ProperMotion(raMasPerYear: barnard.pmRA, decMasPerYear: barnard.pmDec)
    let there = moved(raDegrees: barnard.ra, decDegrees: barnard.dec, motion: motion, byYears: 24.75)
    let call = "(\(barnard.ra), \(barnard.dec), \(barnard.pmRA), \(barnard.pmDec), 1991.25, 2016)"
    #expect(try host.value("SELECT xm_move\(call)") == "[\(there.raDegrees),\(there.decDegrees)]")
    #expect(try host.value("SELECT xm_move_ra\(call), xm_move_dec\(call)") == "\(there.raDegrees)|\(there.decDegrees)")
    #expect(try host.value("SELECT json_extract(xm_move\(call), '$[0]')") == "\(there.raDegrees)")
    // 24.75 years of 10.359 arcsec each, and back.
    let distance = "xm_separation(\(barnard.ra), \(barnard.dec), xm_move_ra\(call), xm_move_dec\(call))"
    #expect(abs(try host.number("SELECT \(distance)") - 24.75 * 10.358947) < 1e-3)
  }

  /// One island of one pair, worked by hand: P to 1e-9.
  @Test func anIsolatedPairHasItsExactProbability() throws {
    let pair = "0.5, 0.3, 0.4, 1e4, 2e4, 3e4"
    #expect(abs(try host.number("SELECT xm_match_probability(\(pair))") - 0.9881522136) < 1e-9)
    #expect(abs(try host.number("SELECT xm_xi(\(pair))") - 1.92118663) < 1e-8)
    #expect(try host.value("SELECT xm_match_probability(3600, 0.01, 0.01, 1e4, 2e4, 3e4)") == "0.0")
    #expect(try host.value("SELECT xm_xi(3600, 0.01, 0.01, 1e4, 2e4, 3e4)") == "-30.0")
    #expect(try host.value("SELECT xm_match_probability(0, 1e-12, 1e-12, 1e4, 2e4, 3e4)") == "1.0")
  }

  @Test func positionErrorsAreThoseOfMatch() throws {
    for (separation, a, b) in [(0.0, 0.3, 0.4), (0.5, 0.3, 0.4), (2.0, 0.001, 1.1), (1e-6, 0.1, 0.1)] {
      let covariance = PositionCovariance(circularSigmaArcsec: a) + PositionCovariance(circularSigmaArcsec: b)
      let density = exp(GaussianAUF.logDensity(dxArcsec: separation, dyArcsec: 0, covariance: covariance))
      let enclosed = GaussianAUF.cumulative(dxArcsec: 0, dyArcsec: separation, covariance: covariance)
      #expect(try host.number("SELECT xm_auf_density(\(separation), \(a), \(b))") == density)
      #expect(try host.number("SELECT xm_auf_cdf(\(separation), \(a), \(b))") == enclosed)
      let back = try host.number("SELECT xm_auf_radius(xm_auf_cdf(\(separation), \(a), \(b)), \(a), \(b))")
      #expect(abs(back - separation) <= 1e-12 * separation)
    }
  }

  @Test func textThatReadsAsANumberCounts() throws {
    #expect(try host.value("SELECT xm_separation('10', ' 0 ', '1.1e1', 0)") == "3600.0")
    #expect(try host.value("SELECT xm_healpix('0', 90, 0), xm_healpix(0.0, 90, 0)") == "5|5")
  }
}
