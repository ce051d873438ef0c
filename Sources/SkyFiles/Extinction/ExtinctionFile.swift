public import CatalogStore
internal import Formats
internal import Indexing
internal import Match

/// Extinction over the sky in a file: a HEALPix map in FITS, a table by HEALPix pixel, or the maps of Schlegel, Finkbeiner & Davis (1998).
public enum ExtinctionFile {
  /// Reads a map.
  /// - Parameter path: A file, or the folder of the maps of SFD98.
  /// - Throws: `StoreError.usage` that names the file and what is wrong with it; `FormatError`; `.interrupted`.
  /// - Complexity: O(file), and about half a second; memory 4 bytes a pixel of the map.
  public static func table(_ path: String, cancellation: Cancellation = Cancellation()) throws -> SkyTable {
    guard FileSystem.exists(path) else {
      throw StoreError(
        .usage, path,
        "there is no such file; extinction is A_V in mag, a HEALPix map in FITS, a table by pixels, or the folder of the maps of SFD98"
      )
    }
    do {
      return try SkyTable(.extinction, origin: path, payload: map(path, cancellation).payload)
    } catch let error as CountsError {
      throw StoreError(.usage, path, error.description)
    }
  }

  private static func map(_ path: String, _ cancellation: Cancellation) throws -> ExtinctionMap {
    if FileSystem.isDirectory(path), DustMaps.areIn(path) {
      let maps = try DustMaps(path)
      return try ExtinctionMap { try maps.extinctionAV(GalacticDirection($0)) }
    }
    if FileSystem.isRegularFile(path), let fits = try HealpixFITS(path) {
      let map = try PixelMap(fits)
      return try ExtinctionMap { map.value(at: $0) }
    }
    let map = try PixelMap(table: path, cancellation)
    return try ExtinctionMap { map.value(at: $0) }
  }
}
