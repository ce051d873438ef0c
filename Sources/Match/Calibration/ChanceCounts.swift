/// Chance pairs by probability, found where one catalogue was shifted against the other, and how much of the sky they
/// come from.
public struct ChanceCounts: Sendable, Equatable {
  /// Sources of a that b covers, each counted once.
  public private(set) var sources: Int64 = 0
  /// The same sources once for every shift in which b still covered them.
  public private(set) var trials: Int64 = 0
  private var pairs = [Int64](repeating: 0, count: ProbabilityHistogram.edges.count)

  /// Nothing yet.
  public init() {}

  /// Counts a source of a.
  /// - Parameter trials: In how many shifts b covered it.
  public mutating func addSource(trials: Int) {
    sources += 1
    self.trials += Int64(trials)
  }

  /// Counts a chance pair.
  public mutating func addPair(_ probability: Double) { pairs[ProbabilityHistogram.cell(of: probability)] += 1 }

  /// Adds the counts of another part. Integers: the order does not matter.
  public static func += (sum: inout ChanceCounts, part: ChanceCounts) {
    sum.sources += part.sources
    sum.trials += part.trials
    for cell in sum.pairs.indices { sum.pairs[cell] += part.pairs[cell] }
  }

  /// How many pairs of the unshifted sky are false in some cells of P: the pairs found per trial, for every source.
  public func falsePairs(_ cells: Range<Int>) -> FalsePairs {
    let found = Double(pairs[cells].reduce(0, +))
    let share = Double(sources) / Double(trials)
    return FalsePairs(number: found * share, variance: max(found, 1) * share * share)
  }
}

/// How many candidates are false.
public struct FalsePairs: Sendable, Equatable {
  /// The number, or the mean number on skies like this one.
  public let number: Double
  /// Variance of the estimate of that mean; nil: they were counted, not estimated.
  public let variance: Double?

  /// Makes an estimate.
  public init(number: Double, variance: Double?) {
    self.number = number
    self.variance = variance
  }

  /// Those that are known not to be real.
  public init(counting sums: ProbabilitySums) { self.init(number: Double(sums.notReal), variance: nil) }

  /// 1-σ error of the number on this sky: that of the mean, and the Poisson noise of one sky. 0 if they were counted.
  public var error: Double { variance.map { ($0 + number).squareRoot() } ?? 0 }
}
