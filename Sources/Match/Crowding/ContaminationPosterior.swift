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

  init(a10: Double, a1: Double, b10: Double, b1: Double) {
    (self.a10, self.a1) = (a10, a1)
    (self.b10, self.b1) = (b10, b1)
  }

  /// Of a pair with circular errors.
  /// - Parameters:
  ///   - a: The mixtures of the first source, as `PerturbationGrid` gives them.
  ///   - b: Those of the second.
  ///   - varianceArcsec2: That of the pair without perturbations.
  /// - Complexity: about one evaluation of G.
  public init(
    _ pair: PerturbedPair, a: PerturbationGrid.Mixtures, b: PerturbationGrid.Mixtures, varianceArcsec2: Double,
    separationArcsec: Double
  ) {
    var densities = CleanDensities(
      pair, a: a, b: b, separationArcsec: separationArcsec, mostVarianceArcsec2: varianceArcsec2)
    densities.add(weight: 1, varianceArcsec2: varianceArcsec2)
    self = densities.posterior
  }
}
