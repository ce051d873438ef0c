import CatalogStore
import Foundation
import Indexing
import XMDBTestSupport

/// A region of known area to be filled with sources.
struct Footprint: Sendable {
  /// Covered area, deg².
  let areaDegrees2: Double
  /// A cap that holds the region: centre and radius, degrees.
  let cap: (ra: Double, dec: Double, radius: Double)
  /// Whether a position of the cap lies in the region.
  let contains: @Sendable (Double, Double) -> Bool

  static func capArea(_ radius: Double) -> Double { 41_252.961_249_419_28 * (1 - cos(radius * .pi / 180)) / 2 }

  static func disc(_ ra: Double, _ dec: Double, radius: Double) -> Footprint {
    Footprint(areaDegrees2: capArea(radius), cap: (ra, dec, radius)) { _, _ in true }
  }

  /// A disc without its middle.
  static func ring(_ ra: Double, _ dec: Double, radius: Double, hole: Double) -> Footprint {
    Footprint(areaDegrees2: capArea(radius) - capArea(hole), cap: (ra, dec, radius)) {
      separation(ra1Degrees: ra, dec1Degrees: dec, ra2Degrees: $0, dec2Degrees: $1).degrees > hole
    }
  }

  /// A strip along the equator, `width` high.
  static func strip(_ ra: Double, length: Double, width: Double) -> Footprint {
    let area = length * 2 * sin(width / 2 * .pi / 180) * 180 / .pi
    return Footprint(areaDegrees2: area, cap: (ra, 0, hypot(length, width) / 2)) { position, dec in
      var distance = abs(position - ra)
      distance = min(distance, 360 - distance)
      return distance <= length / 2 && abs(dec) <= width / 2
    }
  }

  static let wholeSky = Footprint(areaDegrees2: 41_252.961_249_419_28, cap: (0, 90, 180)) { _, _ in true }

  /// The order-29 indices of `count` sources, uniform in the region or thinned by `weight` (0…1), sorted.
  func keys(_ count: Int, using rng: inout SplitMix64, weight: (Double, Double) -> Double = { _, _ in 1 }) -> [Int64] {
    var keys: [Int64] = []
    while keys.count < count {
      let some = Sky.cap(1000, raDegrees: cap.ra, decDegrees: cap.dec, radiusDegrees: cap.radius, using: &rng)
      for (ra, dec) in zip(some.raDegrees, some.decDegrees) where keys.count < count && contains(ra, dec) {
        if rng.uniform() < weight(ra, dec) { keys.append(Healpix29.index(raDegrees: ra, decDegrees: dec)) }
      }
    }
    return keys.sorted()
  }
}

extension CoverageMap {
  /// The map of a list of sorted indices.
  init(keys: [Int64]) {
    func position(_ value: Int64) -> Int {
      var (low, high) = (0, keys.count)
      while low < high {
        let middle = (low + high) / 2
        if keys[middle] >= value { high = middle } else { low = middle + 1 }
      }
      return low
    }
    self = CoverageBuilder(rows: Int64(keys.count)) { Int64(position($0.upperBound) - position($0.lowerBound)) }.build()
  }
}
