import Glibc

/// A crowded sky: one field of real objects, and two catalogues that see it with PSFs of their own.
///
/// Objects are a uniform Poisson process on the sphere. In the band of b they number
///
///     N(< m) = density · 10^(slope · (m − densityMagnitude))  per square degree
///
/// between `brightest` and `faintest`; in the band of a an object has m_a = m_b + color + colorScatter · n, n normal.
public struct CrowdedSkyModel: Sendable {
  /// Where sources are.
  public var region: SimulatedRegion
  /// Objects per square degree brighter than `densityMagnitude` in b.
  public var density: Double
  /// Magnitude in b that the density holds for.
  public var densityMagnitude = 16.0
  /// Growth of the counts, dex/mag.
  public var slope = 0.3
  /// Magnitude in b of the brightest objects.
  public var brightest = 8.0
  /// The faintest objects are this much fainter than the limit of b, mag.
  public var hiddenDepth = 8.0
  /// Colour a − b, mag.
  public var color = 1.0
  /// Intrinsic 1-σ scatter of the colour, mag.
  public var colorScatter = 0.3
  /// How the first, high-resolution catalogue observes.
  public var a = CrowdedCatalogueModel.sharp
  /// How the second, low-resolution catalogue observes.
  public var b = CrowdedCatalogueModel.blurred
  /// The seed.
  public var seed: UInt64 = 1

  /// A sky with the defaults of everything else.
  public init(region: SimulatedRegion, density: Double) {
    self.region = region
    self.density = density
  }

  /// Magnitude in b of the faintest objects.
  public var faintest: Double { b.limit + hiddenDepth }

  /// Objects per square degree between two magnitudes in b.
  public func objectsPerDegree2(_ range: ClosedRange<Double>) -> Double {
    func brighter(_ magnitude: Double) -> Double { exp(M_LN10 * slope * (magnitude - densityMagnitude)) }
    return density * max(0, brighter(range.upperBound) - brighter(range.lowerBound))
  }

  /// Magnitudes of the objects that a or b can detect. Fainter ones are only ever hidden.
  var detectable: ClosedRange<Double> {
    let spread = (a.limitWidth * a.limitWidth + colorScatter * colorScatter).squareRoot()
    let ofA = a.limit - color + Self.tail * spread
    return brightest...min(faintest, max(brightest, ofA, b.faintestDetectable))
  }

  /// Magnitudes of the other objects.
  var undetectable: ClosedRange<Double> { detectable.upperBound...faintest }

  /// Chances below erfc(tail / √2) / 2, 3·10⁻⁷, are taken as none, in standard deviations.
  static let tail = 5.0
}

/// How a catalogue of a crowded sky observes.
public struct CrowdedCatalogueModel: Sendable {
  /// How the position of a blend is measured.
  public enum Centroid: String, Sendable, CaseIterable {
    /// By the fit of one PSF where the noise of the sky dominates.
    case psf
    /// As the centre of light.
    case flux
  }

  /// Which sources a hidden object disturbs that lies within the blend radius of several.
  public enum Overlap: String, Sendable, CaseIterable {
    /// All of them: each is fitted alone. Neighbours then are exactly a Poisson process of fainter objects.
    case all
    /// The nearest only: each hidden object is in one blend.
    case nearest
  }

  /// The band.
  public var band: String
  /// Full width of the PSF at half maximum, arcsec.
  public var fwhmArcsec: Double
  /// The magnitude at which half of the objects are found.
  public var limit: Double
  /// 1-σ width of the fall of completeness around the limit, mag.
  public var limitWidth = 0.3
  /// Errors of magnitudes; the signal-to-noise ratio is 1.0857 over them.
  public var photometry = PhotometricErrorModel()
  /// Least error of a coordinate, arcsec.
  public var floorArcsec: Double
  /// Scatter of the position errors, dex.
  public var sigmaScatter = 0.0
  /// True noise is this many times the quoted one.
  public var underestimate = 1.0
  /// How positions are measured.
  public var centroid = Centroid.psf
  /// What a hidden object between several sources disturbs.
  public var overlap = Overlap.all
  /// Epoch of the positions, Julian years. Objects do not move.
  public var epochYears = 2016.0

  /// Gaia-like: errors from 2 to some 15 mas.
  public static var sharp: CrowdedCatalogueModel {
    var model = CrowdedCatalogueModel(band: "G", fwhmArcsec: 0.18, limit: 21, floorArcsec: 0.002)
    model.photometry.depth = 21
    return model
  }

  /// CatWISE-like.
  public static var blurred: CrowdedCatalogueModel {
    var model = CrowdedCatalogueModel(band: "W1", fwhmArcsec: 6.1, limit: 17, floorArcsec: 0.02)
    model.photometry.depth = 17.7
    return model
  }

  /// R = 1.185 FWHM: fainter objects within are not resolved (Rayleigh's criterion), arcsec.
  public var blendRadiusArcsec: Double { 1.185 * fwhmArcsec }

  /// πR², square degrees.
  var blendArea: Double { .pi * blendRadiusArcsec * blendRadiusArcsec / (3600 * 3600) }

  /// σ_P = FWHM / √(8 ln 2), arcsec.
  var sigmaPSFArcsec: Double { fwhmArcsec / (8 * M_LN2).squareRoot() }

  var faintestDetectable: Double { limit + CrowdedSkyModel.tail * limitWidth }

  /// The chance that an object is found: ½ erfc((m − limit) / (√2 width)).
  func completeness(_ magnitude: Double) -> Double {
    if limitWidth == 0 { return magnitude <= limit ? 1 : 0 }
    return 0.5 * erfc((magnitude - limit) / (2.0.squareRoot() * limitWidth))
  }

  /// The quoted error of a coordinate, arcsec: √(floor² + (FWHM / (2.355 SNR))²) · 10^(scatter · n).
  func sigma(_ magnitude: Double, _ deviate: Double) -> Double {
    let ratio = 2.5 / M_LN10 / photometry.sigma(magnitude)
    let noise = sigmaPSFArcsec / ratio
    let sigma = (floorArcsec * floorArcsec + noise * noise).squareRoot() * exp(M_LN10 * sigmaScatter * deviate)
    return min(PositionErrorModel.largestArcsec, sigma)
  }
}
