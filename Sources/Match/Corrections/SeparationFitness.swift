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

  /// That of several groups together; the largest difference is that of the worst group.
  init(_ parts: [SeparationFitness]) {
    let counts = (0..<Self.bins).map { bin in parts.reduce(0) { $0 + $1.counts[bin] } }
    self.init(counts: counts, largestDifference: parts.reduce(0) { max($0, $1.largestDifference) })
  }

  init(counts: [Int], largestDifference: Double) {
    self.counts = counts
    self.largestDifference = largestDifference
    let expected = Double(counts.reduce(0, +)) / Double(Self.bins)
    chiSquare =
      expected > 0 ? counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected } : 0
  }

  /// Of probabilities in 0 to 1; others count as the nearer end.
  init(_ probabilities: [Double]) {
    var counts = [Int](repeating: 0, count: Self.bins)
    for value in probabilities {
      let bounded = value > 0 ? min(value, 1) : 0
      counts[min(Int(bounded * Double(Self.bins)), Self.bins - 1)] += 1
    }
    let total = Double(max(probabilities.count, 1))
    let largest = probabilities.sorted().enumerated().reduce(0) { most, item in
      max(most, abs(item.element - Double(item.offset) / total), abs(item.element - Double(item.offset + 1) / total))
    }
    self.init(counts: counts, largestDifference: largest)
  }

  /// χ² over its degrees of freedom, two of the bins being used up by m and n.
  public var reducedChiSquare: Double { chiSquare / Double(Self.bins - 3) }
}
