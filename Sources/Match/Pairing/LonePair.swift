import Glibc

/// The answer for the commonest island, one source against one: two assignments, the pair with weight R and nothing with
/// weight 1.
///
/// The same numbers as the solver's, without a problem to state.
public struct LonePair: Sendable {
  /// ln R.
  public let logRatio: Double
  /// ln(1 + R).
  public let logZ: Double
  /// ln of the probability of the better assignment.
  public let logBestProbability: Double
  /// R / (1 + R).
  public let pairProbability: Double
  /// 1 / (1 + R), for either source.
  public let aloneProbability: Double
  /// Whether the pair is the better assignment: ln R ≥ 0.
  public let isMatched: Bool

  /// - Parameter logRatio: ln R; what `IslandProblem.add` makes of extremes holds here, too.
  public init(logRatio: Double) {
    let logRatio = IslandProblem.limited(logRatio)
    self.logRatio = logRatio
    let others = exp(-abs(logRatio))
    let logOthers = log1p(others)
    let (winner, loser) = (1 / (1 + others), others / (1 + others))
    isMatched = logRatio >= 0
    logZ = max(0, logRatio) + logOthers
    logBestProbability = -logOthers
    pairProbability = isMatched ? winner : loser
    aloneProbability = isMatched ? loser : winner
  }

  /// The probability of the better assignment.
  public var bestProbability: Double { exp(logBestProbability) }

  /// The probability of the assignment that matches the pair, or does not, as another answer has it.
  public func probability(ofMatched isMatched: Bool) -> Double {
    isMatched == self.isMatched ? bestProbability : min(1, exp((isMatched ? logRatio : 0) - logZ))
  }
}
