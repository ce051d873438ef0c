import Glibc

/// The steps of 0.1 mag, at multiples of 0.1, between the extremes of a band: what bins are merged from.
///
/// For a region in parts: reduce the extremes, count each part in these steps, add the counts, make the bins. An extreme
/// within 1e-5 of its edge moves the edge outwards by 1e-4.
///
/// - Source: docs/method.md §4.
public struct MagnitudeSteps: Sendable, Hashable {
  /// Each step as a bin.
  public let bins: MagnitudeBins

  /// - Precondition: Both finite, minimum ≤ maximum; mag.
  public init(minimum: Double, maximum: Double) {
    precondition(
      minimum.isFinite && maximum.isFinite && minimum <= maximum,
      "MagnitudeSteps: extremes are \(minimum) and \(maximum); allowed: finite, in order")
    let low = 0.1 * floor(minimum / 0.1)
    let given = 0.1 * ceil(maximum / 0.1)
    let high = given > low ? given : low + 0.1
    let steps = max(1, Int(ceil((high - low) / 0.1)))
    let size = (high - low) / Double(steps)
    var edges = (0..<steps).map { low + Double($0) * size } + [high]
    if abs(low - minimum) < 1e-5 { edges[0] -= 1e-4 }
    if abs(high - maximum) < 1e-5 { edges[steps] += 1e-4 }
    bins = MagnitudeBins(edges: edges)
  }

  /// A count of 0 for each step.
  public var noCounts: [Int64] { [Int64](repeating: 0, count: bins.count) }

  /// Counts a magnitude; one that is not finite or beyond the extremes is passed over.
  public func count(_ magnitude: Double, in counts: inout [Int64]) {
    if let step = bins.index(of: magnitude) { counts[step] += 1 }
  }
}
