import CatalogStore

/// A new file: made aside, and given its name when it is complete. Without `publish` nothing is left of it.
final class FileOutput: TextOutput {
  private let file: FileWriter
  /// Where the file will be.
  var path: String { file.path }

  /// - Throws: `StoreError.usage` when there is something of this name already; `.system` when nothing can be written there.
  init(path: String) throws {
    try Self.requireAbsent(path)
    file = try FileWriter(path: path)
    super.init()
  }

  private static func requireAbsent(_ path: String) throws {
    guard FileSystem.isThere(path) else { return }
    throw StoreError(.usage, path, "is there already, and is not replaced; give another name, or move it away")
  }

  override func handOver(_ bytes: [UInt8]) throws { try file.write(bytes: bytes) }

  /// Completes the file.
  func publish() throws {
    try flush()
    try Self.requireAbsent(path)
    _ = try file.publish()
  }
}
