public import Foundation

/// Where the package and the material beside it lie.
public enum ProjectPaths {
  /// The folder of Package.swift.
  public static let packageRoot: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    repeat {
      folder.deleteLastPathComponent()
    } while folder.path != "/"
      && !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path)
    return folder
  }()

  /// `../shared` beside the package, or nil where it is absent: tests that need it then say so and are skipped.
  public static let shared: URL? = {
    let folder = packageRoot.deletingLastPathComponent().appendingPathComponent("shared")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// A file of `../shared`, or nil where it is absent.
  public static func shared(_ path: String) -> URL? {
    guard let file = shared?.appendingPathComponent(path),
      FileManager.default.fileExists(atPath: file.path)
    else { return nil }
    return file
  }
}
