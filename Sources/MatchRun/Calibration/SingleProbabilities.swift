internal import CatalogStore

/// The probability of every source that it has no counterpart, with and without photometry: what its candidate pairs leave
/// of 1. Sixteen bytes a source.
struct SingleProbabilities: Sendable {
  private var a: [Double]
  private var b: [Double]
  private var positionalA: [Double]
  private var positionalB: [Double]

  /// Below the rounding of the probabilities it is taken from.
  private static let smallest = 1e-16

  init(rowsA: Int64, rowsB: Int64) {
    a = Array(repeating: 1, count: Int(rowsA))
    b = Array(repeating: 1, count: Int(rowsB))
    (positionalA, positionalB) = (a, b)
  }

  /// Takes a pair's probability from those of its sources.
  mutating func take(rankA: Int64, rankB: Int64, pairP: Double, withoutPhotometry: Double) {
    a[Int(rankA)] -= pairP
    b[Int(rankB)] -= pairP
    positionalA[Int(rankA)] -= withoutPhotometry
    positionalB[Int(rankB)] -= withoutPhotometry
  }

  func ofA(_ rank: Int64) -> (photometric: Double, positional: Double) {
    (max(Self.smallest, a[Int(rank)]), max(Self.smallest, positionalA[Int(rank)]))
  }

  func ofB(_ rank: Int64) -> (photometric: Double, positional: Double) {
    (max(Self.smallest, b[Int(rank)]), max(Self.smallest, positionalB[Int(rank)]))
  }
}
