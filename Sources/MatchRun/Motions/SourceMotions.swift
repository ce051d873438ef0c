internal import CatalogStore
internal import Match

/// The motions of sources, as their catalogue has them.
struct SourceMotions {
  private let ra: [Double]
  private let dec: [Double]
  private let sigmaRA: [Double]?
  private let sigmaDec: [Double]?
  private let correlation: [Double]?

  /// Nil for a catalogue without motions.
  init?(_ columns: SourceColumns) {
    guard let ra = columns[.pmRA], let dec = columns[.pmDec] else { return nil }
    (self.ra, self.dec) = (ra, dec)
    (sigmaRA, sigmaDec, correlation) = (columns[.sigmaPMRA], columns[.sigmaPMDec], columns[.correlationPM])
  }

  /// Whether the motion of a source is known.
  func isKnown(_ row: Int) -> Bool { ra[row].isFinite && dec[row].isFinite }

  /// A source with its motion.
  /// - Parameter state: Its position and error at its own epoch.
  func model(_ row: Int, _ state: SourceState) -> SourceModel {
    SourceModel(
      state: state, motion: .ifKnown(raMasPerYear: ra[row], decMasPerYear: dec[row]),
      sigmaMotionRAMasPerYear: sigmaRA?[row] ?? .nan, sigmaMotionDecMasPerYear: sigmaDec?[row] ?? .nan,
      correlationOfMotion: correlation?[row] ?? .nan)
  }
}
