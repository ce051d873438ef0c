public import Indexing

/// A source as a catalogue knows it: its position at an epoch, the error of that position, and its motion.
public struct SourceModel: Sendable {
  /// The source at its own epoch.
  public var state: SourceState
  /// Its proper motion; nil if it is not known.
  public var motion: ProperMotion?
  /// 1-σ error of the motion in right ascension, with cos δ, mas/yr; NaN if unknown: then the error does not grow.
  public var sigmaMotionRAMasPerYear: Double
  /// 1-σ error of the motion in declination, mas/yr; NaN if unknown.
  public var sigmaMotionDecMasPerYear: Double
  /// Correlation of the two errors of the motion; NaN if unknown: then they are taken as independent.
  public var correlationOfMotion: Double

  /// Makes one.
  public init(
    state: SourceState, motion: ProperMotion?, sigmaMotionRAMasPerYear: Double, sigmaMotionDecMasPerYear: Double,
    correlationOfMotion: Double = .nan
  ) {
    self.state = state
    self.motion = motion
    self.sigmaMotionRAMasPerYear = sigmaMotionRAMasPerYear
    self.sigmaMotionDecMasPerYear = sigmaMotionDecMasPerYear
    self.correlationOfMotion = correlationOfMotion
  }

  /// The source some Julian years after its epoch, or before: moved along a great circle, with a larger error. Nil without a
  /// known motion.
  ///
  /// - Source: docs/method.md §1; the covariance of the motion, times the years squared, adds to that of
  ///   the position.
  public func state(afterYears years: Double) -> SourceState? {
    guard let motion else { return nil }
    let (ra, dec) = moved(raDegrees: state.raDegrees, decDegrees: state.decDegrees, motion: motion, byYears: years)
    var covariance = state.covariance
    grow(&covariance.xx, sigmaMotionRAMasPerYear, years)
    grow(&covariance.yy, sigmaMotionDecMasPerYear, years)
    let covarianceOfMotion = correlationOfMotion * sigmaMotionRAMasPerYear * sigmaMotionDecMasPerYear
    if covarianceOfMotion.isFinite { covariance.xy += covarianceOfMotion * 1e-6 * years * years }
    return SourceState(
      raDegrees: ra, decDegrees: dec,
      covariance: PairGeometry.carried(
        covariance, ra1: state.raDegrees, dec1: state.decDegrees, ra2: ra, dec2: dec))
  }

  private func grow(_ varianceArcsec2: inout Double, _ sigmaMasPerYear: Double, _ years: Double) {
    guard sigmaMasPerYear.isFinite else { return }
    varianceArcsec2 = ErrorGrowth.variance(
      positionArcsec2: varianceArcsec2, motionSigmaMasPerYear: sigmaMasPerYear, years: years)
  }
}
