internal import CatalogStore
internal import Indexing
internal import Match

/// A folder with one list of TRILEGAL for each of several directions, which their names say: `NAME_RA_DEC….dat`, ICRS, degrees.
struct TrilegalFolder {
  private let path: String
  private let files: [(path: String, position: SkyPosition)]

  /// Whether a folder is rather a table in several files.
  static func isTable(_ path: String) -> Bool {
    files(path).contains { name in [".parquet", ".csv", ".fits", ".arrow", ".vot"].contains { name.hasSuffix($0) } }
  }

  private static func files(_ path: String) -> [String] {
    FileSystem.list(path).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// - Throws: `CountsError` for a file whose name has no direction, or no files at all.
  init(_ path: String) throws {
    self.path = path
    files = try Self.files(path).map { name in
      guard let position = Self.position(name) else {
        throw CountsError(
          "holds '\(name)', whose name says no direction; allowed: NAME_RA_DEC….dat, ICRS in degrees, such as stars_63.50_-87.00.dat"
        )
      }
      return (path + "/" + name, position)
    }
    guard !files.isEmpty else { throw CountsError("is an empty folder; star counts are lists of TRILEGAL in it") }
    guard files.count <= GivenCounts.largestCount else {
      throw CountsError("holds \(files.count) files; allowed: \(GivenCounts.largestCount)")
    }
  }

  /// The last two numbers between underscores that are a direction.
  static func position(_ name: String) -> SkyPosition? {
    let parts = name.split(separator: "_").map(String.init)
    for (ra, dec) in zip(parts, parts.dropFirst()).reversed() {
      guard let ra = Double(ra) else { continue }
      let numbers = [dec, String(dec.prefix { "+-.0123456789".contains($0) })].compactMap { text in
        Double(text.hasSuffix(".") ? String(text.dropLast()) : text)
      }
      if let dec = numbers.first, (0...360).contains(ra), let found = SkyPosition(raDegrees: ra, decDegrees: dec) {
        return found
      }
    }
    return nil
  }

  /// The stars of all directions.
  /// - Throws: `CountsError` that names the file; `StoreError`.
  func counts(_ names: [String], _ cancellation: Cancellation) throws -> GivenCounts {
    var bands: Set<String> = []
    let sightlines = try files.map { file in
      do {
        guard FileSystem.isRegularFile(file.path), let head = try TrilegalHead(file.path) else {
          throw CountsError("is no list of TRILEGAL; a folder of star counts holds nothing else")
        }
        let (stars, band) = try TrilegalFile(file.path, head).stars(names, cancellation)
        bands.insert(band)
        return GivenCounts.Sightline(place: .around(file.position), stars: stars)
      } catch let error as CountsError {
        throw StoreError(.usage, file.path, error.description)
      }
    }
    guard bands.count == 1, let band = bands.first else {
      throw CountsError("holds lists with different columns for one band: \(bands.sorted().joined(separator: ", "))")
    }
    return try GivenCounts(band: band, sightlines: sightlines)
  }
}
