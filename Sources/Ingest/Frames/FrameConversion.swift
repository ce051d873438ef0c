internal import CERFA
internal import Glibc

/// Turns directions of a frame into ICRS, by ERFA, with the errors and motions that are given along its axes.
///
/// Galactic, supergalactic and ecliptic coordinates are ICRS turned by a matrix. FK5 is brought to its equinox J2000 by the precession of
/// IAU 1976 and then, with the slow spin of its axes, into the frame of Hipparcos, which is ICRS within 0.6 mas. FK4 loses its
/// terms of aberration and its equinox and goes on as FK5. What motions become is the difference of directions a year before
/// and after, which needs no second set of formulae.
///
/// Sources: ERFA, eraG2icrs, eraEcm06, eraPmat76, eraFk5hz, eraFk45z; de Vaucouleurs et al. (1976) for the supergalactic pole.
struct FrameConversion: Sendable {
  let frame: SkyFrame
  /// Of frames that are only turned: rows are ICRS x, y, z. For FK5: from its equinox to J2000.
  private let matrix: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  init(_ frame: SkyFrame) {
    self.frame = frame
    matrix =
      switch frame {
      case .icrs, .fk4: Self.unit
      case .galactic: Self.galactic
      case .supergalactic: Self.product(Self.galactic, Self.supergalactic)
      case .ecliptic(let equinox): Self.transposed { eraEcm06(Self.j2000, Self.days(equinox), $0) }
      case .fk5(let equinox): Self.transposed { eraPmat76(Self.j2000, Self.days(equinox), $0) }
      }
  }

  /// The epoch at which positions of an unknown one are taken. It matters to FK5, whose axes turn by less than 1 mas/yr, and to
  /// FK4, whose axes turn by 13 mas/yr.
  var assumedEpoch: Double { frame == .fk4 ? Self.b1950 : 2000 }

  private static let b1950 = 1949.9997904423
  private static let j2000 = 2_451_545.0
  private static func days(_ years: Double) -> Double { (years - 2000) * 365.25 }

  // MARK: Directions

  /// The ICRS direction of one of the frame, at an epoch in Julian years.
  func direction(_ p: SIMD3<Double>, epoch: Double) -> SIMD3<Double> {
    switch frame {
    case .icrs: return p
    case .galactic, .supergalactic, .ecliptic: return turned(p)
    case .fk5: return Self.hipparcos(Angles(turned(p)), epoch)
    case .fk4:
      let old = Angles(p)
      var new = Angles()
      eraFk45z(old.lon, old.lat, eraEpb(Self.j2000, Self.days(epoch)), &new.lon, &new.lat)
      return Self.hipparcos(new, epoch)
    }
  }

  private func turned(_ p: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3((matrix.0 * p).sum(), (matrix.1 * p).sum(), (matrix.2 * p).sum())
  }

  private static func hipparcos(_ fk5: Angles, _ epoch: Double) -> SIMD3<Double> {
    var icrs = Angles()
    eraFk5hz(fk5.lon, fk5.lat, j2000, days(epoch), &icrs.lon, &icrs.lat)
    return icrs.vector
  }

  // MARK: Sources

  /// A position in ICRS, and how its axes lie against those of the frame.
  struct Turned {
    /// Degrees, in [0, 360).
    var raDegrees: Double
    var decDegrees: Double
    /// Cosine and sine of the angle from north in ICRS to north in the frame, through east.
    var cosine: Double
    var sine: Double

    /// Components along the axes of the frame, along those of ICRS.
    func vector(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (cosine * x + sine * y, cosine * y - sine * x)
    }

    /// A covariance along the axes of the frame, along those of ICRS.
    func covariance(xx: Double, yy: Double, xy: Double) -> (xx: Double, yy: Double, xy: Double) {
      let (c, s) = (cosine, sine)
      return (
        c * c * xx + 2 * c * s * xy + s * s * yy, s * s * xx - 2 * c * s * xy + c * c * yy,
        (c * c - s * s) * xy + c * s * (yy - xx)
      )
    }
  }

  /// Turns a position in degrees, finite and of a latitude within ±90.
  func turned(lonDegrees: Double, latDegrees: Double, epoch: Double) -> Turned {
    let from = Angles(lon: lonDegrees * .pi / 180, lat: latDegrees * .pi / 180)
    let to = Angles(direction(from.vector, epoch: epoch))
    // A hundred-thousandth of a radian to either side: the angle is right to its square.
    let step = 1e-5 * from.north
    let north = direction(from.vector + step, epoch: epoch) - direction(from.vector - step, epoch: epoch)
    let (x, y) = ((north * to.east).sum(), (north * to.north).sum())
    let length = (x * x + y * y).squareRoot()
    let ra = to.lon * 180 / .pi
    return Turned(
      raDegrees: PositionCircle.normalised(ra), decDegrees: max(-90, min(90, to.lat * 180 / .pi)), cosine: y / length,
      sine: x / length)
  }

