internal import Glibc

/// Sums over candidates whose probabilities P lie in one interval.
public struct ProbabilitySums: Sendable, Equatable {
  /// Candidates.
  public private(set) var count: Int64 = 0
  /// Σ P: how many of them are real if the probabilities are right.
  public private(set) var expectedReal = 0.0
  /// Σ P (1 − P): the variance of the number that are real, if they are right.
  public private(set) var variance = 0.0
  /// Candidates known to be real.
  public private(set) var real: Int64 = 0

  /// Nothing yet.
  public init() {}

  /// Adds one candidate.
  @inlinable
  public mutating func add(_ probability: Double, isReal: Bool) {
    add(count: 1, expected: probability, variance: probability * (1 - probability), real: isReal ? 1 : 0)
  }

  @usableFromInline
  mutating func add(count: Int64, expected: Double, variance: Double, real: Int64) {
    self.count += count
    expectedReal += expected
    self.variance += variance
    self.real += real
  }

  /// Adds the sums of another interval.
  public static func += (sum: inout ProbabilitySums, part: ProbabilitySums) {
    sum.add(count: part.count, expected: part.expectedReal, variance: part.variance, real: part.real)
  }

  /// The mean of P; NaN without candidates.
  public var meanProbability: Double { expectedReal / Double(count) }
  /// Σ (1 − P): how many are false if the probabilities are right.
  public var expectedFalse: Double { Double(count) - expectedReal }
  /// Σ (1 − P)².
  public var squaredFalse: Double { max(0, expectedFalse - variance) }
  /// Candidates not known to be real.
  public var notReal: Int64 { count - real }
}

/// Candidates by probability: ten intervals of equal width, the last one divided at 0.95 and 0.99.
public struct ProbabilityHistogram: Sendable, Equatable {
  /// Lower ends of the cells.
  public static let edges = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
  /// The cells of each tenth.
  public static let deciles = (0..<10).map { $0 < 9 ? $0..<$0 + 1 : 9..<edges.count }
  /// The cells from one edge up, for every edge but 0.
  public static let aboveThresholds = (1..<edges.count).map { $0..<edges.count }
  /// The cells above one half: no source has two counterparts there.
  public static let aboveHalf = 5..<edges.count

  /// Sums by cell.
  public private(set) var cells = [ProbabilitySums](repeating: ProbabilitySums(), count: edges.count)
  private var lossSum = 0.0

  /// A wrong answer given with certainty costs the logarithm of this.
  public static let smallestProbability = 1e-15

  /// Nothing yet.
  public init() {}

  /// The cell of a probability.
  @inlinable
  public static func cell(of probability: Double) -> Int {
    if probability >= 0.95 { return probability >= 0.99 ? 11 : 10 }
    // Not a number is in the first cell, as what is below 0.
    return probability > 0 ? min(9, Int(probability * 10)) : 0
  }

  /// Adds one candidate.
  public mutating func add(_ probability: Double, isReal: Bool) {
    add(probability, isReal: isReal, to: Self.cell(of: probability))
  }

  /// Adds one candidate to a cell that something else than its probability decides.
  public mutating func add(_ probability: Double, isReal: Bool, to cell: Int) {
    cells[cell].add(probability, isReal: isReal)
    lossSum -= log(max(Self.smallestProbability, isReal ? probability : 1 - probability))
  }

  /// Adds the sums of another part.
  public static func += (sum: inout ProbabilityHistogram, part: ProbabilityHistogram) {
    for cell in sum.cells.indices { sum.cells[cell] += part.cells[cell] }
    sum.lossSum += part.lossSum
  }

  /// The sums over some cells.
  public func sums(_ cells: Range<Int>) -> ProbabilitySums {
    self.cells[cells].reduce(into: ProbabilitySums()) { $0 += $1 }
  }

  /// The sums over all cells.
  public var total: ProbabilitySums { sums(0..<cells.count) }

  /// The mean of −ln P of what turned out to be: 0 for certainty that is always right. NaN without candidates.
  public var logLoss: Double { lossSum / Double(total.count) }
}
