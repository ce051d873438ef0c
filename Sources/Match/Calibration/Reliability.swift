/// Whether probabilities in one interval mean what they say.
public struct Reliability: Sendable, Equatable {
  /// What is said of an interval.
  public enum Verdict: String, Sendable {
    /// Expected and found agree within 3.5 standard errors and one candidate.
    case agrees
    /// They differ by more, but by less than a tenth of P or of 1 − P, whichever is smaller.
    case close
    /// Fewer candidates are real than P says.
    case tooHigh = "P too high"
    /// More candidates are real than P says.
    case tooLow = "P too low"
    /// Fewer than 100 candidates, which do not contradict what P says.
    case few
  }

  /// Candidates.
  public let count: Int64
  /// Their mean P.
  public let meanProbability: Double
  /// The fraction that is real; an estimate of more false candidates than there are counts as all.
  public let fractionReal: Double
  /// The standard error of that fraction if P is right.
  public let error: Double
  /// By how many standard errors the real ones exceed what P says.
  public let deviation: Double
  /// The answer.
  public let verdict: Verdict

  /// Fewer candidates than this confirm nothing.
  public static let fewest: Int64 = 100

  /// Beyond so many standard errors it is not chance any more: one table of ten in two hundred.
  public static let largestDeviation = 3.5

  /// Compares Σ (1 − P) with the number of false candidates.
  ///
  /// If P is right, a counted number has the variance Σ P (1 − P) of independent trials. An estimate of the mean over many
  /// skies does not share the noise of this one: Σ (1 − P) scatters about that mean with the variance Σ (1 − P)², to which
  /// that of the estimate is added.
  public init(_ sums: ProbabilitySums, _ found: FalsePairs) {
    let number = Double(sums.count)
    count = sums.count
    meanProbability = sums.meanProbability
    fractionReal = sums.count > 0 ? max(0, 1 - found.number / number) : .nan
    let difference = sums.expectedFalse - found.number
    let spread = (found.variance.map { $0 + sums.squaredFalse } ?? sums.variance).squareRoot()
    error = sums.count > 0 ? spread / number : .nan
    deviation = difference == 0 ? 0 : difference / spread
    verdict = Self.verdict(sums, difference: difference, spread: spread)
  }

  private static func verdict(_ sums: ProbabilitySums, difference: Double, spread: Double) -> Verdict {
    guard sums.count > 0, spread.isFinite else { return .few }
    if abs(difference) <= largestDeviation * spread + 1 { return sums.count < fewest ? .few : .agrees }
    if abs(difference) <= 0.1 * min(sums.expectedReal, sums.expectedFalse) { return .close }
    return difference < 0 ? .tooHigh : .tooLow
  }

  /// The mean of |fraction real − mean P| over intervals, weighted by their numbers; NaN without candidates.
  public static func expectedError(_ intervals: [Reliability]) -> Double {
    let used = intervals.filter { $0.count > 0 }
    let total = used.reduce(0) { $0 + Double($1.count) }
    return used.reduce(0) { $0 + Double($1.count) * abs($1.fractionReal - $1.meanProbability) } / total
  }

  /// The verdict on several intervals: the worst of those that say something.
  public static func overall(_ intervals: [Reliability]) -> Verdict {
    let order: [Verdict] = [.tooHigh, .tooLow, .close, .agrees]
    return order.first { verdict in intervals.contains { $0.verdict == verdict } } ?? .few
  }
}
