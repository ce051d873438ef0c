internal import Glibc

/// How many objects a catalogue lists twice, from how close its sources lie to each other.
///
/// With t = χ²/2 of the separation of two of its sources and both their errors, neighbours by chance are even in t and detections of one object
/// fall off, more quickly than e⁻ᵗ where they share their light:
///
///     n(t) = λ + D e^(−t/s) / [s (1 − e^(−T/s))],   0 ≤ t < T.
///
/// D, λ and s are the most likely ones. Where resolution keeps sources apart there are fewer small t, and D is 0.
/// - Complexity: O(pairs) a step, for each of a few s.
public struct DuplicateFit: Sendable {
  /// D: pairs that are one object.
  public let duplicates: Double
  /// λ: pairs by chance for a unit of t.
  public let chance: Double
  /// s: how quickly duplicates fall off.
  public let scale: Double
  /// ln L above that of no duplicates.
  public let gain: Double

  /// T: pairs are looked for below it.
  public static let limit = 9.0
  private static let scales = (0...6).map { exp2(Double($0) / 2 - 2) }
  /// ln L that duplicates must earn.
  private static let leastGain = 12.0
  private static let steps = 100

  /// - Parameter levels: t of every pair of sources of the catalogue, or of a sample of its sky, below `limit`.
  public init(levels: [Double]) {
    let levels = levels.filter { $0 >= 0 && $0 < Self.limit }
    let flat = log(1 / Self.limit)
    var best: (share: Double, scale: Double, gain: Double) = (0, 1, 0)
    for scale in Self.scales {
      let density = levels.map { exp(-$0 / scale) / (scale * -expm1(-Self.limit / scale)) }
      let share = Self.share(density)
      let gain = density.reduce(0) { $0 + log(share * $1 + (1 - share) / Self.limit) - flat }
      if gain > best.gain { best = (share, scale, gain) }
    }
    let isFound = best.gain > Self.leastGain
    let total = Double(levels.count)
    (scale, gain) = (best.scale, best.gain)
    duplicates = isFound ? best.share * total : 0
    chance = (isFound ? 1 - best.share : 1) * total / Self.limit
  }

  /// The share of duplicates by expectation and maximisation.
  private static func share(_ density: [Double]) -> Double {
    if density.isEmpty { return 0 }
    var share = 0.5
    for _ in 0..<steps {
      let next = density.reduce(0) { $0 + share * $1 / (share * $1 + (1 - share) / limit) } / Double(density.count)
      defer { share = min(max(next, 0), 1 - 1e-9) }
      if abs(next - share) < 1e-7 { break }
    }
    return share
  }

  /// The t below which two sources are rather one object than two, in steps of ½; 0 where none are.
  public var level: Double {
    let odds = duplicates / (scale * max(chance, 1e-9))
    guard odds > 1 else { return 0 }
    return min(Self.limit, (2 * scale * log(odds)).rounded(.down) / 2)
  }
}
