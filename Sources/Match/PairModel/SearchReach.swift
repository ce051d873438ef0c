internal import Glibc

/// How far pairs are looked for, in t = χ²/2 of the quoted errors: T₀, or as far as the tail whatever the errors, up to the largest
/// separation.
///
/// Real pairs lie beyond the errors that are quoted: blends, motions and frames move them by some tenths of an arcsecond. And the
/// chance pairs beyond the real ones are what real ones are told from. The limit is that of a bin of the pair's spread, so that counts by bin
/// know it exactly.
public struct SearchReach: Sendable, Hashable {
  /// T₀.
  public let level: Double
  /// Pairs within this separation are looked at, arcsec.
  public let tailArcsec: Double
  /// None beyond this separation are, arcsec.
  public let largestSeparationArcsec: Double

  /// T₀ where chance pairs are few: 8.5 σ.
  public static let widestLevel = 36.0
  /// T₀ is not less however dense the sky: 4.3 σ.
  public static let leastLevel = 9.0
  /// The tail where chance pairs are few, arcsec.
  public static let usualTailArcsec = 2.0

  /// - Parameters:
  ///   - level: T₀.
  ///   - tailArcsec: The tail.
  public init(level: Double, tailArcsec: Double, largestSeparationArcsec: Double) {
    self.level = level
    self.tailArcsec = min(tailArcsec, largestSeparationArcsec)
    self.largestSeparationArcsec = largestSeparationArcsec
  }

  /// T of a pair whose covariance has the determinant `spreadArcsec2`².
  @inline(__always)
  public func limit(spreadArcsec2: Double) -> Double { limit(spreadBin: LogBins.spreads.bin(spreadArcsec2)) }

  /// T of the pairs in a bin of `LogBins.spreads`.
  public func limit(spreadBin: Int) -> Double {
    let largest = 2 * LogBins.spreads.end(spreadBin)
    let wide = max(level, tailArcsec * tailArcsec / largest)
    return min(wide, largestSeparationArcsec * largestSeparationArcsec / largest)
  }
}
