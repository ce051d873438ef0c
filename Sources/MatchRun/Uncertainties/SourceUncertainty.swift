public import CatalogStore

/// What a match takes the position of one source to be worth, before it is compared with anything.
public struct SourceUncertainty: Sendable {
  /// What hidden neighbours do to the source.
  public struct Perturbation: Sendable {
    /// The root mean square of their pull along one axis, arcsec.
    public var rmsArcsec: Double
    /// The class of that: sources of one class share what is fitted to their pairs (`PullClasses`).
    public var pullClass: Int
    /// The mean flux of the neighbours, and the probabilities of one above 1 % and 10 % of the flux of the source.
    public var contamination: Contamination
  }

  /// Its identifier.
  public var id: SourceID
  /// Its place in its catalogue's sky order.
  public var rowid: Int64
  /// Right ascension, as catalogued, degrees.
  public var raDegrees: Double
  /// Declination, degrees.
  public var decDegrees: Double
  /// In the band by which hidden neighbours are counted, mag; NaN where it is not known.
  public var magnitude: Double
  /// The larger axis of the quoted 1-σ error, arcsec.
  public var sigmaArcsec: Double
  /// The same with corrections.
  public var sigmaUsedArcsec: Double
  /// The density of the catalogue around it, deg⁻².
  public var densityPerDegree2: Double
  /// What hidden neighbours do; nil where they are not known.
  public var perturbation: Perturbation?
}
