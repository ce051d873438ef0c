import Foundation
import Testing

@testable import Ingest

/// Against astropy 8.0.2 (SkyCoord(…).icrs) and, for the ecliptic, eceq06 of pyerfa 2.0.1.5.
@Suite struct FrameConversionTests {
  private struct Case {
    let frame: SkyFrame
    let epoch: Double
    let from: (Double, Double)
    let to: (Double, Double)
    /// Arcsec. astropy takes galactic coordinates by way of FK5, and precesses FK5 by IAU 2006: 0.03 arcsec.
    let tolerance: Double

    init(
      _ frame: SkyFrame, _ epoch: Double, _ lon: Double, _ lat: Double, _ ra: Double, _ dec: Double, _ tolerance: Double
    ) {
      (self.frame, self.epoch, self.tolerance) = (frame, epoch, tolerance)
      (from, to) = ((lon, lat), (ra, dec))
    }
  }

  private static let cases: [Case] = [
    Case(.galactic, 2000, 0, 0, 266.4049882865447, -28.936177761791473, 0.03),
    Case(.galactic, 2000, 123.456, -45.678, 13.242767198617521, 17.192187482629716, 0.03),
    Case(.galactic, 2000, 359.999, 89.9, 192.95373756909046, 27.073855268617347, 0.03),
    Case(.galactic, 2000, 10, -89.95, 12.807728386638566, -27.147724789230118, 0.03),
    Case(.supergalactic, 2000, 0, 0, 42.31010922077175, 59.528349977701275, 0.03),
    Case(.supergalactic, 2000, 266.4, -28.9, 38.32856913542833, -33.56431702641082, 0.03),
    Case(.ecliptic(equinox: 2000), 2000, 123.456, -45.678, 115.17733486242822, -25.120006083924643, 1e-6),
    Case(.ecliptic(equinox: 1991.25), 2000, 10, -89.95, 89.87603736487874, -66.55074439812611, 1e-6),
    Case(.fk5(equinox: 1975), 2000, 123.456, -45.678, 123.65733049501274, -45.75493290176683, 0.05),
    Case(.fk5(equinox: 1975), 2000, 10, -89.95, 2.841622332125312, -89.81139279766646, 0.05),
    Case(.fk5(equinox: 2000), 2000, 0, 0, 359.9999936388889, -2.527777777777777e-06, 0.05),
    Case(.fk5(equinox: 2000), 2000, 359.999, 89.9, 359.9958265640757, 89.89999747197298, 0.05),
    Case(.fk4, 1949.9997904423, 123.456, -45.678, 123.85860868224854, -45.832314062098064, 0.05),
    Case(.fk4, 1949.9997904423, 266.4, -28.9, 267.19426374083724, -28.915564600418584, 0.05),
    Case(.fk4, 1983.5, 123.456, -45.678, 123.85866579575966, -45.83229195133402, 0.05),
    Case(.fk4, 1983.5, 200, 30, 200.585259363251, 29.73896609139183, 0.05),
  ]

  @Test func positionsAreThoseOfAstropy() {
    for one in Self.cases {
      let found = FrameConversion(one.frame).turned(lonDegrees: one.from.0, latDegrees: one.from.1, epoch: one.epoch)
      let apart = Self.arcsec((found.raDegrees, found.decDegrees), one.to)
      #expect(apart < one.tolerance, "\(one.frame) \(one.from) at \(one.epoch): \(apart) arcsec")
    }
  }

  private static func arcsec(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
    let east = (a.0 - b.0).remainder(dividingBy: 360) * cos(a.1 * .pi / 180)
    return 3600 * (east * east + (a.1 - b.1) * (a.1 - b.1)).squareRoot()
  }

  @Test func motionsAreThoseOfAstropy() {
    let found = FrameConversion(.galactic).motion(lonDegrees: 123.456, latDegrees: -45.678, epoch: 2016, 100, -50)
    #expect(abs(found.x - 99.57030968958392) < 1e-4 && abs(found.y - -50.85030411236871) < 1e-4, "\(found)")
  }

  /// A source at rest in FK4 moves in FK5, since the axes of FK4 turn: by less than 15 mas/yr (eraFk425 gives 6 and 2.5 here).
  @Test func axesOfFK4Turn() {
    let found = FrameConversion(.fk4).motion(lonDegrees: 123.456, latDegrees: -45.678, epoch: 1950, 0, 0)
    #expect(abs(found.x - 4.24) < 1.5 && abs(found.y - 2.51) < 1.5, "\(found)")
    let none = FrameConversion(.ecliptic(equinox: 2000)).motion(lonDegrees: 3, latDegrees: 4, epoch: 1950, 0, 0)
    #expect(abs(none.x) < 1e-6 && abs(none.y) < 1e-6)
  }

