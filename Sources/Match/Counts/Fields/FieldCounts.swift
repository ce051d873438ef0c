/// What a field holds in one band at all magnitudes: stars and galaxies by the models, scaled to a catalogue's own counts
/// where there are enough, and those counts themselves where they are complete.
public struct FieldCounts: Sendable {
  /// The band.
  public let band: CountBand
  /// Stars by the model, or those that were given, without a factor.
  public let stars: DifferentialCounts
  /// Galaxies by the model, without a factor.
  public let galaxies: DifferentialCounts
  /// A_V across the field.
  public let extinction: ExtinctionDistribution
  /// The factors, their errors, and where the catalogue is complete; nil if it was not scaled.
  public let rescaling: CountRescaling?
  /// Why it was not scaled; nil if it was.
  public let unscaledBecause: String?
  /// Stars and galaxies with their factors.
  public let scaled: DifferentialCounts
  /// The best count: the catalogue's where it is complete, scaled models elsewhere.
  public let total: DifferentialCounts

  /// Counts of a field.
  ///
  /// - Parameters:
  ///   - extinction: A_V to infinity across the field; nil: that of the dust disc, and of given stars their own.
  ///   - given: stars in place of those of the model, which goes on beyond their faint end; nil: none.
  ///   - galaxies: how they are counted; nil: the catalogue holds none, as Gaia's.
  ///   - grid: the magnitudes; steps of 0.1 mag over all that may matter.
  ///   - observed: the catalogue's own counts; nil: none.
  ///   - deeper: those of another catalogue, which hold between the end of these and its own; the models are scaled to them beyond.
  /// - Throws: `CountsError` if a model cannot be made. Counts that are too few to scale by are no error.
  /// - Complexity: some 8 ms for 250 magnitudes.
  public init(
    band: CountBand, direction: GalacticDirection, extinction: ExtinctionDistribution? = nil,
    stars given: GivenStars? = nil, galaxies options: GalaxyCounts.Options? = GalaxyCounts.Options(),
    on grid: MagnitudeGrid,
    observed: ObservedCounts? = nil, deeper: DeeperCounts? = nil
  ) throws {
    let dust = try extinction ?? DustDisc.extinction(direction)
    let model = try StarCounts(band: band).counts(in: direction, extinction: dust, on: grid)
    let stars = given?.counts(extinction: extinction, ratio: band.extinctionRatio, beyond: model) ?? model
    let galaxies =
      try options.map { try GalaxyCounts(band: band, options: $0).counts(on: grid, extinction: dust) }
      ?? DifferentialCounts(grid: grid, density: [])
    let (rescaling, reason) = Self.rescaling(observed, stars, galaxies)
    scaled = rescaling?.scaled(stars: stars, galaxies: galaxies) ?? stars + galaxies
    let beyond = Self.beyond(deeper, stars, galaxies) ?? scaled
    total = Self.total(observed, rescaling, beyond)
    self.band = band
    self.stars = stars
    self.galaxies = galaxies
    self.extinction = dust
    self.rescaling = rescaling
    unscaledBecause = reason
  }

  private static func rescaling(
    _ observed: ObservedCounts?, _ stars: DifferentialCounts, _ galaxies: DifferentialCounts
  ) -> (CountRescaling?, String?) {
    guard let observed else { return (nil, "no counts of the catalogue were given") }
    do {
      let fit = try CountRescaling(of: observed, stars: stars, galaxies: galaxies)
      guard fit.sourcesUsed > 0 else { return (nil, "no source lies where the catalogue is complete") }
      return (fit, nil)
    } catch let error as CountsError {
      return (nil, error.description)
    } catch {
      return (nil, "\(error)")
    }
  }

  /// What is beyond the catalogue's own end, by a deeper one.
  private static func beyond(
    _ deeper: DeeperCounts?, _ stars: DifferentialCounts, _ galaxies: DifferentialCounts
  ) -> DifferentialCounts? {
    guard let deeper,
      let fit = try? CountRescaling(of: deeper.observed, stars: stars, galaxies: galaxies, range: deeper.range),
      fit.sourcesUsed > 0
    else { return nil }
    return DeepCounts.completed(
      deeper.observed, range: deeper.range, scaled: fit.scaled(stars: stars, galaxies: galaxies))
  }

  private static func total(
    _ observed: ObservedCounts?, _ rescaling: CountRescaling?, _ scaled: DifferentialCounts
  ) -> DifferentialCounts {
    guard let observed, let rescaling else { return scaled }
    return DeepCounts.completed(observed, range: rescaling.range, scaled: scaled)
  }

  /// The share of stars among stars and galaxies at a magnitude, with their factors; NaN where the models have none.
  public func starShare(at magnitude: Double) -> Double {
    let s = stars.density(at: magnitude) * (rescaling?.starFactor ?? 1)
    let g = galaxies.density(at: magnitude) * (rescaling?.galaxyFactor ?? 1)
    return s / (s + g)
  }
}
