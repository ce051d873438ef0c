internal import Glibc

/// Whether probabilities in one interval mean what they say.
public struct Reliability: Sendable, Equatable {
  /// What is said of an interval.
  public enum Verdict: String, Sendable {
    /// Expected and found agree within 3.5 standard errors and one candidate.
    case agrees
    /// They differ by more, but by less than a tenth of P or of 1 − P, whichever is smaller. Where the false ones are estimated: less
    /// than a quarter, and the scatter of their number.
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
  /// Where the fraction lies, at 95 %: within 0 and 1.
  public let interval: ClosedRange<Double>
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
    interval = Self.interval(number, found)
    let difference = sums.expectedFalse - found.number
    let spread = (found.variance.map { $0 + max(sums.squaredFalse, found.leastNoise) } ?? sums.variance).squareRoot()
    error = sums.count > 0 ? spread / number : .nan
    deviation = difference == 0 ? 0 : difference / spread
    let least = min(sums.expectedReal, sums.expectedFalse)
    let tolerance = found.variance == nil ? 0.1 * least : 0.25 * least + max(0, found.number).squareRoot()
    verdict = Self.verdict(sums, difference: difference, spread: spread, tolerance: tolerance)
  }

  /// Wilson's interval of counted ones; of estimated ones two errors to either side.
  private static func interval(_ number: Double, _ found: FalsePairs) -> ClosedRange<Double> {
    if number == 0 { return 0...1 }
    let fraction = min(max(0, 1 - found.number / number), 1)
    if found.variance != nil {
      let reach = 2 * found.error / number
      return max(0, fraction - reach)...min(1, fraction + reach)
    }
    let (z, square) = (1.96, 1.96 * 1.96 / number)
    let middle = (fraction + square / 2) / (1 + square)
    let reach = z / (1 + square) * ((fraction * (1 - fraction) + square / 4) / number).squareRoot()
    // The fraction itself is inside, whatever rounding does.
    return max(0, min(fraction, middle - reach))...min(1, max(fraction, middle + reach))
  }

  private static func verdict(_ sums: ProbabilitySums, difference: Double, spread: Double, tolerance: Double)
    -> Verdict
  {
    guard sums.count > 0, spread.isFinite else { return .few }
    if abs(difference) <= largestDeviation * spread + 1 { return sums.count < fewest ? .few : .agrees }
    if abs(difference) <= tolerance { return .close }
    return difference < 0 ? .tooHigh : .tooLow
  }

  /// The mean of |fraction real − mean P| over intervals, weighted by their numbers; NaN without candidates.
  public static func expectedError(_ intervals: [Reliability]) -> Double {
    let used = intervals.filter { $0.count > 0 }
    let total = used.reduce(0) { $0 + Double($1.count) }
    return used.reduce(0) { $0 + Double($1.count) * abs($1.fractionReal - $1.meanProbability) } / total
  }

  /// The verdict on several intervals: the worst of those that say something.
  public static func overall(_ intervals: [Reliability]) -> Verdict { worst(intervals.map(\.verdict)) }

  /// Which way probabilities are wrong where the evidence is strongest; nil: nowhere.
  public static func mostSignificant(_ intervals: [Reliability]) -> Verdict? {
    intervals.filter { $0.verdict == .tooHigh || $0.verdict == .tooLow }.max { abs($0.deviation) < abs($1.deviation) }?
      .verdict
  }

  /// The worst of some verdicts.
  public static func worst(_ verdicts: [Verdict]) -> Verdict {
    let order: [Verdict] = [.tooHigh, .tooLow, .close, .agrees]
    return order.first { verdict in verdicts.contains(verdict) } ?? .few
  }

  /// The verdict on groups that share out the same pairs: the worst of them, if together they deviate by more than chance allows.
  ///
  /// Of n groups, Σ z² is χ² with n degrees of freedom if P is right; it is compared by the cube root of Wilson and Hilferty.
  public static func jointly(_ groups: [Reliability]) -> Verdict {
    let used = groups.filter { $0.deviation.isFinite && $0.verdict != .few }
    let number = Double(used.count)
    if number == 0 { return .few }
    let sum = used.reduce(0) { $0 + $1.deviation * $1.deviation }
    let spread = 2 / (9 * number)
    let deviation = (cbrt(sum / number) - (1 - spread)) / spread.squareRoot()
    if deviation <= largestDeviation { return .agrees }
    let worst = worst(used.map(\.verdict))
    return worst == .agrees ? .close : worst
  }
}
