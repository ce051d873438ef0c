import CatalogStore

/// Which files a command may replace: those that it has written before, and others only when it is told to.
struct OwnFiles {
  /// Whether --force was given.
  let force: Bool
  /// The command, for messages.
  let command: String

  /// Refuses to replace somebody else's file.
  /// - Parameter isOwn: Whether the file is one that the command has written.
  func requireReplaceable(_ path: String, isOwn: (String) -> Bool) throws {
    guard FileSystem.isThere(path) else { return }
    if FileSystem.isDirectory(path) {
      throw StoreError(.usage, path, "is a folder, and \(command) would write a file of this name; move it away")
    }
    if force || isOwn(path) { return }
    throw StoreError(
      .usage, path,
      "is there already, and xmdb \(command) has not written it; move it away, write to another folder, or give --force to "
        + "replace it")
  }
}
