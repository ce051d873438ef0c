internal import Glibc

/// The Gaussians of which perturbation laws of one PSF are made for speed: 16 widths τ, the first of them 0.
///
/// A law becomes Σ cⱼ N(0, τⱼ²) with cⱼ ≥ 0: convolved with any errors, elliptical ones too, it is a sum of Gaussians, positive everywhere, and F
/// rises from 0 to 1. c₀ is at least the weight of no pull.
public struct MixtureBasis: Sendable, Hashable {
  /// How many Gaussians there are.
  public static let count = 16
  /// τ², arcsec², ascending.
  let variances: MixtureValues

  /// The σ of a pair at which mixtures are fitted, in units of the FWHM.
  static let fitSigmaPerFWHM = 0.01
  private static let widestPerFWHM = 0.5

  /// The widths for a PSF: from 1/400 to 1/2 of its FWHM, equally spaced in ln τ.
  public init(_ pointSpread: PointSpread) {
    let (low, high) = (Self.fitSigmaPerFWHM / 4, Self.widestPerFWHM)
    var variances = MixtureValues()
    for j in 1..<Self.count {
      let tau = pointSpread.fwhmArcsec * low * pow(high / low, Double(j - 1) / Double(Self.count - 2))
      variances[j] = tau * tau
    }
    self.variances = variances
  }

  /// The widths of catalogues whose positions nothing pulls.
  public static let none = MixtureBasis(variances: MixtureValues())

  private init(variances: MixtureValues) { self.variances = variances }
}

/// A number for each Gaussian of a `MixtureBasis`, in place.
struct MixtureValues: Sendable, Hashable {
  var low = SIMD8<Double>.zero
  var high = SIMD8<Double>.zero

  subscript(place: Int) -> Double {
    get { place < 8 ? low[place] : high[place - 8] }
    set {
      if place < 8 { low[place] = newValue } else { high[place - 8] = newValue }
    }
  }

  @inline(__always)
  static func + (a: MixtureValues, b: MixtureValues) -> MixtureValues {
    MixtureValues(low: a.low + b.low, high: a.high + b.high)
  }

  @inline(__always)
  static func * (factor: Double, a: MixtureValues) -> MixtureValues {
    MixtureValues(low: factor * a.low, high: factor * a.high)
  }

  /// Their sum.
  var sum: Double { (low + high).sum() }
}
