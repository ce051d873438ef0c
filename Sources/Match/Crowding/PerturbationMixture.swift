/// A perturbation law as a sum of the Gaussians of a `MixtureBasis`: the weights. No memory of its own, so that sources can hold one each.
public struct PerturbationMixture: Sendable, Hashable {
  /// cⱼ, not negative; their sum is 1, or the probability of what the mixture is about.
  let weights: MixtureValues
  /// The first and the last Gaussian whose weight is not negligible.
  let first: UInt8
  let last: UInt8

  /// No pull.
  public static let none: PerturbationMixture = {
    var weights = MixtureValues()
    weights[0] = 1
    return PerturbationMixture(weights: weights)
  }()

  private static let negligible = 1e-8

  init(weights: MixtureValues) {
    self.weights = weights
    let used = (0..<MixtureBasis.count).filter { weights[$0] > Self.negligible }
    (first, last) = (UInt8(used.first ?? 0), UInt8(used.last ?? 0))
  }

  /// The sum of the weights: 1, or the probability of what the mixture is about.
  public var total: Double { weights.sum }

  /// The share of sources that are not pulled.
  public var deltaWeight: Double { weights[0] }

  /// The mean square of the pull along one axis, arcsec².
  public func variance(_ basis: MixtureBasis) -> Double {
    (weights.low * basis.variances.low + weights.high * basis.variances.high).sum()
  }
}
