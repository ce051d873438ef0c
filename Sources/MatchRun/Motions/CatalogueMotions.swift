internal import CatalogStore
internal import Indexing
internal import Match

/// How the sources of one catalogue move whose motion is not known: models by sightline, each made when it is first asked for.
///
/// The built-in model of the Galaxy says how stars of a magnitude move in a direction, and the counts of stars and galaxies how many sources move
/// at all. A band that is not known counts as Gaia's G. How fast stars of this sky really are, the match measures: as a scale of these motions.
/// - Source: docs/method.md.
final class CatalogueMotions: Sendable {
  /// Whether a survey's band tells the magnitudes.
  let isBandKnown: Bool
  /// The place of the band among those of the narrow form; nil for a catalogue without magnitudes.
  let place: Int?
  private let band: SurveyBand
  private let grids = Guarded(RecentValues<Int64, MotionGrid>(capacity: mostHeld))

  /// Sightlines are the pixels of this order: 7.3°.
  static let order = 3
  private static let mostHeld = 64
  private static let usualBand = "gaia G"

  /// - Throws: `StoreError.damaged` when the bands of surveys cannot be read.
  init(of info: CatalogueInfo, _ bands: SurveyBands) throws {
    let own = try CatalogueBand(of: info, bands, psf: .automatic)
    place = own?.place
    isBandKnown = own?.band != nil
    band = try own?.band ?? bands.band(Self.usualBand)
  }

  /// What the models follow from, besides the sightline.
  var text: String { "\(band.survey) \(band.name)" }

  /// The models of a sightline.
  /// - Complexity: some 30 ms the first time.
  func grid(at pixel: HealpixPixel) throws -> MotionGrid {
    try grids.withLock { grids in
      if let grid = grids[pixel.index] { return grid }
      let grid = try MotionModels.grid(band, at: pixel.center)
      grids[pixel.index] = grid
      return grid
    }
  }
}
