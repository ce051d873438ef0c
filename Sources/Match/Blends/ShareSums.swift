/// The integrals over the fluxes of all objects of a blend, against the likelihood of the measured flux.
struct ShareSums {
  /// Those of one object.
  struct Object {
    /// ∫ (c/T) L dP.
    let first: Double
    /// ∫ (c/T)² L dP.
    let second: Double
    /// ∫ L dP without the object.
    let without: Double
  }

  /// ∫ L dP, the largest L being 1.
  let evidence: Double
  /// The objects in order.
  let shares: [Object]

  /// - Parameters:
  ///   - likelihood: L at the steps of the grid.
  ///   - step: Flux between two steps.
  init(_ priors: [FluxPrior], likelihood: [Double], step: Double, grid: FluxGrid) {
    func weight(_ power: Int) -> FluxGrid.Spectrum {
      grid.weight(
        (0..<FluxGrid.count).map { k in
          let flux = Double(k) * step
          return k == 0 ? 0 : likelihood[k] / (power == 0 ? 1 : power == 1 ? flux : flux * flux)
        })
    }
    let weights = (weight(0), weight(1), weight(2))
    var laws: [FluxGrid.Spectrum] = []
    var moments: [(FluxGrid.Spectrum, FluxGrid.Spectrum)] = []
    for prior in priors {
      let first = prior.masses.indices.map { prior.masses[$0] * (Double($0) * step) }
      let second = first.indices.map { first[$0] * (Double($0) * step) * prior.squareScale }
      laws.append(grid.spectra(prior.masses, []).0)
      moments.append(grid.spectra(first, second))
    }
    // The sum of all objects but one is that of those before it and of those after it.
    var after = [FluxGrid.Spectrum.one]
    for law in laws.reversed() { after.append(after[after.count - 1] * law) }
    var before = FluxGrid.Spectrum.one
    var shares: [Object] = []
    for index in laws.indices {
      let others = before * after[laws.count - 1 - index]
      shares.append(
        Object(
          first: grid.integral(weights.1, moments[index].0, others),
          second: grid.integral(weights.2, moments[index].1, others),
          without: grid.integral(weights.0, .one, others)))
      before = before * laws[index]
    }
    evidence = grid.integral(weights.0, .one, after[laws.count])
    self.shares = shares
  }
}
