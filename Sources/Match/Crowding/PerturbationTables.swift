internal import Glibc

/// Makes the models of sources from their hidden neighbours: all that does not depend on counts, densities and the PSF, tabulated.
///
/// One set of tables serves every catalogue, band and sightline with the same bins of relative magnitude.
public struct PerturbationTables: Sendable {
  public let bins: NeighbourBins
  /// Which of the two rules for PSF fits is used.
  public let fitRule: PerturbationRule
  private let fluxWeighted: CompoundTable
  private let fitted: CompoundTable
  private let flux: FittedFlux
  private let grid: TransformGrid

  /// The usual step in ln ρ: A is then right to 10⁻⁵ for smooth counts.
  public static let usualStep = 0.1

  /// - Parameters:
  ///   - bins: Those of the neighbours.
  ///   - fitRule: `fitted`, or `fittedAdditive` for comparison.
  ///   - step: The step in ln ρ, 0.02 to 0.5.
  /// - Complexity: some 40 ms with bins of 0.1 mag to 6.5 mag.
  public init(bins: NeighbourBins, fitRule: PerturbationRule = .fitted, step: Double = usualStep) throws {
    guard fitRule != .fluxWeighted else {
      throw CrowdingError("the rule of PSF fits", given: "fluxWeighted", allowed: "fitted or fittedAdditive")
    }
    try CrowdingError.check("the step of tables of perturbations in ln ρ", step, in: 0.02...0.5)
    self.bins = bins
    self.fitRule = fitRule
    grid = TransformGrid(step: step)
    fluxWeighted = CompoundTable(bins: bins, rule: .fluxWeighted, grid: grid)
    fitted = CompoundTable(bins: bins, rule: fitRule, grid: grid)
    flux = try FittedFlux(bins: bins)
  }

  /// The law of the pull alone.
  /// - Complexity: 0.2 to 0.8 ms.
  public func law(
    _ neighbours: HiddenNeighbours, rule: PerturbationRule, pointSpread: PointSpread
  ) throws -> PerturbationLaw {
    try check(neighbours)
    guard rule == .fluxWeighted || rule == fitRule else {
      throw CrowdingError("the rule of a law", given: "\(rule)", allowed: "fluxWeighted or \(fitRule)")
    }
    return law(neighbours.expected, rule: rule).scaled(by: pointSpread.sigmaArcsec)
  }

  /// The model of a source.
  /// - Parameters:
  ///   - neighbours: Those that are expected, in the bins of these tables.
  ///   - fluxWeightedShare: H: the source follows the flux-weighted law with this probability, and that of a PSF fit otherwise.
  /// - Complexity: 0.5 to 3 ms; half of it if H is 0 or 1.
  public func model(
    _ neighbours: HiddenNeighbours, pointSpread: PointSpread, fluxWeightedShare: Double
  ) throws -> PerturbationModel {
    try check(neighbours)
    try CrowdingError.check("the share of the flux-weighted law", fluxWeightedShare, in: 0...1)
    if neighbours.total == 0 { return .none }
    let parts = [(fluxWeightedShare, PerturbationRule.fluxWeighted), (1 - fluxWeightedShare, fitRule)]
    return .mixed(parts.filter { $0.0 > 0 }.map { ($0.0, model(neighbours, rule: $0.1, pointSpread)) })
  }

  private func model(
    _ neighbours: HiddenNeighbours, rule: PerturbationRule, _ pointSpread: PointSpread
  ) -> PerturbationModel {
    let sigma = pointSpread.sigmaArcsec
    let law = law(neighbours.expected, rule: rule)
    let meanFlux = rule == .fluxWeighted ? neighbours.meanFlux : flux.excess(law: law, expected: neighbours.expected)
    return PerturbationModel(
      law: law.scaled(by: sigma), lawWithout10: self.law(neighbours.fainter(than: 0.1), rule: rule).scaled(by: sigma),
      lawWithout1: self.law(neighbours.fainter(than: 0.01), rule: rule).scaled(by: sigma),
      contaminated10: neighbours.contaminated(above: 0.1), contaminated1: neighbours.contaminated(above: 0.01),
      meanFlux: meanFlux)
  }

  /// The law in units of σ_P.
  private func law(_ expected: [Double], rule: PerturbationRule) -> PerturbationLaw {
    let total = expected.reduce(0, +)
    if total == 0 { return .none }
    let table = rule == .fluxWeighted ? fluxWeighted : fitted
    let samples = table.transform(expected: expected)
    return PerturbationLaw(
      reachArcsec: rule == .fluxWeighted ? PointSpread.circlePerSigma : reach(samples), deltaWeight: exp(-total),
      logStart: grid.logStart, step: grid.step, samples: samples)
  }

  /// The PSF circle, or six times the rms of the pull where so many neighbours add up that it may leave the circle. The rms follows from the
  /// first point: A = 1 − (2πρ)² ⟨x²⟩/4.
  private func reach(_ samples: [Double]) -> Double {
    let phase = 2 * .pi * exp(grid.logStart)
    return max(PointSpread.circlePerSigma, 12 * max(1 - (samples.first ?? 1), 0).squareRoot() / phase)
  }

  private func check(_ neighbours: HiddenNeighbours) throws {
    guard neighbours.bins == bins else {
      throw CrowdingError(
        "the bins of hidden neighbours",
        given: "\(neighbours.bins.count) bins to \(neighbours.bins.edges.last ?? 0) mag",
        allowed: "those of the tables, \(bins.count) to \(bins.edges.last ?? 0) mag")
    }
  }
}
