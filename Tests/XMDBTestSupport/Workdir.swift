public import Foundation

/// A private temporary folder that vanishes with its owner.
public final class Workdir: Sendable {
  /// The folder.
  public let url: URL

  /// Makes a new, empty folder.
  public init(_ name: String = "xmdb-test") throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The folder's path.
  public var path: String { url.path }

  /// The path of something inside.
  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// The path of something inside, in a folder that is made when absent.
  public func file(_ name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    return file.path
  }

  /// Writes a file inside and gives its path.
  @discardableResult
  public func write(_ contents: some DataProtocol, to name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(contents).write(to: file)
    return file.path
  }
}
