public import CatalogStore
internal import Formats
public import Match

/// Star counts in a file: a list of TRILEGAL, a folder of them, or a table of counts by HEALPix pixel.
public enum CountsFile {
  /// Magnitudes for which counts are kept: as models are made.
  public static let grid = MagnitudeGrid.ofCounts

  /// Reads the counts of one band.
  /// - Parameters:
  ///   - path: The file or folder.
  ///   - names: Names of the band, the best first; case counts only where several columns differ by it alone.
  /// - Throws: `StoreError.usage` that names the file and what is wrong with it; `FormatError`; `.interrupted`.
  /// - Complexity: O(file); memory 8 bytes a star of one list, or 2 kB a pixel of order 4.
  public static func table(
    _ path: String, band names: [String], cancellation: Cancellation = Cancellation()
  ) throws -> SkyTable {
    let counts = try read(path, names, cancellation)
    return try SkyTable(.counts, origin: path, payload: counts.payload)
  }

  static func read(_ path: String, _ names: [String], _ cancellation: Cancellation) throws -> GivenCounts {
    guard FileSystem.exists(path) else {
      throw StoreError(
        .usage, path,
        "there is no such file; star counts are a list of TRILEGAL, a folder of them, or a table by pixels")
    }
    do {
      if FileSystem.isDirectory(path), !TrilegalFolder.isTable(path) {
        return try TrilegalFolder(path).counts(names, cancellation)
      }
      if FileSystem.isRegularFile(path), let head = try TrilegalHead(path) {
        let stars = try TrilegalFile(path, head).stars(names, cancellation)
        return try GivenCounts(band: stars.band, sightlines: [.init(place: .everywhere, stars: stars.stars)])
      }
      return try CountTable(path).counts(names, cancellation)
    } catch let error as CountsError {
      throw StoreError(.usage, path, error.description)
    }
  }

  /// The column that is meant.
  /// - Throws: `CountsError` that lists what there is.
  static func band(_ names: [String], among known: [String]) throws -> String {
    for name in names where known.contains(name) { return name }
    for name in names {
      let alike = known.filter { $0.lowercased() == name.lowercased() }
      if alike.count == 1 { return alike[0] }
    }
    throw CountsError(
      "holds no band of the name \(names.joined(separator: ", or ")); it has: \(TableSource.listed(known))")
  }
}
