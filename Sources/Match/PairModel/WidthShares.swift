/// The shares of the counterparts that each of `WidthComponent.all` has, by ranges of the spread of pairs: where errors are small, floors
/// and blends may widen what errors understate elsewhere.
public struct WidthShares: Sendable, Equatable {
  /// The bin of `LogBins.spreads` at which each range ends, but the last.
  public private(set) var ends: [Int]
  /// The shares of each range; those of a range add up to 1.
  public private(set) var ranges: [[Double]]

  /// The same shares for all spreads.
  init(_ weights: [Double]) { (ends, ranges) = ([], [weights]) }

  /// Two neighbouring parts as one.
  /// - Parameter end: Where the lower one ends.
  init(_ lower: WidthShares, until end: Int, _ upper: WidthShares) {
    ends = lower.ends + [end] + upper.ends
    ranges = lower.ranges + upper.ranges
  }

  /// Shares with given ends.
  init?(ends: [Int], ranges: [[Double]]) {
    guard ranges.count == ends.count + 1, zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    (self.ends, self.ranges) = (ends, ranges)
  }

  /// The range that a bin of `LogBins.spreads` belongs to.
  @inline(__always)
  func range(ofSpreadBin bin: Int) -> Int {
    var range = 0
    while range < ends.count, bin >= ends[range] { range += 1 }
    return range
  }

  /// The range of a pair whose covariance has the determinant `spreadArcsec2`².
  func range(spreadArcsec2: Double) -> Int { ends.isEmpty ? 0 : range(ofSpreadBin: LogBins.spreads.bin(spreadArcsec2)) }

  /// The shares for a bin of `LogBins.spreads`.
  func weights(spreadBin: Int) -> [Double] { ranges[range(ofSpreadBin: spreadBin)] }

  /// The shares for a pair whose covariance has the determinant `spreadArcsec2`².
  public func weights(spreadArcsec2: Double) -> [Double] { ranges[range(spreadArcsec2: spreadArcsec2)] }

  /// √det of the covariance of pairs in a range, from and to, arcsec²; nil where it has no end.
  public func spreadsArcsec2(ofRange range: Int) -> (from: Double?, to: Double?) {
    (
      range > 0 ? LogBins.spreads.end(ends[range - 1] - 1) : nil,
      range < ends.count ? LogBins.spreads.end(ends[range] - 1) : nil
    )
  }
}
