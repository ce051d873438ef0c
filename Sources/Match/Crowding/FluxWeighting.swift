/// Whether a source's position is measured against its own noise or that of the background.
///
///     H = 1 − √(1 − min(1, (a · SNR)²)) ,     1/a the signal-to-noise ratio at which the brightest sources level off
///
/// H is the probability that the flux-weighted law holds; the law of PSF fits holds with 1 − H.
///
/// - Source: Wilson & Naylor (2018b); report D3.11.4, equation 3.
public struct FluxWeighting: Sendable, Hashable {
  /// 1/a.
  public let highestSNR: Double

  /// How many of the highest signal-to-noise ratios the plateau is taken from.
  public static let plateauSources = 1000

  /// - Throws: `CrowdingError` unless it is positive and finite.
  public init(highestSNR: Double) throws {
    try CrowdingError.check("the highest signal-to-noise ratio", highestSNR, in: 1e-300...1e300)
    self.highestSNR = highestSNR
  }

  /// The plateau of a sample: the median of its 1,000 highest ratios. Values that are not positive and finite are left out.
  /// - Returns: nil if nothing is left.
  public init?(signalToNoise: [Double]) {
    let highest = signalToNoise.filter { $0 > 0 && $0 < .infinity }.sorted(by: >).prefix(Self.plateauSources)
    guard !highest.isEmpty else { return nil }
    let (low, high) = (highest[(highest.count - 1) / 2], highest[highest.count / 2])
    try? self.init(highestSNR: low / 2 + high / 2)
  }

  /// H of a source, in [0, 1]. 0 if its ratio is negative or unknown (NaN).
  public func share(signalToNoise: Double) -> Double {
    let ratio = signalToNoise / highestSNR
    guard ratio > 0 else { return 0 }
    guard ratio < 1 else { return 1 }
    let square = ratio * ratio
    return square / (1 + (1 - square).squareRoot())
  }
}
