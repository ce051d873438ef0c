internal import Glibc

/// How well a model describes separations: of each the probability that the model gives to smaller ones, which are then as many in each tenth.
public struct SeparationFitness: Sendable, Hashable {
  /// How many bins there are.
  public static let bins = 20
  /// How many of the probabilities lie in each twentieth of 0 to 1.
  public let counts: [Int]
  /// Σ (count − expected)² / expected.
  public let chiSquare: Double
  /// The largest difference of the cumulative distribution from that of equal probabilities.
  public let largestDifference: Double

  /// Of probabilities in 0 to 1; others count as the nearer end.
  init(_ probabilities: [Double]) {
    var counts = [Int](repeating: 0, count: Self.bins)
    for value in probabilities {
      let bounded = value > 0 ? min(value, 1) : 0
      counts[min(Int(bounded * Double(Self.bins)), Self.bins - 1)] += 1
    }
    self.counts = counts
    let expected = Double(probabilities.count) / Double(Self.bins)
    chiSquare =
      expected > 0 ? counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected } : 0
    let total = Double(max(probabilities.count, 1))
    largestDifference = probabilities.sorted().enumerated().reduce(0) { most, item in
      max(most, abs(item.element - Double(item.offset) / total), abs(item.element - Double(item.offset + 1) / total))
    }
  }

  /// χ² over its degrees of freedom, two of the bins being used up by m and n.
  public var reducedChiSquare: Double { chiSquare / Double(Self.bins - 3) }
}
