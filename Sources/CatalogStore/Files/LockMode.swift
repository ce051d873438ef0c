/// How the processes that use one database keep out of each other's way.
public enum LockMode: String, Sendable, CaseIterable {
  /// Locks of the operating system, on `writer.lock` and the registry. They vanish with the process that holds them.
  case system
  /// A file that names the writer, `writer.owner`, for shared file systems whose locks fail or hold on one machine only.
  /// Nobody reads the registry while somebody writes.
  case file

  /// The mode when none is asked for: `$XMDB_LOCKS`, else `system`.
  /// - Throws: `StoreError.usage` for an unknown one.
  public static func standard(environment: (String) -> String?) throws -> LockMode {
    guard let text = environment("XMDB_LOCKS"), !text.isEmpty else { return .system }
    guard let mode = LockMode(rawValue: text) else {
      throw StoreError(.usage, "XMDB_LOCKS", "is '\(text)'; give file or system, or leave it out")
    }
    return mode
  }
}
