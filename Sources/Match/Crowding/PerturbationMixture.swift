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
    var (first, last) = (MixtureBasis.count - 1, 0)
    for j in 0..<MixtureBasis.count where weights[j] > Self.negligible {
      first = min(first, j)
      last = j
    }
    self.first = UInt8(min(first, last))
    self.last = UInt8(last)
  }

  /// The sum of the weights: 1, or the probability of what the mixture is about.
  public var total: Double { weights.sum }

  /// The same with a total of 1; no pull if there is nothing.
  public var normalised: PerturbationMixture {
    let total = weights.sum
    return total > 0 ? PerturbationMixture(weights: (1 / total) * weights) : .none
  }

  /// The share of sources that are not pulled, or by less than 1/400 of the FWHM.
  public var deltaWeight: Double { weights[0] }

  /// The mean square of the pull along one axis, arcsec².
  public func variance(_ basis: MixtureBasis) -> Double {
    (weights.low * basis.variances.low + weights.high * basis.variances.high).sum()
  }
}
