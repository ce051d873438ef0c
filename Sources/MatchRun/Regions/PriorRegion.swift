internal import CatalogStore
public import Indexing
internal import Match

/// One region of the prior densities of a match, for people who want to see them.
public struct PriorRegion: Sendable {
  /// The pixel.
  public let pixel: HealpixPixel
  /// Area that both catalogues cover in it, deg².
  public let areaDegrees2: Double
  /// Sources of the first catalogue in that area, as counted on the coverage maps.
  public let countA: Double
  /// Likewise of the second.
  public let countB: Double
  /// N_c, the density of counterparts, deg⁻².
  public let counterpartsPerDegree2: Double
  /// N_A, the density of sources of a without counterpart, deg⁻².
  public let unmatchedAPerDegree2: Double
  /// N_B, likewise of b, deg⁻².
  public let unmatchedBPerDegree2: Double
}

extension MatchPlan {
  /// The regions of the prior densities along the curve. One without common coverage has the densities of the whole.
  public var priorRegions: [PriorRegion] {
    regions.regions.map { region in
      PriorRegion(
        pixel: region.pixel, areaDegrees2: region.coverage.areaDegrees2, countA: region.coverage.countA,
        countB: region.coverage.countB, counterpartsPerDegree2: region.priors.counterpartsPerDegree2,
        unmatchedAPerDegree2: region.priors.unmatchedAPerDegree2,
        unmatchedBPerDegree2: region.priors.unmatchedBPerDegree2)
    }
  }
}
