internal import Glibc

/// The mean flux that a PSF fit gives a source more than its own, from the law of its pull.
///
/// The fitted flux is S(x̄) = ψ(x̄) + Σ fᵢ ψ(xᵢ − x̄). For independent neighbours (Mecke's formula), with H the density of the pull blurred by
/// a Gaussian of √2 σ_P,
///
///     ⟨S⟩ − 1 = 4πσ_P² ( H(0) + Σ λₖ ⟨f H(x − Δ)⟩ ) − 1
///
/// exact where pulls add. Where they do not it is right to second order, since S is at its maximum.
struct FittedFlux: Sendable {
  private let basis: HankelBasis
  private let own: [Double]
  /// Terms at the nodes of the basis for one expected neighbour of each bin.
  private let terms: [[Double]]

  init(bins: NeighbourBins) throws {
    let basis = try HankelBasis(reachArcsec: PointSpread.circlePerSigma, sigmaArcsec: 2.0.squareRoot())
    let gaussian = basis.nodes.map { 4 * .pi * exp(-4 * .pi * .pi * $0 * $0) }
    self.basis = basis
    own = zip(basis.terms(at: 0), gaussian).map { $0 * $1 }
    terms = (0..<bins.count).map { bin in
      let points = NeighbourPoints(bins: bins, bin: bin, rule: .fittedAdditive)
      var sum = [Double](repeating: 0, count: gaussian.count)
      for point in points.weights.indices {
        let weight = points.weights[point] * points.fluxes[point]
        let terms = basis.terms(at: points.distances[point] - points.moments[point])
        for n in sum.indices { sum[n] += weight * terms[n] * gaussian[n] }
      }
      return sum
    }
  }

  /// ⟨S⟩ − 1, not negative.
  /// - Parameters:
  ///   - law: That of the pull, in units of σ_P.
  ///   - expected: λₖ.
  func excess(law: PerturbationLaw, expected: [Double]) -> Double {
    let transform = law.samples(at: basis.nodes)
    var sum = -1.0
    for n in transform.indices {
      var term = own[n]
      for bin in expected.indices where expected[bin] > 0 { term += expected[bin] * terms[bin][n] }
      sum += term * transform[n]
    }
    return max(sum, 0)
  }
}
