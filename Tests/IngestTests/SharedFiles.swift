import Foundation

/// Files beside the package that are not part of it; tests that need them are skipped where they are absent.
enum SharedFiles {
  /// `../shared/real/NAME` seen from the package root, or nil.
  static func real(_ name: String) -> String? {
    var root = URL(fileURLWithPath: #filePath)
    while root.path != "/", !FileManager.default.fileExists(atPath: root.appendingPathComponent("Package.swift").path) {
      root.deleteLastPathComponent()
    }
    let path = root.deletingLastPathComponent().appendingPathComponent("shared/real/\(name)").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  static var haveReal: Bool { real("gaia.parquet") != nil && real("catwise.parquet") != nil }
}
