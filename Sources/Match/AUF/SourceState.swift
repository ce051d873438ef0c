/// One source at the epoch of the match: its position and the error of that position.
///
/// It is all that a `PairLikelihood` is told of a source.
public struct SourceState: Sendable, Hashable {
  /// Right ascension, degrees.
  public var raDegrees: Double
  /// Declination, degrees.
  public var decDegrees: Double
  /// The covariance of the position, arcsec².
  public var covariance: PositionCovariance

  /// A source at a position.
  @inlinable
  public init(raDegrees: Double, decDegrees: Double, covariance: PositionCovariance) {
    self.raDegrees = raDegrees
    self.decDegrees = decDegrees
    self.covariance = covariance
  }
}
