internal import CatalogStore
internal import Indexing
internal import Match

/// What was given of the sky for one catalogue in place of built-in models.
struct GivenSky: Sendable {
  /// Its stars by sightline; nil: those of the model of the Galaxy.
  private let stars: (counts: GivenCounts, origin: String, digest: String)?

  /// Nothing: models alone.
  static let none = GivenSky()

  private init() { stars = nil }

  /// - Throws: `StoreError.damaged` for tables that cannot be read.
  init(stars setting: SkyTableSetting?, in registry: Registry) throws {
    stars = try setting.map { setting in
      let table = try setting.table(.counts, in: registry)
      do { return (try GivenCounts(payload: table.payload), table.origin, table.digest) } catch {
        throw StoreError(
          .damaged, table.origin, "the counts that the database keeps of it cannot be read; match again with the file")
      }
    }
  }

  /// What is given of the stars of a sightline; nil where nothing is.
  func stars(in pixel: HealpixPixel) -> GivenStars? { stars?.counts.stars(in: pixel) }

  /// Whether stars are given at all.
  var hasStars: Bool { stars != nil }

  /// What the counts follow from, besides the catalogue.
  var text: String { stars.map { " stars \($0.digest)" } ?? "" }

  /// What a user is told: where counts are from, and on how many sightlines.
  /// - Parameter pixels: All sightlines.
  func note(_ pixels: [HealpixPixel]) -> String {
    guard let stars else { return "" }
    let given = pixels.count { stars.counts.stars(in: $0) != nil }
    let lacking = pixels.count - given
    return "; stars are those of \(stars.origin), band \(stars.counts.band)"
      + (lacking == 0
        ? "" : ", on \(given) of \(pixels.count) sightlines, and those of the model of the Galaxy on the others")
  }
}
