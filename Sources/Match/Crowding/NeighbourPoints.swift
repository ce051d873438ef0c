internal import Glibc

/// Neighbours of one bin, as points of a quadrature over flux and distance from the source; lengths in units of σ_P.
struct NeighbourPoints {
  /// Shares of the bin's neighbours, their sum is 1.
  private(set) var weights: [Double] = []
  /// f.
  private(set) var fluxes: [Double] = []
  /// x; of `fluxWeighted` the radius of the circle, over which the transform is averaged in closed form.
  private(set) var distances: [Double] = []
  /// What each adds to the numerator of x̄ …
  private(set) var moments: [Double] = []
  /// … and to its denominator.
  private(set) var stiffnesses: [Double] = []
  /// Whether moments are radii of discs, not of rings.
  let areDiscs: Bool

  init(bins: NeighbourBins, bin: Int, rule: PerturbationRule) {
    areDiscs = rule == .fluxWeighted
    let (low, high) = bins.fluxes(of: bin)
    let panels = max(1, Int(((bins.edges[bin + 1] - bins.edges[bin]) / 0.2).rounded(.up)))
    let flux = GaussLegendre(count: 3 * panels)
    for (node, weight) in zip(flux.nodes, flux.weights) {
      let f = low + (high - low) * node
      if rule == .fluxWeighted {
        append(weight: weight, flux: f, distance: PointSpread.circlePerSigma, moment: PointSpread.circlePerSigma * f, f)
      } else {
        appendRings(weight: weight, flux: f, isAdditive: rule == .fittedAdditive)
      }
    }
  }

  /// Neighbours of one flux, uniform over the PSF circle: rings of equal weight in x².
  private mutating func appendRings(weight: Double, flux: Double, isAdditive: Bool) {
    let rings = GaussLegendre(count: flux > 0.1 ? 48 : flux > 0.02 ? 24 : 12)
    for (node, share) in zip(rings.nodes, rings.weights) {
      let x = PointSpread.circlePerSigma * node.squareRoot()
      let pull = FitPull.offset(distance: x, flux: flux)
      let exponential = exp(-x * x / 4)
      let stiffness = isAdditive ? 0 : PerturbationRule.stiffness(distance: x, flux: flux, exponential: exponential)
      append(weight: weight * share, flux: flux, distance: x, moment: pull * (1 + stiffness), stiffness)
    }
  }

  private mutating func append(weight: Double, flux: Double, distance: Double, moment: Double, _ stiffness: Double) {
    weights.append(weight)
    fluxes.append(flux)
    distances.append(distance)
    moments.append(moment)
    stiffnesses.append(stiffness)
  }

  /// The transform of one point's moment at κ: J₀(2πκX) of a ring, 2J₁(z)/z of a disc.
  func kernel(_ point: Int, at kappa: Double) -> Double {
    let z = 2 * .pi * kappa * moments[point]
    guard areDiscs else { return j0(z) }
    return z < 1e-6 ? 1 - z * z / 8 : 2 * j1(z) / z
  }
}
