/// The magnitude that an object is expected to have in the band of the low-resolution catalogue, before it is measured.
///
/// Normal with the given width, but for one in fifty objects with 1.5 mag more in quadrature: colours have tails.
public struct BlendMagnitude: Sendable, Hashable {
  /// Mean, mag.
  public var mean: Double
  /// 1-σ width, mag.
  public var sigma: Double

  /// The share of objects of unusual colour.
  static let unusualShare = 0.02
  /// Their additional width, mag.
  static let unusualSigma = 1.5
  /// No colour is known better, mag.
  static let leastSigma = 0.01

  /// An expected magnitude.
  public init(mean: Double, sigma: Double) {
    self.mean = mean
    self.sigma = sigma
  }

  func check(_ whose: String) throws(BlendError) {
    try BlendError.check("the expected magnitude of \(whose)", mean, in: -100...200)
    try BlendError.check("the width of the magnitude of \(whose) in mag", sigma, in: 0...20)
  }
}

/// A source of the low-resolution catalogue b that has a counterpart in the high-resolution catalogue a.
public struct BlendSource: Sendable, Hashable {
  /// Its measured magnitude: that of everything inside its PSF.
  public var magnitude: Double
  /// The 1-σ error of that, mag.
  public var magnitudeError: Double
  /// What its counterpart alone is expected to have.
  public var expected: BlendMagnitude
  /// The expected share of the measured flux that is of neighbours too faint for a, in [0, 1).
  public var unseenShare: Double

  /// A source of b.
  public init(magnitude: Double, magnitudeError: Double, expected: BlendMagnitude, unseenShare: Double = 0) {
    self.magnitude = magnitude
    self.magnitudeError = magnitudeError
    self.expected = expected
    self.unseenShare = unseenShare
  }
}

/// Another source of a near a matched source of b.
public struct BlendNeighbour: Sendable, Hashable {
  /// Its distance from the counterpart of b, arcsec.
  public var separationArcsec: Double
  /// The 1-σ error of that distance along one axis, arcsec.
  public var separationErrorArcsec: Double
  /// What it is expected to have in the band of b.
  public var expected: BlendMagnitude
  /// The probability that it is the counterpart of another source of b, and so is resolved there.
  public var matchedElsewhere: Double

  /// A neighbour.
  public init(
    separationArcsec: Double, separationErrorArcsec: Double, expected: BlendMagnitude, matchedElsewhere: Double = 0
  ) {
    self.separationArcsec = separationArcsec
    self.separationErrorArcsec = separationErrorArcsec
    self.expected = expected
    self.matchedElsewhere = matchedElsewhere
  }
}

/// How b measures fluxes, and so how much of a neighbour's flux goes into its own.
public enum BlendMeasure: Sendable, Hashable {
  /// By the fit of its PSF: exp(−d²/4σ_P²) of a neighbour at the distance d, the overlap of two PSFs.
  case fitted
  /// In a wide aperture: all of it.
  case aperture
}
