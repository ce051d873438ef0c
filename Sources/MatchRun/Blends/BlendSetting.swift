internal import CatalogStore
internal import Match

/// What is known of blends before a match is looked at: which catalogue is blurred and by which PSF, and which magnitudes there are.
struct BlendSetting: Sendable {
  /// Whether a source of a holds several of b; otherwise the other way round.
  let blurredIsA: Bool
  /// Hidden neighbours of the blurred catalogue.
  let crowding: CatalogueCrowding
  /// The density around sources of the blurred catalogue where ingest has not measured it.
  private let meanDensityPerDegree2: Double
  /// Magnitudes of the sharp catalogue; nil where it has none.
  let bands: BlendBands?
  /// Up to where the sharp catalogue is complete, mag; nil where that is not known.
  let completeness: Double?
  /// The median magnitude of the sharp catalogue, for sources without one.
  let medianMagnitude: Double
  /// How fluxes add up.
  let model: BlendModel

  /// The error of a magnitude that has none, mag.
  private static let usualError = 0.05

  /// Nil where the PSF is not known.
  init?(_ plan: MatchPlan, blurredIsA: Bool) {
    let (blurred, sharp) = blurredIsA ? (plan.inputs.a, plan.inputs.b) : (plan.inputs.b, plan.inputs.a)
    guard let crowding = blurred.crowding else { return nil }
    self.blurredIsA = blurredIsA
    self.crowding = crowding
    meanDensityPerDegree2 = blurred.meanDensityPerDegree2
    let bands = BlendBands(sharp.info)
    self.bands = bands
    completeness = bands.flatMap {
      CatalogueCrowding.completeness(
        of: sharp.info, band: $0.magnitude, blurredIsA ? plan.coverageB : plan.coverageA)
    }
    medianMagnitude = bands.map { sharp.info.magnitudes[$0.magnitude].quantile(0.5) } ?? .nan
    model = BlendModel(pointSpread: crowding.pointSpread)
  }

  /// The sources of both catalogues in a piece of sky.
  func sides(_ field: IslandField) -> (blurred: PlacedSources, sharp: PlacedSources) {
    blurredIsA ? (field.a, field.b) : (field.b, field.a)
  }

  /// The magnitude of a blurred source and its error; NaN where it is not known.
  func measured(_ blurred: PlacedSources, _ row: Int) -> (magnitude: Double, error: Double) {
    let (columns, place) = (blurred.columns, crowding.band.place)
    let error = columns[.magnitudeError(band: columns.layout.bands[place])]?[row] ?? .nan
    return (columns.magnitudes[place][row], error.isFinite && error > 0 ? min(error, 20) : Self.usualError)
  }

  /// The magnitude and the colour of a sharp source; NaN where they are not known.
  func own(_ sharp: PlacedSources, _ row: Int) -> (magnitude: Double, colour: Double) {
    bands?.values(sharp.columns.magnitudes, row) ?? (.nan, .nan)
  }

  /// The expected share of the flux of a blurred source that is of neighbours fainter than a limit.
  func unseenShare(
    _ blurred: PlacedSources, _ row: Int, magnitude: Double, fainterThan limit: Double
  ) throws -> Double {
    let flux = try crowding.faintFlux(
      at: blurred.columns.healpix29[row],
      densityPerDegree2: blurred.columns[.density]?[row] ?? meanDensityPerDegree2, magnitude: magnitude,
      fainterThan: limit)
    return min(flux, Self.mostUnseen)
  }

  /// No more of the flux is believed to be of neighbours that are not seen.
  private static let mostUnseen = 0.9

  /// Neighbours less likely to lie inside are not looked at.
  private static let leastPresence = 0.001

  /// Leaves out neighbours that hardly lie inside; of more than a thousand, the farthest.
  func leaveOutUnlikely(_ one: inout BlendCase) {
    one.neighbours.removeAll { presence($0) < Self.leastPresence }
    one.neighbours = Array(one.neighbours.prefix(BlendModel.mostNeighbours))
  }

  /// The prior probability that a neighbour lies inside.
  func presence(_ neighbour: BlendCase.Neighbour) -> Double {
    model.presence(
      separationArcsec: neighbour.separationArcsec, errorArcsec: neighbour.errorArcsec,
      matchedElsewhere: neighbour.matchedElsewhere)
  }
}
