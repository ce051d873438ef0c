/// Chance pairs by probability, found where one catalogue was shifted against the other, and how much of the sky they
/// come from.
public struct ChanceCounts: Sendable, Equatable, FalsePairEstimate {
  /// Sources of a that b covers, each counted once.
  public private(set) var sources: Int64 = 0
  /// The same sources once for every shift in which b still covered them.
  public private(set) var trials: Int64 = 0
  /// Chance pairs that were solved.
  public private(set) var solved: Int64 = 0
  private var pairs = [Int64](repeating: 0, count: ProbabilityHistogram.edges.count)
  /// Sums of the squares of the numbers that pairs stand for.
  private var squares = [Int64](repeating: 0, count: ProbabilityHistogram.edges.count)

  /// Nothing yet.
  public init() {}

  /// Counts a source of a.
  /// - Parameter trials: In how many shifts b covered it.
  public mutating func addSource(trials: Int) {
    sources += 1
    self.trials += Int64(trials)
  }

  /// Counts a chance pair.
  /// - Parameter weight: How many it stands for, itself included, where not all are solved; at most 2²⁰.
  public mutating func addPair(_ probability: Double, weight: Int64 = 1) {
    let cell = ProbabilityHistogram.cell(of: probability)
    solved += 1
    pairs[cell] += weight
    squares[cell] += weight * weight
  }

  /// Chance pairs, those included that others stand for.
  public var found: Int64 { pairs.reduce(0, +) }

  /// Adds the counts of another part. Integers: the order does not matter.
  public static func += (sum: inout ChanceCounts, part: ChanceCounts) {
    sum.sources += part.sources
    sum.trials += part.trials
    sum.solved += part.solved
    for cell in sum.pairs.indices {
      sum.pairs[cell] += part.pairs[cell]
      sum.squares[cell] += part.squares[cell]
    }
  }

  /// How many pairs of the unshifted sky are false in some cells of P: the pairs found per trial, for every source.
  public func falsePairs(_ cells: Range<Int>) -> FalsePairs {
    let found = Double(pairs[cells].reduce(0, +))
    let share = Double(sources) / Double(trials)
    let variance = Double(squares[cells].reduce(0, +))
    return FalsePairs(number: found * share, variance: max(variance, 1) * share * share)
  }
}

/// Knows how many candidates are false, by cell of P.
public protocol FalsePairEstimate: Sendable {
  /// The false ones in some cells of `ProbabilityHistogram`.
  func falsePairs(_ cells: Range<Int>) -> FalsePairs
}

/// How many candidates are false.
public struct FalsePairs: Sendable, Equatable {
  /// The number, or the mean number on skies like this one.
  public let number: Double
  /// Variance of the estimate of that mean; nil: they were counted, not estimated.
  public let variance: Double?
  /// The least that Σ (1 − P) scatters about the mean, as a variance: what it is on the average of skies like this one.
  public let leastNoise: Double

  /// Makes an estimate.
  public init(number: Double, variance: Double?, leastNoise: Double = 0) {
    self.number = number
    self.variance = variance
    self.leastNoise = leastNoise
  }

  /// Those that are known not to be real.
  public init(counting sums: ProbabilitySums) { self.init(number: Double(sums.notReal), variance: nil) }

  /// 1-σ error of the number on this sky: that of the mean, and the Poisson noise of one sky. 0 if they were counted.
  public var error: Double { variance.map { ($0 + number).squareRoot() } ?? 0 }
}