  /// Turns a motion, mas/yr along the axes; that along the longitude includes the cosine of the latitude.
  func motion(
    lonDegrees: Double, latDegrees: Double, epoch: Double, _ x: Double, _ y: Double
  ) -> (x: Double, y: Double) {
    let from = Angles(lon: lonDegrees * .pi / 180, lat: latDegrees * .pi / 180)
    let perYear = (x * from.east + y * from.north) / Self.masPerRadian
    let after = direction(Self.normalised(from.vector + perYear), epoch: epoch + 1)
    let before = direction(Self.normalised(from.vector - perYear), epoch: epoch - 1)
    let to = Angles(direction(from.vector, epoch: epoch))
    let change = (after - before) * (Self.masPerRadian / 2)
    return ((change * to.east).sum(), (change * to.north).sum())
  }

  private static let masPerRadian = 648_000_000 / Double.pi

  private static func normalised(_ p: SIMD3<Double>) -> SIMD3<Double> { p / (p * p).sum().squareRoot() }

  // MARK: Matrices

  private typealias Matrix = (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  private static let unit: Matrix = (SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))

  /// The columns are where the axes of the Galaxy point in ICRS.
  private static let galactic: Matrix = {
    func axis(_ lon: Double, _ lat: Double) -> SIMD3<Double> {
      var icrs = Angles()
      eraG2icrs(lon, lat, &icrs.lon, &icrs.lat)
      return icrs.vector
    }
    return rows(ofColumns: (axis(0, 0), axis(.pi / 2, 0), axis(0, .pi / 2)))
  }()

  /// From supergalactic to galactic: the pole is at l = 47.37°, b = 6.32°, the zero of longitude at l = 137.37°, b = 0.
  private static let supergalactic: Matrix = {
    let z = Angles(lon: 47.37 * .pi / 180, lat: 6.32 * .pi / 180).vector
    let x = Angles(lon: 137.37 * .pi / 180, lat: 0).vector
    let y = SIMD3(z.y * x.z - z.z * x.y, z.z * x.x - z.x * x.z, z.x * x.y - z.y * x.x)
    return rows(ofColumns: (x, y, z))
  }()

  private static func rows(ofColumns c: Matrix) -> Matrix {
    (SIMD3(c.0.x, c.1.x, c.2.x), SIMD3(c.0.y, c.1.y, c.2.y), SIMD3(c.0.z, c.1.z, c.2.z))
  }

  private static func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    func row(_ r: SIMD3<Double>) -> SIMD3<Double> { r.x * b.0 + r.y * b.1 + r.z * b.2 }
    return (row(a.0), row(a.1), row(a.2))
  }

  /// The inverse of a rotation of ERFA, which goes from ICRS, or J2000, to the frame.
  private static func transposed(
    _ fill: (UnsafeMutablePointer<(Double, Double, Double)>) -> Void
  ) -> Matrix {
    var m = [(0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)]
    m.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { fill(base) } }
    return rows(
      ofColumns: (SIMD3(m[0].0, m[0].1, m[0].2), SIMD3(m[1].0, m[1].1, m[1].2), SIMD3(m[2].0, m[2].1, m[2].2)))
  }
}

/// Longitude and latitude, radians.
private struct Angles {
  var lon = 0.0
  var lat = 0.0

  init() {}
  init(lon: Double, lat: Double) { (self.lon, self.lat) = (lon, lat) }

  /// Of a vector, which need not be a unit vector.
  init(_ p: SIMD3<Double>) {
    lon = p.x == 0 && p.y == 0 ? 0 : atan2(p.y, p.x)
    lat = atan2(p.z, (p.x * p.x + p.y * p.y).squareRoot())
  }

  var vector: SIMD3<Double> { SIMD3(cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)) }
  var east: SIMD3<Double> { SIMD3(-sin(lon), cos(lon), 0) }
  var north: SIMD3<Double> { SIMD3(-sin(lat) * cos(lon), -sin(lat) * sin(lon), cos(lat)) }
}

/// Longitudes on the circle.
enum PositionCircle {
  /// The same direction in [0, 360). Values in that range stay as they are, bit for bit.
  static func normalised(_ degrees: Double) -> Double {
    if degrees >= 0 && degrees < 360 { return degrees }
    let turned = degrees - 360 * (degrees / 360).rounded(.down)
    return turned < 360 ? turned : 0
  }
}
