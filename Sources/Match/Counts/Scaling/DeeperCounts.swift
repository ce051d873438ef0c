/// Counts of the same sky in the same light by a catalogue that goes deeper, in the magnitudes of the band that is asked for.
public struct DeeperCounts: Sendable, Hashable {
  /// What it has.
  public let observed: ObservedCounts
  /// Where it is complete.
  public let range: CompleteRange

  /// Bands are the same light where their wavelengths differ by no more than this factor.
  public static let wavelengthFactor = 1.1
  /// A catalogue goes deeper if it is complete to so much fainter magnitudes, mag.
  public static let leastGain = 0.5

  /// Nil where the other band sees other light, or is not complete to magnitudes that are at least half a magnitude fainter.
  ///
  /// Magnitudes are compared in AB: m = m_other + o_other − o, with o what AB is more than the survey's own.
  ///
  /// - Parameters:
  ///   - other: The counts of the other catalogue, in its own band.
  ///   - completeness: Up to where the catalogue itself is complete, mag.
  public init?(_ other: ObservedCounts, in otherBand: CountBand, as band: CountBand, beyond completeness: Double) {
    let ratio = otherBand.wavelengthMicron / band.wavelengthMicron
    let shift = otherBand.abOffset - band.abOffset
    guard max(ratio, 1 / ratio) <= Self.wavelengthFactor, let own = try? CompleteRange(of: other),
      own.completenessMagnitude + shift >= completeness + Self.leastGain,
      let grid = try? MagnitudeGrid(first: other.grid.first + shift, step: other.grid.step, count: other.grid.count),
      let observed = try? ObservedCounts(grid: grid, counts: other.counts, areaDeg2: other.areaDeg2)
    else { return nil }
    self.observed = observed
    range = CompleteRange(
      saturationMagnitude: own.saturationMagnitude + shift, completenessMagnitude: own.completenessMagnitude + shift)
  }
}
