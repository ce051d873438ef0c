import Foundation
import Indexing

/// Kinds of skies that have broken cross-matchers.
public enum SkyKind: String, CaseIterable, Sendable {
  case wholeSphere, cap, arcminuteField, clustered, northPole, southPole, rightAscensionWrap, rawRightAscension
  case basePixelCorners, pixelCorners, meridianStrip, equatorStrip, duplicatesAtOneSpot, densityContrast, lattice
  case antipodes

  /// About `count` positions of this kind whose typical distances are a few times `scaleArcsec`.
  public func sample(_ count: Int, scaleArcsec: Double, using rng: inout SplitMix64) -> Sky {
    let radius = min(90, scaleArcsec / 3600 * Double(count).squareRoot())
    switch self {
    case .wholeSphere: return .sphere(count, using: &rng)
    case .cap: return .cap(count, raDegrees: 211.3, decDegrees: 33.7, radiusDegrees: radius, using: &rng)
    case .arcminuteField: return .cap(count, raDegrees: 83.8, decDegrees: -5.4, radiusDegrees: 1 / 60, using: &rng)
    case .clustered: return clusters(count, scaleArcsec, &rng)
    case .northPole: return pole(90, count, radius, &rng)
    case .southPole: return pole(-90, count, radius, &rng)
    case .rightAscensionWrap: return .cap(count, raDegrees: 0, decDegrees: 12, radiusDegrees: radius, using: &rng)
    case .rawRightAscension: return shifted(count, radius, &rng)
    case .basePixelCorners: return around(SkyKind.corners(order: 0), count, scaleArcsec, &rng)
    case .pixelCorners: return around(SkyKind.corners(order: 5), count, scaleArcsec, &rng)
    case .meridianStrip: return strip(count, &rng) { ($0 * scaleArcsec / 3600, $1 * 180 - 90) }
    case .equatorStrip: return strip(count, &rng) { ($1 * 360, $0 * scaleArcsec / 3600) }
    case .duplicatesAtOneSpot: return duplicates(count, radius, &rng)
    case .densityContrast: return contrast(count, scaleArcsec, &rng)
    case .lattice: return lattice(count, scaleArcsec)
    case .antipodes: return antipodes(count, radius, &rng)
    }
  }
}

extension SkyKind {
  private func clusters(_ count: Int, _ scaleArcsec: Double, _ rng: inout SplitMix64) -> Sky {
    var centers = Sky.sphere(max(1, count / 20), using: &rng)
    centers.append(centers)
    var sky = Sky()
    while sky.count < count { sky.append(centers.scattered(sigmaArcsec: 2 * scaleArcsec, using: &rng)) }
    return sky
  }

  private func pole(_ dec: Double, _ count: Int, _ radius: Double, _ rng: inout SplitMix64) -> Sky {
    var sky = Sky.cap(count - 3, raDegrees: 0, decDegrees: dec, radiusDegrees: radius, using: &rng)
    for ra in [0.0, 123, 359] { sky.append(ra, dec) }
    return sky
  }

  /// Right ascensions outside [0, 360), as some files have them.
  private func shifted(_ count: Int, _ radius: Double, _ rng: inout SplitMix64) -> Sky {
    var sky = Sky.cap(count, raDegrees: 0, decDegrees: -41, radiusDegrees: radius, using: &rng)
    for i in 0..<count { sky.raDegrees[i] += [-720.0, -360, 0, 360][rng.below(4)] }
    return sky
  }

  private func around(_ points: Sky, _ count: Int, _ scaleArcsec: Double, _ rng: inout SplitMix64) -> Sky {
    var sky = Sky()
    while sky.count < count {
      let k = rng.below(points.count)
      var point = Sky()
      point.append(points.raDegrees[k], points.decDegrees[k])
      if rng.below(8) > 0 {
        point = point.scattered(sigmaArcsec: scaleArcsec * rng.logUniform(0.01, 5), using: &rng)
      }
      sky.append(point)
    }
    return sky
  }

  private static func corners(order: Int) -> Sky {
    var sky = Sky()
    for index in stride(from: Int64(0), to: 12 << (2 * Int64(order)), by: order == 0 ? 1 : 97) {
      for corner in HealpixPixel(order: order, index: index).corners { sky.append(corner.raDegrees, corner.decDegrees) }
    }
    return sky
  }

  private func strip(_ count: Int, _ rng: inout SplitMix64, _ place: (Double, Double) -> (Double, Double)) -> Sky {
    var sky = Sky()
    for _ in 0..<count {
      let (ra, dec) = place(rng.uniform(-2, 2), rng.uniform())
      sky.append(ra, dec)
    }
    return sky
  }

  private func duplicates(_ count: Int, _ radius: Double, _ rng: inout SplitMix64) -> Sky {
    var sky = Sky.cap(count - count / 5, raDegrees: 45, decDegrees: 0, radiusDegrees: radius, using: &rng)
    for _ in 0..<count / 5 { sky.append(45, 0) }
    return sky
  }

  private func contrast(_ count: Int, _ scaleArcsec: Double, _ rng: inout SplitMix64) -> Sky {
    var sky = Sky.sphere(count / 2, using: &rng)
    let dense = scaleArcsec / 3600
    sky.append(.cap(count - count / 2, raDegrees: 300, decDegrees: 67, radiusDegrees: dense, using: &rng))
    return sky
  }

  private func lattice(_ count: Int, _ scaleArcsec: Double) -> Sky {
    var sky = Sky()
    let side = Int(Double(count).squareRoot())
    for i in 0..<side {
      for j in 0..<side {
        sky.append(10 + Double(i) * scaleArcsec / 3600, -20 + Double(j) * scaleArcsec / 3600)
      }
    }
    return sky
  }

  private func antipodes(_ count: Int, _ radius: Double, _ rng: inout SplitMix64) -> Sky {
    var sky = Sky.cap(count / 2, raDegrees: 100, decDegrees: 30, radiusDegrees: radius, using: &rng)
    sky.append(.cap(count - count / 2, raDegrees: 280, decDegrees: -30, radiusDegrees: radius, using: &rng))
    return sky
  }
}
