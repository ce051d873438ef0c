import Foundation
import Indexing

/// Positions for tests, in degrees.
public struct Sky: Sendable {
  /// Right ascensions, degrees.
  public var raDegrees: [Double] = []
  /// Declinations, degrees.
  public var decDegrees: [Double] = []

  /// An empty sky.
  public init() {}

  /// The positions given.
  public init(_ raDegrees: [Double], _ decDegrees: [Double]) {
    self.raDegrees = raDegrees
    self.decDegrees = decDegrees
  }

  /// The number of positions.
  public var count: Int { raDegrees.count }

  /// Adds a position.
  public mutating func append(_ raDegrees: Double, _ decDegrees: Double) {
    self.raDegrees.append(raDegrees)
    self.decDegrees.append(decDegrees)
  }

  /// Adds the direction of a vector.
  public mutating func append(vector v: SIMD3<Double>) {
    let ra = atan2(v.y, v.x) * 180 / .pi
    append(ra < 0 ? ra + 360 : ra, atan2(v.z, hypot(v.x, v.y)) * 180 / .pi)
  }

  /// Adds another sky's positions.
  public mutating func append(_ other: Sky) {
    raDegrees += other.raDegrees
    decDegrees += other.decDegrees
  }

  /// The same positions along the HEALPix curve.
  public func sortedAlongCurve() -> Sky {
    let keys = Healpix29.indices(raDegrees: raDegrees, decDegrees: decDegrees)
    return reordered(sortedOrder(ofHealpix29: keys))
  }

  /// The same positions in another order.
  public func reordered(_ order: [Int]) -> Sky {
    var result = Sky()
    result.raDegrees = order.map { raDegrees[$0] }
    result.decDegrees = order.map { decDegrees[$0] }
    return result
  }
}

extension Sky {
  /// Positions uniform on the whole sphere.
  public static func sphere(_ count: Int, using rng: inout SplitMix64) -> Sky {
    var sky = Sky()
    for _ in 0..<count { sky.append(rng.uniform(0, 360), asin(rng.uniform(-1, 1)) * 180 / .pi) }
    return sky
  }

  /// Positions uniform within a radius of a centre.
  public static func cap(
    _ count: Int, raDegrees: Double, decDegrees: Double, radiusDegrees: Double, using rng: inout SplitMix64
  ) -> Sky {
    var sky = Sky()
    for _ in 0..<count {
      let halfChord = sin(radiusDegrees * .pi / 360) * rng.uniform().squareRoot()
      sky.append(
        vector: Sky.vector(
          aroundRA: raDegrees, dec: decDegrees, distanceRadians: 2 * asin(halfChord),
          direction: rng.uniform(0, 2 * .pi)))
    }
    return sky
  }

  /// Every position of this sky moved by a normal scatter per coordinate.
  public func scattered(sigmaArcsec: Double, using rng: inout SplitMix64) -> Sky {
    var sky = Sky()
    for (ra, dec) in zip(raDegrees, decDegrees) {
      let distance = hypot(rng.normal(), rng.normal()) * sigmaArcsec * .pi / 648_000
      sky.append(
        vector: Sky.vector(
          aroundRA: ra, dec: dec, distanceRadians: distance, direction: rng.uniform(0, 2 * .pi)))
    }
    return sky
  }

  /// The unit vector at a distance from a position, in a direction from east over north.
  public static func vector(
    aroundRA ra: Double, dec: Double, distanceRadians: Double, direction: Double
  ) -> SIMD3<Double> {
    let (a, d) = (ra * .pi / 180, dec * .pi / 180)
    let center = SIMD3(cos(d) * cos(a), cos(d) * sin(a), sin(d))
    let east = SIMD3(-sin(a), cos(a), 0)
    let north = SIMD3(-sin(d) * cos(a), -sin(d) * sin(a), cos(d))
    let tangent = cos(direction) * east + sin(direction) * north
    return cos(distanceRadians) * center + sin(distanceRadians) * tangent
  }
}
