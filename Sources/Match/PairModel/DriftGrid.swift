internal import Glibc

/// The widths in which drifts of many sources are added up: 0, then half a milliarcsecond times powers of 1.5.
enum DriftGrid {
  static let count = 32
  /// Per axis, arcsec², ascending.
  static let variancesArcsec2: [Double] = (0..<count).map { place in
    place == 0 ? 0 : leastArcsec2 * pow(ratio, Double(place - 1))
  }

  private static let leastArcsec2 = 2.5e-7
  private static let ratio = 2.25
  private static let perNeper = 1 / log(ratio)

  /// A variance as two neighbours of the grid with the same mean: the lower one, and the share of the upper.
  static func place(_ varianceArcsec2: Double) -> (lower: Int, upperShare: Double) {
    guard varianceArcsec2 > 0 else { return (0, 0) }
    let last = variancesArcsec2[count - 1]
    guard varianceArcsec2 < last else { return (count - 2, 1) }
    let octave = 1 + log(varianceArcsec2 / leastArcsec2) * perNeper
    let lower = octave > 0 ? Int(min(octave, Double(count - 2))) : 0
    let (low, high) = (variancesArcsec2[lower], variancesArcsec2[lower + 1])
    return (lower, min(max((varianceArcsec2 - low) / (high - low), 0), 1))
  }
}
