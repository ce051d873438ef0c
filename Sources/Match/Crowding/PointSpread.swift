internal import Glibc

/// A circular Gaussian point-spread function by its width.
public struct PointSpread: Sendable, Hashable {
  /// W, the full width at half maximum, arcsec.
  public let fwhmArcsec: Double

  /// - Throws: `CrowdingError` unless the width is within 10⁻⁴ to 10⁴ arcsec.
  public init(fwhmArcsec: Double) throws {
    try CrowdingError.check("the FWHM of a PSF in arcsec", fwhmArcsec, in: 1e-4...1e4)
    self.fwhmArcsec = fwhmArcsec
  }

  /// The one that hides neighbours within a radius.
  /// - Parameter circleArcsec: R.
  /// - Throws: `CrowdingError` unless the width is within 10⁻⁴ to 10⁴ arcsec.
  public init(circleArcsec: Double) throws { try self.init(fwhmArcsec: circleArcsec / Self.circlePerFWHM) }

  /// σ_P = W / √(8 ln 2), arcsec.
  public var sigmaArcsec: Double { fwhmArcsec * Self.sigmaPerFWHM }

  /// R = 1.185 W: nearer neighbours are not resolved (Rayleigh's criterion), arcsec.
  public var circleArcsec: Double { fwhmArcsec * Self.circlePerFWHM }

  /// The part of a neighbour's flux that the fit of a PSF takes in, exp(−d²/4σ_P²), on the average over the circle of radius R.
  public var meanOverlap: Double {
    let ratio = Self.circlePerSigma * Self.circlePerSigma / 4
    return (1 - exp(-ratio)) / ratio
  }

  /// πR² in deg².
  public var circleDegrees2: Double { .pi * circleArcsec * circleArcsec / (3600 * 3600) }

  private static let sigmaPerFWHM = 0.424660900144009521
  private static let circlePerFWHM = 1.185
  /// R in units of σ_P: 2.7905.
  static let circlePerSigma = circlePerFWHM / sigmaPerFWHM
}
