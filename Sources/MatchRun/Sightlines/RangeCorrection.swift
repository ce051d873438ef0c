public import Match

/// What was found of a catalogue's errors in one range of a covariate on one sightline.
public struct RangeCorrection: Sendable, Hashable {
  /// m and n.
  public var record: CorrectionRecord
  /// ln L of the same pairs with one m and n for all ranges; 0 where nothing is measured.
  public var logLikelihoodOfOne = 0.0

  /// The gain in ln L over one m and n for all ranges.
  public var gain: Double { record.isMeasured ? record.logLikelihood - logLikelihoodOfOne : 0 }

  init(_ record: CorrectionRecord) { self.record = record }
}
