internal import Glibc
internal import Indexing
internal import Match

/// The candidate pairs of a chunk that take no part in the pairing, because no island can make them probable.
///
/// In any island the probability of a pair is at most R/(1 + R): of the assignments without the pair, those that leave both
/// sources free gain a factor R by it, and there are others. A pair with R/(1 + R) < ε is left out before islands are formed.
/// What it would have had is less than ε; what it holds together falls apart, so that islands stay small in dense sky.
///
/// R is the larger one of with and without magnitudes, so that both answers keep their candidates. In an entangled island, one of
/// more than `entangledPairs` pairs, it is that with magnitudes alone.
struct NegligiblePairs {
  /// An island of more pairs is entangled: what positions alone say of it is said of the candidates that magnitudes leave.
  static let entangledPairs = 1000

  /// A source's nearest negligible candidate.
  struct Nearest {
    var other: Int32
    var separationArcsec: Double
    /// −ln(1 − F).
    var level: Double
    /// ln G, G in deg⁻².
    var logDensity: Double

    static let none = Nearest(other: -1, separationArcsec: .infinity, level: 0, logDensity: 0)

    /// Of equally near ones the first along the curve.
    mutating func take(_ candidate: Nearest) {
      if (candidate.separationArcsec, candidate.other) < (separationArcsec, other) { self = candidate }
    }
  }

  private var sourcesA: [Int32] = []
  /// R/(1 + R) of each pair in units of 1e-12: integers, so that sums do not depend on how the sky is cut.
  private var boundPico: [Int64] = []
  /// For each source; empty before the first pair.
  private var nearestOfA: [Nearest] = []
  private var nearestOfB: [Nearest] = []

  /// Adds pairs.
  /// - Parameters:
  ///   - logBounds: ln R of each.
  ///   - aCount: Sources of a in the field.
  ///   - bCount: Those of b.
  mutating func add(_ edges: CandidateEdges, logBounds: [Double], aCount: Int, bCount: Int) {
    if nearestOfA.isEmpty {
      nearestOfA = [Nearest](repeating: .none, count: aCount)
      nearestOfB = [Nearest](repeating: .none, count: bCount)
    }
    sourcesA += edges.a
    boundPico += logBounds.map { Int64((PairQuantities.matchProbability(logRatio: $0) * 1e12).rounded()) }
    for edge in 0..<edges.count {
      let (i, j) = (edges.a[edge], edges.b[edge])
      var nearest = Nearest(
        other: j, separationArcsec: edges.separationArcsec[edge], level: edges.level[edge],
        logDensity: edges.logDensity[edge])
      nearestOfA[Int(i)].take(nearest)
      nearest.other = i
      nearestOfB[Int(j)].take(nearest)
    }
  }

  /// The nearest negligible candidate of a source.
  func nearest(isA: Bool, _ source: Int) -> Nearest? {
    let nearest = isA ? nearestOfA : nearestOfB
    return nearest.isEmpty || nearest[source].other < 0 ? nil : nearest[source]
  }

  /// How many pairs there are whose source of a lies in a part of the sky, and the sum of their bounds in units of 1e-12.
  /// - Parameter skyA: HEALPix indices of order 29 of the sources of a.
  func sum(in sky: PixelRangeSet, _ skyA: [Int64]) -> (count: Int64, boundPico: Int64) {
    if sourcesA.isEmpty { return (0, 0) }
    var sweep = AscendingSweep(sky)
    let isInside = skyA.map { sweep.contains($0) }
    var sum: (count: Int64, boundPico: Int64) = (0, 0)
    for (source, bound) in zip(sourcesA, boundPico) where isInside[Int(source)] {
      sum.count += 1
      sum.boundPico += bound
    }
    return sum
  }
}
