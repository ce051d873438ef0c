/// Which neighbours are candidates, and how many of them a source may have.
public struct CandidateLimits: Sendable, Hashable {
  /// Pairs below this level are candidates: −ln(1 − F_max).
  public var level: Double
  /// No candidates are farther apart, arcsec.
  public var largestSeparationArcsec: Double
  /// A source with more candidates is crowded.
  public var largestCandidates: Int

  /// - Parameter fraction: F_max, 0 ≤ F_max < 1.
  public init(fraction: Double, largestSeparationArcsec: Double, largestCandidates: Int) {
    self.init(
      level: PairEvidence.level(fraction: fraction), largestSeparationArcsec: largestSeparationArcsec,
      largestCandidates: largestCandidates)
  }

  /// - Parameter level: −ln(1 − F_max), 0 or more.
  public init(level: Double, largestSeparationArcsec: Double, largestCandidates: Int) {
    self.level = level
    self.largestSeparationArcsec = largestSeparationArcsec
    self.largestCandidates = largestCandidates
  }
}
