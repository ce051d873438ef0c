/// Rows of a simulated catalogue, column by column. NaN stands for NULL.
public struct CatalogueRows: Sendable {
  /// Identifiers: unique in the catalogue, in no order.
  public var ids: [Int64] = []
  /// Right ascensions, degrees in [0, 360).
  public var raDegrees: [Double] = []
  /// Declinations, degrees.
  public var decDegrees: [Double] = []
  /// 1-σ errors along right ascension, cos δ included, arcsec.
  public var sigmaRA: [Float] = []
  /// 1-σ errors along declination, arcsec. Empty when errors are circles: then `sigmaRA` holds for both.
  public var sigmaDec: [Float] = []
  /// Correlations of the two errors. Empty when errors are circles.
  public var correlation: [Float] = []
  /// Magnitudes, band by band.
  public var magnitudes: [[Float]]
  /// Their 1-σ errors, band by band.
  public var magnitudeErrors: [[Float]]
  /// Proper motions μ_α cos δ, mas/yr. Empty when the catalogue gives none.
  public var motionRA: [Double] = []
  /// Proper motions μ_δ, mas/yr. Empty when the catalogue gives none.
  public var motionDec: [Double] = []
  /// The numbers of the objects.
  public var truth: [Int64] = []
  /// What each source is a blend of. Empty unless the sky is crowded.
  public var blends = BlendTruth()

  /// No rows of a catalogue of so many bands.
  init(bands: Int) {
    magnitudes = Array(repeating: [], count: bands)
    magnitudeErrors = Array(repeating: [], count: bands)
  }

  /// The number of rows.
  public var count: Int { ids.count }

  mutating func removeAll() {
    ids.removeAll(keepingCapacity: true)
    raDegrees.removeAll(keepingCapacity: true)
    decDegrees.removeAll(keepingCapacity: true)
    sigmaRA.removeAll(keepingCapacity: true)
    sigmaDec.removeAll(keepingCapacity: true)
    correlation.removeAll(keepingCapacity: true)
    for band in magnitudes.indices {
      magnitudes[band].removeAll(keepingCapacity: true)
      magnitudeErrors[band].removeAll(keepingCapacity: true)
    }
    motionRA.removeAll(keepingCapacity: true)
    motionDec.removeAll(keepingCapacity: true)
    truth.removeAll(keepingCapacity: true)
    blends.removeAll()
  }
}
