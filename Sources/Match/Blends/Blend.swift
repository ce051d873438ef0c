/// What of the flux of one source of a low-resolution catalogue is of other objects inside its PSF. `BlendModel` makes it.
public struct Blend: Sendable, Hashable {
  /// A neighbour's part in it.
  public struct Member: Sendable, Hashable {
    /// The probability that it lies unresolved inside the PSF.
    public var inside: Double
    /// The expected share of the measured flux that is its own, in [0, 1].
    public var share: Double
    /// The 1-σ uncertainty of that.
    public var shareError: Double
  }

  /// The neighbours in the order given.
  public var members: [Member]
  /// The expected share of the flux that is not of the counterpart, neighbours too faint for a included.
  public var foreignShare: Double
  /// The 1-σ uncertainty of that.
  public var foreignShareError: Double
  /// Whether the expected magnitudes can add up to the measured one. If not, shares are those of the expected fluxes.
  public var isConsistent: Bool
}
