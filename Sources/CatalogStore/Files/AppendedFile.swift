internal import Glibc

/// Files that grow by pieces and are not held open in between: more of them than a process may open.
public enum AppendedFile {
  /// Adds bytes at the end of a file, made when absent. No link is followed.
  /// - Throws: `StoreError.system` when they cannot be written.
  public static func append(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be opened", path) }
    defer { close(descriptor) }
    try bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw FileSystem.failure("cannot be written", path) }
        rest = rest.dropFirst(count)
      }
    }
  }
}
