/// The chance pairs to expect in a region.
///
/// Two strangers of classes I and J form a pair below the area factor x with the probability 2π (s_a + s_b) x / Ω (`PairLikelihood`), so
/// that sums over all pairs of sources are products of sums over sources:
///
///     λ_IJ = 2π n_I n_J (s_I + s_J) / Ω
///
/// with the mean spread of the classes, s. n and Ω are counts and area of the sky that both catalogues cover.
struct ChancePairs {
  /// The share of each class among the sources of a that have one; greater than 0.
  let shareA: [Double]
  /// Likewise of b.
  let shareB: [Double]
  /// λ of all pairs, per unit of area factor.
  let total: Double
  /// λ of the pairs whose sources both have a class.
  let classed: Double
  private let spreadA: [Double]
  private let spreadB: [Double]
  private let factor: Double

  /// - Parameters:
  ///   - sky: Expected counts over the common area.
  ///   - chanceFactor: κ, multiplies all.
  init(_ counts: PairCounts, sky: RegionSky, chanceFactor: Double = 1) {
    let (a, b) = (counts.a, counts.b)
    shareA = Self.shares(a)
    shareB = Self.shares(b)
    spreadA = (0..<a.classes).map(a.meanSpread)
    spreadB = (0..<b.classes).map(b.meanSpread)
    let all = chanceFactor * 2 * .pi / (3600 * 3600) * sky.countA * sky.countB / sky.areaDegrees2
    total = all * (a.meanSpread + b.meanSpread)
    func classed(_ side: PairCounts.Side) -> Double {
      side.total > 0 ? Double(side.total - side.sources[side.classes]) / Double(side.total) : 0
    }
    factor = all * classed(a) * classed(b)
    self.classed = factor * (Self.mean(spreadA, shareA) + Self.mean(spreadB, shareB))
  }

  private static func shares(_ side: PairCounts.Side) -> [Double] {
    let known = Double(side.total - side.sources[side.classes])
    // Half a source more in every class: none is impossible.
    return (0..<side.classes).map { (Double(side.sources[$0]) + 0.5) / (known + 0.5 * Double(side.classes)) }
  }

  private static func mean(_ values: [Double], _ weights: [Double]) -> Double {
    zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// λ of one cell, per unit of area factor.
  @inline(__always)
  func perUnit(_ i: Int, _ j: Int) -> Double { factor * shareA[i] * shareB[j] * (spreadA[i] + spreadB[j]) }
}
