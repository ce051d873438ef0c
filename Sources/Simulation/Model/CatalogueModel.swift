import Glibc

/// How a catalogue observes objects.
public struct CatalogueModel: Sendable {
  /// Its bands; the first one is that of detection.
  public var bands: [SimulatedBand]
  /// Errors of positions.
  public var position = PositionErrorModel()
  /// Errors of magnitudes.
  public var photometry = PhotometricErrorModel()
  /// The magnitude at which half of the objects are found; nil: all are found.
  public var limit: Double?
  /// 1-σ width of the fall of completeness around the limit, mag.
  public var limitWidth = 0.3
  /// Fraction of magnitudes that are NULL, in every band.
  public var missing = 0.0
  /// The part of the sky that it covers; nil: all.
  public var footprint: SimulatedRegion?
  /// Parts that it does not cover.
  public var holes: [SimulatedRegion] = []
  /// Epoch of its positions, Julian years.
  public var epochYears = 2016.0
  /// 1-σ error of the proper motions it gives, mas/yr; nil: it gives none.
  public var motionErrorMasPerYear: Double?

  /// A catalogue with the defaults of everything else.
  public init(bands: [SimulatedBand]) { self.bands = bands }

  /// The chance that an object of a first-band magnitude is found: ½ erfc((m − limit) / (√2 width)).
  @inline(__always)
  func completeness(_ magnitude: Double) -> Double {
    guard let limit else { return 1 }
    if limitWidth == 0 { return magnitude <= limit ? 1 : 0 }
    return 0.5 * erfc((magnitude - limit) / (2.0.squareRoot() * limitWidth))
  }

  /// Whether a position lies in what it covers.
  func covers(raDegrees: Double, decDegrees: Double) -> Bool {
    if let footprint, !footprint.contains(raDegrees: raDegrees, decDegrees: decDegrees) { return false }
    return !holes.contains { $0.contains(raDegrees: raDegrees, decDegrees: decDegrees) }
  }
}

/// A band: its name, and how much fainter a typical object is in it than in the first.
public struct SimulatedBand: Sendable, Hashable {
  /// The name; the column is `mag_NAME`.
  public var name: String
  /// Mean of this magnitude minus that of the first band, mag.
  public var offset: Double

  /// A band.
  public init(_ name: String, offset: Double = 0) {
    self.name = name
    self.offset = offset
  }
}

/// The errors of positions, quoted and true.
///
/// The quoted 1-σ error of one coordinate is σ₀ √(1 + 10^(0.4 (m − knee))) · 10^(scatter · n), n a normal deviate: constant for
/// bright objects, growing as photons get fewer beyond the knee.
public struct PositionErrorModel: Sendable, Hashable {
  /// Median error of bright objects σ₀, arcsec.
  public var sigmaArcsec = 0.1
  /// Scatter, dex.
  public var scatter = 0.1
  /// Magnitude in the first band beyond which errors grow; nil: they do not.
  public var knee: Double?
  /// Largest ratio of the axes of the error ellipses; 1: circles, and one column `sigma` instead of three.
  public var largestAxisRatio = 1.0
  /// True errors are this many times the quoted ones.
  public var underestimate = 1.0

  /// The defaults.
  public init() {}

  /// No error is larger, arcsec: the sky is no flat place beyond that.
  static let largestArcsec = 36_000.0

  /// The quoted error for a magnitude and a normal deviate, arcsec.
  @inline(__always)
  func sigma(_ magnitude: Double, _ deviate: Double) -> Double {
    var sigma = sigmaArcsec
    if let knee { sigma *= (1 + exp(0.4 * M_LN10 * (magnitude - knee))).squareRoot() }
    return min(Self.largestArcsec, scatter == 0 ? sigma : sigma * exp(M_LN10 * scatter * deviate))
  }
}

/// The 1-σ errors of magnitudes: √(floor² + (0.2 · 10^(0.4 (m − depth)))²), 0.2 mag being 5 σ above the noise of the sky.
public struct PhotometricErrorModel: Sendable, Hashable {
  /// The error of the brightest, mag.
  public var floor = 0.01
  /// The magnitude, in every band, at which the noise is 0.2 mag; nil: the floor holds for all.
  public var depth: Double?

  /// The defaults.
  public init() {}

  /// The error of a magnitude, mag.
  @inline(__always)
  func sigma(_ magnitude: Double) -> Double {
    guard let depth else { return floor }
    let noise = 0.2 * exp(0.4 * M_LN10 * (magnitude - depth))
    return (floor * floor + noise * noise).squareRoot()
  }
}