  /// The axes turn as two positions that lie a little north and east of one another do.
  @Test(arguments: [SkyFrame.galactic, .supergalactic, .ecliptic(equinox: 2000), .fk4, .fk5(equinox: 1900)])
  func errorsTurnWithTheAxes(_ frame: SkyFrame) {
    let conversion = FrameConversion(frame)
    for (lon, lat) in [(0.0, 0.0), (123.0, 80.0), (300.0, -60.0), (45.0, 89.99), (12.0, -89.999)] {
      let here = conversion.turned(lonDegrees: lon, latDegrees: lat, epoch: 2000)
      for (x, y) in [(1.0, 0.0), (0.0, 1.0), (0.6, -0.8)] {
        let motion = conversion.motion(lonDegrees: lon, latDegrees: lat, epoch: 2000, 1000 * x, 1000 * y)
        let rest = conversion.motion(lonDegrees: lon, latDegrees: lat, epoch: 2000, 0, 0)
        let (east, north) = here.vector(x, y)
        #expect(abs((motion.x - rest.x) / 1000 - east) < 1e-5, "\(frame) \(lon) \(lat)")
        #expect(abs((motion.y - rest.y) / 1000 - north) < 1e-5, "\(frame) \(lon) \(lat)")
        let cov = here.covariance(xx: x * x, yy: y * y, xy: x * y)
        #expect(abs(cov.xx - east * east) < 1e-12 && abs(cov.xy - east * north) < 1e-12)
        #expect(abs(cov.yy - north * north) < 1e-12)
      }
    }
  }

  @Test func everyDirectionIsFinite() {
    for frame in [SkyFrame.galactic, .supergalactic, .ecliptic(equinox: 1800), .fk4, .fk5(equinox: 2200), .icrs] {
      let conversion = FrameConversion(frame)
      for lon in stride(from: 0.0, to: 360, by: 45) {
        for lat in [-90.0, -89.999999, 0, 1e-300, 90] {
          for epoch in [1500.0, 2000, 2500] {
            let found = conversion.turned(lonDegrees: lon, latDegrees: lat, epoch: epoch)
            #expect((0..<360).contains(found.raDegrees) && abs(found.decDegrees) <= 90)
            #expect(abs(found.cosine * found.cosine + found.sine * found.sine - 1) < 1e-12)
          }
        }
      }
    }
  }

  @Test(arguments: [
    ("icrs", SkyFrame.icrs), ("FK5", .fk5(equinox: 2000)), ("fk5:J1975", .fk5(equinox: 1975)),
    ("fk5:1900.5", .fk5(equinox: 1900.5)), ("fk4", .fk4), ("fk4:B1950.0", .fk4), ("b1950", .fk4),
    ("Galactic", .galactic), ("supergalactic", .supergalactic), ("ecliptic", .ecliptic(equinox: 2000)),
    ("ecliptic:J1991.25", .ecliptic(equinox: 1991.25)),
  ]) func optionsAreRead(_ text: String, _ frame: SkyFrame) throws {
    #expect(try SkyFrame(option: text) == frame)
    #expect(try SkyFrame(option: frame.description) == frame)
    #expect(SkyFrame(columnFrame: frame.name) == frame)
  }

  @Test(arguments: [
    "", "icrs:2000", "fk4:B1900", "fk4:J1950", "galactic:2000", "fk5:", "fk5:J", "fk5:1e3", "fk5:-2000", "fk5:9999",
    "altaz", "fk5:nan", "fk5:J2000:x",
  ]) func otherOptionsAreRefused(_ text: String) {
    #expect(throws: IngestError.self) { try SkyFrame(option: text) }
  }

  @Test(
    arguments: [
      ("eq_FK4 at equinox B1950", SkyFrame.fk4), ("eq_FK5 at equinox J1975.0", .fk5(equinox: 1975)),
      ("FK4 at equinox B1950.0", .fk4), ("ecl_FK5 at equinox J2000", .ecliptic(equinox: 2000)),
      ("SUPER_GALACTIC", .supergalactic), ("FK4-NO-E", nil), ("eq_FK4 at equinox B1875", nil), ("geo_app", nil),
    ] as [(String, SkyFrame?)]) func framesOfFilesAreRead(_ text: String, _ frame: SkyFrame?)
  {
    #expect(SkyFrame(columnFrame: text) == frame)
  }
}
