internal import CatalogStore
internal import Indexing
internal import Match

/// What was given of the sky for one catalogue in place of built-in models.
struct GivenSky: Sendable {
  /// Its stars by sightline; nil: those of the model of the Galaxy.
  private var stars: (counts: GivenCounts, origin: String, digest: String)?
  /// A_V everywhere; nil: that of the map, or of the model of the dust.
  private var extinction: (distribution: ExtinctionDistribution, text: String)?
  /// A_V by sightline; nil: that of the model of the dust.
  private var map: (map: ExtinctionMap, origin: String, digest: String)?

  /// Nothing: models alone.
  static let none = GivenSky()

  private init() {}

  /// - Throws: `StoreError.usage` for an extinction that is none, `.damaged` for tables that cannot be read.
  init(stars setting: SkyTableSetting?, extinction: ExtinctionSetting, in registry: Registry) throws {
    stars = try setting.map { setting in
      let table = try setting.table(.counts, in: registry)
      return (try Self.read(table) { try GivenCounts(payload: $0) }, table.origin, table.digest)
    }
    switch extinction {
    case .model: break
    case .mean(let value, let scatter):
      let distribution = try SightlineCounts.counting {
        try ExtinctionDistribution(lognormalMean: value, scatter: scatter)
      }
      self.extinction = (distribution, " A_V \(value)" + (scatter == 0 ? "" : " +- \(scatter)"))
    case .map(let setting):
      let table = try setting.table(.extinction, in: registry)
      map = (try Self.read(table) { try ExtinctionMap(payload: $0) }, table.origin, table.digest)
    }
  }

  private static func read<Contents>(_ table: SkyTable, _ read: ([UInt8]) throws -> Contents) throws -> Contents {
    do { return try read(table.payload) } catch {
      throw StoreError(
        .damaged, table.origin,
        "the \(table.kind.rawValue) that the database keeps of it cannot be read; match again with --redo and the file")
    }
  }

  /// What is given of the stars of a sightline; nil where nothing is.
  func stars(in pixel: HealpixPixel) -> GivenStars? { stars?.counts.stars(in: pixel) }

  /// What is given of the extinction of a sightline, over the sky that a catalogue covers; nil where nothing is.
  /// - Throws: `StoreError.usage` for what is none.
  func extinction(in pixel: HealpixPixel, _ coverage: CoverageMap) throws -> ExtinctionDistribution? {
    try extinction?.distribution
      ?? SightlineCounts.counting {
        try map?.map.distribution(in: pixel) { CommonCoverage(coverage, coverage, in: $0.range29).areaDegrees2 }
      }
  }

  /// Whether stars are given at all.
  var hasStars: Bool { stars != nil }

  /// What the counts follow from, besides the catalogue.
  var text: String {
    (extinction?.text ?? "") + (map.map { " extinction \($0.digest)" } ?? "")
      + (stars.map { " stars \($0.digest)" } ?? "")
  }

  /// What a user is told: where stars and extinction are from, and on how many sightlines.
  /// - Parameter pixels: All sightlines of a catalogue.
  func note(_ pixels: [HealpixPixel], _ coverage: CoverageMap) -> String {
    var note = ""
    if let stars {
      let given = pixels.count { stars.counts.stars(in: $0) != nil }
      note +=
        "; stars are those of \(stars.origin), band \(stars.counts.band)"
        + Self.part(given, of: pixels.count, "those of the model of the Galaxy")
    }
    if let map {
      let found = pixels.compactMap { try? extinction(in: $0, coverage) }
      let means = found.map { ($0.meanAV * 1000).rounded() / 1000 }
      let range = (means.min() ?? 0, means.max() ?? 0)
      note +=
        "; the mean extinction A_V of a sightline is "
        + (range.0 == range.1 ? "\(range.0)" : "\(range.0) to \(range.1)") + " mag by \(map.origin)"
        + Self.part(found.count, of: pixels.count, "that of the model of the dust")
    }
    return note
  }

  private static func part(_ given: Int, of all: Int, _ other: String) -> String {
    given == all ? "" : ", on \(given) of \(all) sightlines, and \(other) on the others"
  }
}
