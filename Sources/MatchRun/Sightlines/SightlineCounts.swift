internal import CatalogStore
public import Indexing
public import Match

/// Stars and galaxies in one direction and band, and what those hidden in the PSF of a source do to it.
public struct SightlineCounts: Sendable {
  /// The band.
  public let band: SurveyBand
  /// What the models say.
  public let counts: FieldCounts

  /// - Parameters:
  ///   - extinctionAV: A_V to infinity, mag; nil: that of the model of the dust.
  /// - Throws: `StoreError.usage` for what no model can be made of.
  public init(_ band: SurveyBand, at position: SkyPosition, extinctionAV: Double?) throws {
    self.band = band
    counts = try Self.counting {
      try FieldCounts(
        band: band.band, direction: GalacticDirection(position),
        extinction: extinctionAV.map { try ExtinctionDistribution(uniform: $0) },
        // Gaia's survey takes point sources.
        galaxies: band.survey == "gaia" ? nil : GalaxyCounts.Options(), on: Self.grid)
    }
  }

  /// The centres of the steps of magnitude.
  public static let grid: MagnitudeGrid = {
    do { return try MagnitudeGrid(first: 4, step: 0.1, count: 261) } catch {
      preconditionFailure("the grid of counts is none: \(error)")
    }
  }()

  /// What neighbours too faint or too near to be seen do to a source.
  /// - Parameters:
  ///   - magnitude: Of the source.
  ///   - densityFactor: How many times denser its surroundings are than the model's.
  ///   - fluxWeightedShare: H: the part of sources whose positions are flux-weighted means; those of the others come from fits of the PSF.
  /// - Throws: `StoreError.usage` for what no model can be made of.
  public func perturbation(
    magnitude: Double, densityFactor: Double = 1, fluxWeightedShare: Double = 0
  ) throws -> PerturbationModel {
    try Self.counting {
      let pointSpread = try PointSpread(fwhmArcsec: band.psfFWHMArcsec)
      let bins = try NeighbourBins(depth: Self.depth)
      let neighbours = try HiddenNeighbours(bins: bins, magnitude: magnitude, pointSpread: pointSpread) {
        densityFactor * brighter(than: $0)
      }
      return try PerturbationTables(bins: bins).model(
        neighbours, pointSpread: pointSpread, fluxWeightedShare: fluxWeightedShare)
    }
  }

  /// Sources per square degree brighter than a magnitude: whole steps, and a part of one.
  func brighter(than magnitude: Double) -> Double {
    let place = (magnitude - Self.grid.first) / Self.grid.step + 0.5
    let steps = Int(min(max(0, place), Double(Self.grid.count)))
    let part = steps < Self.grid.count ? max(0, place - Double(steps)) * counts.total.density[steps] : 0
    return (counts.total.density.prefix(steps).reduce(0, +) + part) * Self.grid.step
  }

  /// Neighbours so much fainter are counted, mag: 0.25 % of the flux.
  private static let depth = 6.5

  private static func counting<Result>(_ work: () throws -> Result) throws -> Result {
    do { return try work() } catch let error as CountsError {
      throw StoreError(.usage, "counts", error.description)
    } catch let error as CrowdingError {
      throw StoreError(.usage, "crowding", error.description)
    }
  }
}
