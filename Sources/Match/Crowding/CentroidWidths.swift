internal import Glibc

/// How the centroids of a pair are spread about each other without perturbations: Gaussians of several widths, Σ wₖ N(0, vₖ).
///
/// One Gaussian is the quoted error. A mixture is what a region's pairs show: quoted variances times factors, and floors beside them. In
/// Hankel space it is a factor Σ wₖ exp(−2π²ρ²vₖ) beside the transforms of the perturbations.
public struct CentroidWidths: Sendable, Equatable {
  /// wₖ, their sum is 1.
  public let weights: [Double]
  /// vₖ, per axis, arcsec².
  public let variancesArcsec2: [Double]

  /// One Gaussian.
  /// - Throws: `CrowdingError` unless σ is within 10⁻⁹ to 10⁷ arcsec.
  public init(sigmaArcsec: Double) throws {
    try CrowdingError.check("σ of a pair in arcsec", sigmaArcsec, in: 1e-9...1e7)
    try self.init(weights: [1], variancesArcsec2: [sigmaArcsec * sigmaArcsec])
  }

  /// Several. Weights are divided by their sum; widths of weight 0 are left out.
  /// - Throws: `CrowdingError` unless weights are finite and not negative, one is positive, and all σ are within 10⁻⁹ to 10⁷ arcsec.
  public init(weights: [Double], variancesArcsec2: [Double]) throws {
    guard weights.count == variancesArcsec2.count else {
      throw CrowdingError(
        "the number of widths", given: "\(variancesArcsec2.count) for \(weights.count) weights", allowed: "one a weight"
      )
    }
    for weight in weights { try CrowdingError.check("the weight of a width", weight, in: 0...1e300) }
    let used = weights.indices.filter { weights[$0] > 0 }
    for place in used {
      try CrowdingError.check("the variance of a pair in arcsec²", variancesArcsec2[place], in: 1e-18...1e14)
    }
    let sum = used.reduce(0) { $0 + weights[$1] }
    guard sum > 0, sum.isFinite else {
      throw CrowdingError("the sum of the weights of widths", given: "\(sum)", allowed: "positive and finite")
    }
    self.weights = used.map { weights[$0] / sum }
    self.variancesArcsec2 = used.map { variancesArcsec2[$0] }
    mostVariance = used.reduce(0) { max($0, variancesArcsec2[$1]) }
  }

  /// The largest variance, arcsec².
  let mostVariance: Double
  /// σ of the narrowest, arcsec.
  var leastSigma: Double { (variancesArcsec2.min() ?? 1).squareRoot() }
  /// σ of the widest, arcsec.
  var mostSigma: Double { mostVariance.squareRoot() }

  /// Σ wₖ exp(−2π²ρ² max(vₖ, floor)).
  func transform(at rho: Double, floorArcsec2: Double = 0) -> Double {
    var sum = 0.0
    for (weight, variance) in zip(weights, variancesArcsec2) {
      sum += weight * exp(-2 * .pi * .pi * rho * rho * max(variance, floorArcsec2))
    }
    return sum
  }

  /// The density of offsets at a separation, arcsec⁻², and the probability within it. Closed forms.
  public func values(at separationArcsec: Double) -> PairDensity {
    var (density, cumulative) = (0.0, 0.0)
    for (weight, variance) in zip(weights, variancesArcsec2) {
      let half = separationArcsec * separationArcsec / (2 * variance)
      density += weight * exp(-half) / (2 * .pi * variance)
      cumulative -= weight * expm1(-half)
    }
    return PairDensity(densityPerArcsec2: density, cumulative: min(cumulative, 1))
  }
}

/// What a circular distribution of offsets says at a separation.
public struct PairDensity: Sendable, Hashable {
  /// G, the density of the offset, arcsec⁻².
  public var densityPerArcsec2: Double
  /// F, the probability within the separation, in [0, 1].
  public var cumulative: Double

  /// Makes one.
  public init(densityPerArcsec2: Double, cumulative: Double) {
    self.densityPerArcsec2 = densityPerArcsec2
    self.cumulative = cumulative
  }
}
