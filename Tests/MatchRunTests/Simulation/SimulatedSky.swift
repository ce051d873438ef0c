import Foundation
import Indexing
import XMDBTestSupport

/// Skies on which a match can go wrong, small enough to be tried in many ways.
enum SimulatedSky: String, CaseIterable, Sendable {
  case allSky, northPole, southPole, rightAscensionZero, equatorialCorner, polarCorner, lesserCoverage, holes
  case densityContrast, clusters, duplicates, pixelBorders, ellipsesAtPole

  /// Two catalogues of this sky.
  func pair(seed: UInt64 = 20_260_101) -> SimulatedPair {
    var rng = SplitMix64(seed: seed)
    switch self {
    case .allSky: return allSky(&rng)
    case .northPole: return patch(0, 90, &rng)
    case .southPole: return patch(0, -90, &rng)
    case .rightAscensionZero: return patch(0, 12.3, &rng)
    // Four base pixels meet here.
    case .equatorialCorner: return patch(45, 0, &rng)
    // Three base pixels meet here.
    case .polarCorner: return patch(45, asin(2.0 / 3) * 180 / .pi, &rng)
    case .lesserCoverage: return lesserCoverage(&rng)
    case .holes: return holes(&rng)
    case .densityContrast: return densityContrast(&rng)
    case .clusters: return clusters(&rng)
    case .duplicates: return duplicates(&rng)
    case .pixelBorders: return pixelBorders(&rng)
    case .ellipsesAtPole:
      var detection = SimulatedPair.Detection()
      detection.isElliptical = true
      return SimulatedPair(
        objects: .cap(300, raDegrees: 0, decDegrees: 90, radiusDegrees: 0.02, using: &rng), detection, using: &rng)
    }
  }

  /// 300 objects in a disc where about every third circle of candidates holds a stranger.
  private func patch(_ ra: Double, _ dec: Double, _ rng: inout SplitMix64) -> SimulatedPair {
    SimulatedPair(objects: .cap(300, raDegrees: ra, decDegrees: dec, radiusDegrees: 0.025, using: &rng), using: &rng)
  }

  /// Half of the objects have a close companion.
  private func allSky(_ rng: inout SplitMix64) -> SimulatedPair {
    var objects = Sky.sphere(200, using: &rng)
    objects.append(objects.scattered(sigmaArcsec: 2, using: &rng))
    return SimulatedPair(objects: objects, using: &rng)
  }

  /// b covers half of a's sky.
  private func lesserCoverage(_ rng: inout SplitMix64) -> SimulatedPair {
    let objects = Sky.cap(500, raDegrees: 200, decDegrees: 33, radiusDegrees: 0.03, using: &rng)
    var pair = SimulatedPair(objects: objects, using: &rng)
    pair.b.sources.removeAll { $0.ra > 200 }
    return pair
  }

  /// Discs without sources, in one or in both catalogues.
  private func holes(_ rng: inout SplitMix64) -> SimulatedPair {
    var pair = SimulatedPair(
      objects: .cap(600, raDegrees: 90, decDegrees: -66, radiusDegrees: 0.035, using: &rng), using: &rng)
    func isInside(_ source: SimulatedSource, _ ra: Double, _ dec: Double) -> Bool {
      separation(ra1Degrees: source.ra, dec1Degrees: source.dec, ra2Degrees: ra, dec2Degrees: dec).degrees < 0.01
    }
    pair.a.sources.removeAll { isInside($0, 90, -66) || isInside($0, 90.04, -65.99) }
    pair.b.sources.removeAll { isInside($0, 90, -66) || isInside($0, 89.96, -66.01) }
    return pair
  }

  /// A cluster three million times denser than the sky around it.
  private func densityContrast(_ rng: inout SplitMix64) -> SimulatedPair {
    var objects = Sky.cap(150, raDegrees: 300, decDegrees: 67, radiusDegrees: 20, using: &rng)
    objects.append(.cap(150, raDegrees: 300, decDegrees: 67, radiusDegrees: 0.011, using: &rng))
    return SimulatedPair(objects: objects, using: &rng)
  }

  private func clusters(_ rng: inout SplitMix64) -> SimulatedPair {
    let centers = Sky.cap(15, raDegrees: 15, decDegrees: -41.8, radiusDegrees: 1, using: &rng)
    var objects = Sky()
    for _ in 0..<16 { objects.append(centers.scattered(sigmaArcsec: 8, using: &rng)) }
    return SimulatedPair(objects: objects, using: &rng)
  }

  /// Many sources at one position, in three amounts; the largest is beyond exact sums.
  private func duplicates(_ rng: inout SplitMix64) -> SimulatedPair {
    var pair = patch(10, 10, &rng)
    for (ra, countA, countB) in [(10.0, 3, 4), (10.01, 9, 8), (10.02, 30, 26)] {
      let spot = SimulatedSource(ra, 10, sigma: 0.5)
      pair.a.sources += Array(repeating: spot, count: countA)
      pair.b.sources += Array(repeating: spot, count: countB)
    }
    pair.a.number(from: 1000)
    pair.b.number(from: 5_000_000)
    return pair
  }

  /// Sources of both catalogues at the very corners of pixels of many orders, and beside them.
  private func pixelBorders(_ rng: inout SplitMix64) -> SimulatedPair {
    var pair = SimulatedPair(a: [], b: [])
    for order in [0, 1, 4, 9, 12, 14] {
      for index in [Int64(0), 1, 2, 3].map({ $0 * (12 << (2 * Int64(order))) / 4 }) {
        for corner in HealpixPixel(order: order, index: index).corners {
          pair.a.sources.append(SimulatedSource(corner.raDegrees, corner.decDegrees, sigma: 0.4))
          pair.b.sources.append(SimulatedSource(corner.raDegrees, corner.decDegrees, sigma: 0.3))
          let beside = Sky.vector(
            aroundRA: corner.raDegrees, dec: corner.decDegrees, distanceRadians: rng.uniform(0.5, 1.5) / 206_265,
            direction: rng.uniform(0, 6.28))
          var place = Sky()
          place.append(vector: beside)
          pair.b.sources.append(SimulatedSource(place.raDegrees[0], place.decDegrees[0], sigma: 0.5))
        }
      }
    }
    pair.a.number(from: 1000)
    pair.b.number(from: 5_000_000)
    return pair
  }
}
