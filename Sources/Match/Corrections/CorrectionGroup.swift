/// How a fit describes the pairs of one group: what a plot of its separations draws.
public struct CorrectionGroup: Sendable, Hashable {
  /// The group's number.
  public let number: Int
  /// How many pairs it has.
  public let pairs: Int
  /// F, the share of its sources without counterpart.
  public let chanceShare: Double
  /// How well the model describes its separations.
  public let fitness: SeparationFitness
  /// The edges of bins of separation, arcsec: with about as many pairs in each.
  public let edgesArcsec: [Double]
  /// The pairs in each bin, and how many of them the model expects, each pair by its own errors, density and limit.
  public let counts: [Int]
  public let expected: [Double]

  /// Bins of separation, where there are pairs enough for ten in each.
  static let mostBins = 30

  init(
    number: Int, chanceShare: Double, fitness: SeparationFitness, edgesArcsec: [Double], counts: [Int],
    expected: [Double]
  ) {
    (self.number, self.chanceShare, self.fitness) = (number, chanceShare, fitness)
    (self.edgesArcsec, self.counts, self.expected) = (edgesArcsec, counts, expected)
    pairs = counts.reduce(0, +)
  }
}

/// Counts the pairs of a group in bins of separation, beside what a model expects.
struct GroupTally {
  private let edges: [Double]
  private var counts: [Int]
  private var expected: [Double]
  private var probabilities: [Double] = []

  /// Bins for these separations.
  init(separations: [Double]) {
    edges = Self.edges(separations)
    counts = Array(repeating: 0, count: edges.count - 1)
    expected = Array(repeating: 0, count: edges.count - 1)
  }

  /// Edges from 0 to the largest separation, at equal shares of the pairs.
  private static func edges(_ separations: [Double]) -> [Double] {
    let sorted = separations.sorted()
    guard let largest = sorted.last, largest > 0 else { return [0, 1] }
    let bins = min(max(sorted.count / 10, 1), CorrectionGroup.mostBins)
    var edges = [0.0]
    for k in 1...bins {
      let edge = k == bins ? largest : AutoHistogram.quantile(sorted, Double(k) / Double(bins))
      if let last = edges.last, edge > last { edges.append(edge) }
    }
    return edges
  }

  /// Adds a pair.
  /// - Parameter inside: The probability of separations below one, among those within the pair's limit.
  mutating func add(separation: Double, _ inside: (Double) -> Double) {
    probabilities.append(inside(separation))
    var before = 0.0
    for bin in expected.indices {
      let next = inside(edges[bin + 1])
      expected[bin] += next - before
      before = next
    }
    // The first bin that ends at or beyond the separation; rounding may put the largest beyond the last.
    let bin = edges.dropFirst().firstIndex { $0 >= separation }.map { $0 - 1 } ?? counts.count - 1
    counts[bin] += 1
  }

  func group(number: Int, chanceShare: Double) -> CorrectionGroup {
    CorrectionGroup(
      number: number, chanceShare: chanceShare, fitness: SeparationFitness(probabilities), edgesArcsec: edges,
      counts: counts, expected: expected)
  }
}
