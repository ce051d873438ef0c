internal import CatalogStore
internal import Match

/// The header of a list of TRILEGAL.
struct TrilegalHead {
  /// The columns of magnitudes.
  let bands: [String]

  /// Nil for a file that is none.
  /// - Throws: `StoreError.system` for a file that cannot be read.
  init?(_ path: String) throws {
    let bytes = try FileSystem.beginning(of: path, most: 1 << 16)
    guard let bands = TrilegalText.bands(ofHead: bytes) else { return nil }
    self.bands = bands
  }
}
