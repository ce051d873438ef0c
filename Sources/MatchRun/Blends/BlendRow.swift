public import CatalogStore

/// A source inside the PSF of a matched source of the other catalogue, besides its counterpart.
public struct BlendRow: Sendable {
  /// A source as its catalogue has it.
  public struct Source: Sendable {
    /// Its identifier.
    public var id: SourceID
    /// Its place in its catalogue's sky order.
    public var rowid: Int64
    /// Right ascension, as catalogued, degrees.
    public var raDegrees: Double
    /// Declination, degrees.
    public var decDegrees: Double
  }

  /// Whether the source that holds several is that of a, and the others are of b.
  public var blurredIsA: Bool
  /// The matched source of a.
  public var a: Source
  /// The matched source of b.
  public var b: Source
  /// The probability of their pair.
  public var pairP: Double
  /// The flags of the match.
  public var flags: MatchFlags
  /// The source that lies inside, too.
  public var other: Source
  /// Its distance from the counterpart at the epoch of the match, arcsec.
  public var separationArcsec: Double
  /// The probability that it is the counterpart of another source.
  public var elsewhereP: Double
  /// The probability that it lies unresolved inside.
  public var insideP: Double
  /// The expected share of the measured flux that is its own, and the 1-σ error; NaN: magnitudes do not tell.
  public var fluxShare: Double
  public var fluxShareError: Double
  /// The expected share of the measured flux that is not of the counterpart, and the 1-σ error; NaN: magnitudes do not tell.
  public var foreignShare: Double
  public var foreignShareError: Double
  /// The part of it that is of neighbours too faint for the other catalogue.
  public var unseenShare: Double
  /// Whether the expected magnitudes can add up to the measured one; nil where there are none.
  public var isConsistent: Bool?
}
