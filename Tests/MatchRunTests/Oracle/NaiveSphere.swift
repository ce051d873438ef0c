import Foundation

// Extended precision where the machine has it: the oracle's rounding then stays below what it judges.
#if arch(x86_64)
  typealias Wide = Float80
#else
  typealias Wide = Double
#endif

/// A vector in space, in extended precision.
struct WideVector {
  var x, y, z: Wide

  static func + (a: Self, b: Self) -> Self { Self(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }
  static func * (k: Wide, a: Self) -> Self { Self(x: k * a.x, y: k * a.y, z: k * a.z) }
  func dot(_ b: Self) -> Wide { x * b.x + y * b.y + z * b.z }
  func cross(_ b: Self) -> Self { Self(x: y * b.z - z * b.y, y: z * b.x - x * b.z, z: x * b.y - y * b.x) }
  var length: Wide { dot(self).squareRoot() }
  var chunk: Self { (1 / length) * self }

  /// This vector turned about a chunk axis (Rodrigues).
  func turned(about axis: Self, by angle: Wide) -> Self {
    cos(angle) * self + sin(angle) * axis.cross(self) + (axis.dot(self) * (1 - cos(angle))) * axis
  }
}

/// A source as vectors: its place and the axes to which its errors refer, carried along when the source moves.
struct WideSource {
  var id: Int64
  var place: WideVector
  var east: WideVector
  var north: WideVector
  /// Covariance along the axes, arcsec².
  var xx, yy, xy: Wide
  /// Right ascension and declination as given, degrees.
  var ra, dec: Double

  init(_ source: SimulatedSource) {
    let (a, d) = (Wide(source.ra) * .pi / 180, Wide(source.dec) * .pi / 180)
    id = source.id
    (ra, dec) = (source.ra, source.dec)
    place = WideVector(x: cos(d) * cos(a), y: cos(d) * sin(a), z: sin(d))
    east = WideVector(x: -sin(a), y: cos(a), z: 0)
    north = WideVector(x: -sin(d) * cos(a), y: -sin(d) * sin(a), z: cos(d))
    xx = Wide(source.sigmaX * source.sigmaX)
    yy = Wide(source.sigmaY * source.sigmaY)
    xy = Wide(source.correlation * source.sigmaX * source.sigmaY)
  }

  /// Moves along a great circle at a known motion for some years and lets the errors grow.
  mutating func move(_ motion: (east: Double, north: Double), sigma: (east: Double, north: Double)?, years: Double) {
    let perMas = Wide.pi / 648_000_000
    let step = (Wide(motion.east) * Wide(years) * perMas) * east + (Wide(motion.north) * Wide(years) * perMas) * north
    if let sigma {
      xx += (Wide(sigma.east) * Wide(years) / 1000) * (Wide(sigma.east) * Wide(years) / 1000)
      yy += (Wide(sigma.north) * Wide(years) / 1000) * (Wide(sigma.north) * Wide(years) / 1000)
    }
    if step.length == 0 { return }
    // A straight line in space: the angle is the arc tangent of the step.
    let axis = place.cross(step).chunk
    let angle = atan2(step.length, 1)
    place = place.turned(about: axis, by: angle)
    east = east.turned(about: axis, by: angle)
    north = north.turned(about: axis, by: angle)
  }
}

/// What two sources are to each other, by vectors alone.
struct WidePair {
  /// Arcsec.
  let separation: Wide
  let chiSquared: Wide
  /// ln of the density, deg⁻².
  let logDensity: Wide

  init(_ a: WideSource, _ b: WideSource) {
    let cross = a.place.cross(b.place)
    let angle = atan2(cross.length, a.place.dot(b.place))
    separation = angle * 648_000 / .pi
    var (along, across) = (a.north, a.place.cross(a.north))
    var (eastB, northB) = (b.east, b.north)
    if cross.length > 0 {
      across = cross.chunk
      along = across.cross(a.place)
      (eastB, northB) = (b.east.turned(about: across, by: -angle), b.north.turned(about: across, by: -angle))
    }
    var (uu, ww, uw): (Wide, Wide, Wide) = (0, 0, 0)
    for (e, n, s) in [(a.east, a.north, a), (eastB, northB, b)] {
      let (eu, nu, ew, nw) = (e.dot(along), n.dot(along), e.dot(across), n.dot(across))
      uu += s.xx * eu * eu + 2 * s.xy * eu * nu + s.yy * nu * nu
      ww += s.xx * ew * ew + 2 * s.xy * ew * nw + s.yy * nw * nw
      uw += s.xx * eu * ew + s.xy * (eu * nw + nu * ew) + s.yy * nu * nw
    }
    let determinant = uu * ww - uw * uw
    chiSquared = separation * separation * ww / determinant
    logDensity = log(3600 * 3600 / (2 * Wide.pi * determinant.squareRoot())) - chiSquared / 2
  }
}
