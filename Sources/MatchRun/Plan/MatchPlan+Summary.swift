public import Indexing

/// The plan in numbers, for people and programs that want to look before they run.
extension MatchPlan {
  /// A unit of work and what it is expected to cost.
  public struct UnitEstimate: Sendable {
    /// The unit.
    public let unit: MatchUnit
    /// Sources of the first catalogue in its pixel, by the coverage map.
    public let sourcesA: Double
    /// Likewise of the second.
    public let sourcesB: Double
  }

  /// A region of the sky with priors of its own.
  public struct PriorEstimate: Sendable {
    /// The region.
    public let pixel: HealpixPixel
    /// The area that both catalogues cover in it, deg².
    public let commonAreaDegrees2: Double
    /// Prior density N_c of counterparts, deg⁻².
    public let counterpartsPerDegree2: Double
    /// Prior density N_A of sources of a without counterpart, deg⁻².
    public let unmatchedAPerDegree2: Double
    /// Prior density N_B of sources of b without counterpart, deg⁻².
    public let unmatchedBPerDegree2: Double
  }

  /// Every unit with its expected number of sources.
  public var unitEstimates: [UnitEstimate] {
    let (a, b) = (SourceCounts(coverageA), SourceCounts(coverageB))
    return units.map { unit in
      let range = unit.pixel.range29
      return UnitEstimate(unit: unit, sourcesA: a.count(in: range), sourcesB: b.count(in: range))
    }
  }

  /// The regions that both catalogues cover, along the curve.
  public var priorEstimates: [PriorEstimate] {
    regions.regions.filter { $0.coverage.areaDegrees2 > 0 }.map { region in
      PriorEstimate(
        pixel: region.pixel, commonAreaDegrees2: region.coverage.areaDegrees2,
        counterpartsPerDegree2: region.priors.counterpartsPerDegree2,
        unmatchedAPerDegree2: region.priors.unmatchedAPerDegree2,
        unmatchedBPerDegree2: region.priors.unmatchedBPerDegree2)
    }
  }
}
