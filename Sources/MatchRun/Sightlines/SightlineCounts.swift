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
    let extinction = try Self.counting { try extinctionAV.map { try ExtinctionDistribution(uniform: $0) } }
    try self.init(band, at: position, extinction: extinction)
  }

  /// - Parameters:
  ///   - extinction: A_V to infinity across the sightline; nil: that of the model of the dust.
  ///   - stars: Stars that were given in place of the model's.
  ///   - observed: The counts of a catalogue there, to which the models are scaled, and which take their place where they are complete.
  ///   - deeper: Those of another catalogue beyond.
  /// - Throws: `StoreError.usage` for what no model can be made of.
  init(
    _ band: SurveyBand, at position: SkyPosition, extinction: ExtinctionDistribution?, stars: GivenStars? = nil,
    observed: ObservedCounts? = nil, deeper: DeeperCounts? = nil
  ) throws {
    self.band = band
    counts = try Self.counting {
      try FieldCounts(
        band: band.band, direction: GalacticDirection(position), extinction: extinction, stars: stars,
        // Gaia's survey takes point sources.
        galaxies: band.survey == "gaia" ? nil : GalaxyCounts.Options(), on: Self.grid, observed: observed,
        deeper: deeper)
    }
  }

  /// Galaxies alone, whatever the direction.
  /// - Parameters:
  ///   - extinctionAV: A_V in front of them, mag.
  ///   - redshift: Up to which they are counted.
  /// - Throws: `StoreError.usage` for what no model can be made of.
  public static func galaxies(
    _ band: SurveyBand, extinctionAV: Double, upToRedshift redshift: Double
  ) throws -> DifferentialCounts {
    try counting {
      var options = GalaxyCounts.Options()
      options.redshifts = .quadrature(upTo: redshift)
      return try GalaxyCounts(band: band.band, options: options).counts(
        on: grid, extinction: ExtinctionDistribution(uniform: extinctionAV))
    }
  }

  /// The centres of the steps of magnitude.
  public static let grid = MagnitudeGrid.ofCounts

  /// Sources of these magnitudes have neighbours that all are on the grid.
  public static let sources = 4.0...23.5

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
      let tables = try Self.tables()
      let neighbours = try HiddenNeighbours(bins: tables.bins, magnitude: magnitude, pointSpread: pointSpread) {
        densityFactor * Self.brighter(than: $0, counts.total)
      }
      return try tables.model(
        neighbours, pointSpread: pointSpread, fluxWeightedShare: fluxWeightedShare)
    }
  }

  /// Sources per square degree brighter than a magnitude: whole steps, and a part of one.
  static func brighter(than magnitude: Double, _ counts: DifferentialCounts) -> Double {
    let place = (magnitude - grid.first) / grid.step + 0.5
    let steps = Int(min(max(0, place), Double(grid.count)))
    let part = steps < grid.count ? max(0, place - Double(steps)) * counts.density[steps] : 0
    return (counts.density.prefix(steps).reduce(0, +) + part) * grid.step
  }

  /// Neighbours so much fainter are counted, mag: 0.25 % of the flux.
  static let depth = 6.5

  /// What models are made from.
  /// - Complexity: some 40 ms.
  static func tables() throws -> PerturbationTables {
    try counting { try PerturbationTables(bins: NeighbourBins(depth: depth)) }
  }

  static func counting<Result>(_ work: () throws -> Result) throws -> Result {
    do { return try work() } catch let error as CountsError {
      throw StoreError(.usage, "counts", error.description)
    } catch let error as CrowdingError {
      throw StoreError(.usage, "crowding", error.description)
    }
  }
}
