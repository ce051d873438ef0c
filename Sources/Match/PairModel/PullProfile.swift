internal import Glibc

/// By how much hidden neighbours widen the offsets of pairs: Σ wⱼ N(0, τⱼ²) beside the errors.
///
/// With t = χ²/2 of the quoted errors, counterparts of a width V are then distributed as Σ wⱼ exp(−t/Vⱼ)/Vⱼ with Vⱼ = V + τⱼ²/c, where c is
/// the square root of the determinant of the pair's covariance.
struct PullProfile: Sendable, Equatable {
  /// wⱼ, their sum is 1.
  private(set) var weights: [Double]
  /// τⱼ², arcsec², ascending.
  private(set) var variancesArcsec2: [Double]

  /// No pulls.
  static let none = PullProfile(weights: [1], variancesArcsec2: [0])

  private init(weights: [Double], variancesArcsec2: [Double]) {
    (self.weights, self.variancesArcsec2) = (weights, variancesArcsec2)
  }

  /// Gaussians whose variances differ by less than this factor are taken together.
  private static let logFactor = log(1.5)
  private static let least = 1e-12
  private static let negligible = 1e-6

  private typealias Term = (weight: Double, variance: Double)

  /// The convolution of two laws.
  init(_ a: PerturbationMixture, _ basisA: MixtureBasis, _ b: PerturbationMixture, _ basisB: MixtureBasis) {
    var terms: [Term] = []
    for i in 0..<MixtureBasis.count where a.weights[i] > 0 {
      for j in 0..<MixtureBasis.count where b.weights[j] > 0 {
        terms.append((a.weights[i] * b.weights[j], basisA.variances[i] + basisB.variances[j]))
      }
    }
    self.init(merging: terms)
  }

  /// The convolution with drifts on a `DriftGrid`, all of their speeds times a scale.
  func drifting(_ drifts: [Double], scale: Double) -> PullProfile {
    if drifts.isEmpty || scale == 0 { return self }
    var terms: [Term] = []
    for (weight, variance) in zip(weights, variancesArcsec2) {
      for (place, share) in drifts.enumerated() where share > 0 {
        terms.append((weight * share, variance + scale * scale * DriftGrid.variancesArcsec2[place]))
      }
    }
    return PullProfile(merging: terms)
  }

  /// With a variance that is added to all.
  func widened(byArcsec2 variance: Double) -> PullProfile {
    if variance <= 0 { return self }
    var copy = self
    for place in variancesArcsec2.indices { copy.variancesArcsec2[place] += variance }
    return copy
  }

  private init(merging all: [Term]) {
    var terms = all.filter { $0.weight > Self.negligible }
    terms.sort { $0.variance < $1.variance }
    (weights, variancesArcsec2) = ([], [])
    var first = 0
    while first < terms.count {
      let end = terms[first].variance * exp(Self.logFactor) + Self.least
      let group = terms[first...].prefix { $0.variance <= end }
      let weight = group.reduce(0) { $0 + $1.weight }
      weights.append(weight)
      variancesArcsec2.append(group.reduce(0) { $0 + $1.weight * $1.variance } / weight)
      first = group.endIndex
    }
    let total = weights.reduce(0, +)
    if total > 0 { weights = weights.map { $0 / total } } else { self = .none }
  }

  /// The mean of the density in t between two values of t.
  func meanDensity(_ component: WidthComponent, spreadArcsec2: Double, from low: Double, to high: Double) -> Double {
    let width = component.width(spreadArcsec2: spreadArcsec2)
    var sum = 0.0
    for j in weights.indices {
      sum +=
        weights[j]
        * WidthComponent.meanDensity(from: low, to: high, width: width + variancesArcsec2[j] / spreadArcsec2)
    }
    return sum
  }

  /// The share below a limit.
  func share(_ component: WidthComponent, spreadArcsec2: Double, below limit: Double) -> Double {
    let width = component.width(spreadArcsec2: spreadArcsec2)
    var sum = 0.0
    for j in weights.indices {
      sum += weights[j] * WidthComponent.share(below: limit, width: width + variancesArcsec2[j] / spreadArcsec2)
    }
    return sum
  }
}
