internal import Glibc

/// How probable bright hidden neighbours are for the two sources of a pair, given how far apart their positions are.
///
///     P(no neighbour of a above q | s) = e^(−Λ_q) G[A_{<q} ⊗ B](s) / G[A ⊗ B](s)
///
/// with A_{<q} the law where no neighbour is brighter than q of the flux.
public struct ContaminationPosterior: Sendable, Hashable {
  /// The probability that a has a neighbour with more than 10 % of its flux, and so on; all in [0, 1].
  public var a10: Double
  public var a1: Double
  public var b10: Double
  public var b1: Double

  /// - Parameters:
  ///   - a: The mixtures of the first source, as `PerturbationGrid` gives them.
  ///   - b: Those of the second.
  ///   - covariance: The pair's without perturbations, as `PairGeometry` gives it.
  /// - Complexity: five evaluations of G.
  public init(
    _ pair: PerturbedPair, a: PerturbationGrid.Mixtures, b: PerturbationGrid.Mixtures, covariance: PositionCovariance,
    separationArcsec: Double
  ) {
    self.init(a: a, b: b) { a, b in
      pair.value(a, b, covariance: covariance, separationArcsec: separationArcsec).logDensityPerArcsec2
    }
  }

  /// - Parameter logDensity: ln G of the offset for two laws, up to a constant.
  init(
    a: PerturbationGrid.Mixtures, b: PerturbationGrid.Mixtures,
    logDensity: (PerturbationMixture, PerturbationMixture) -> Double
  ) {
    let all = logDensity(a.law, b.law)
    func contaminated(_ clean: Double) -> Double { min(max(-expm1(clean - all), 0), 1) }
    a10 = contaminated(logDensity(a.without10, b.law))
    a1 = contaminated(logDensity(a.without1, b.law))
    b10 = contaminated(logDensity(a.law, b.without10))
    b1 = contaminated(logDensity(a.law, b.without1))
  }
}
