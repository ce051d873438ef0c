internal import Glibc

/// Counts in equal bins from the least to the largest value, as many as the finer of two rules asks for: Freedman and Diaconis, 2·IQR·n^(−1/3) wide, and
/// Sturges, log₂ n + 1 bins. The last bin is closed on the right.
public struct AutoHistogram: Sendable, Hashable {
  /// The edges, one more than bins.
  public let edges: [Double]
  /// The counts.
  public let counts: [Int]

  /// No more bins than this.
  static let mostBins = 10_000

  /// Values that are not finite or beyond ±10¹⁰⁰ are left out.
  public init(_ values: [Double]) {
    let sorted = values.filter { abs($0) <= 1e100 }.sorted()
    guard let least = sorted.first, let largest = sorted.last, largest > least else {
      (edges, counts) = (sorted.first.map { [$0, $0] } ?? [], sorted.isEmpty ? [] : [sorted.count])
      return
    }
    let range = largest - least
    let sturges = range / (log2(Double(sorted.count)) + 1)
    let spread = Self.quantile(sorted, 0.75) - Self.quantile(sorted, 0.25)
    let freedman = 2 * spread / cbrt(Double(sorted.count))
    let width = freedman > 0 ? min(freedman, sturges) : sturges
    let number = max(1, Int(min((range / width).rounded(.up), Double(Self.mostBins))))
    edges = (0...number).map { $0 == number ? largest : least + range * Double($0) / Double(number) }
    var counts = [Int](repeating: 0, count: number)
    for value in sorted { counts[min(Int((value - least) / range * Double(number)), number - 1)] += 1 }
    self.counts = counts
  }

  /// Linear between order statistics.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
