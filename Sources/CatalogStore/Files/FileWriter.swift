internal import Glibc

/// Writes a text file aside, through a buffer, with a running fingerprint; `publish` renames it into place.
public final class FileWriter {
  /// Where the file will be.
  public let path: String
  private let draft: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var hasher = Fingerprint.Hasher()
  private var isPublished = false
  /// Bytes written.
  public private(set) var byteCount: Int64 = 0

  private static let bufferBytes = 1 << 18

  /// Starts a file beside its final place.
  public init(path: String) throws {
    self.path = path
    draft = FileSystem.parent(path) + "/." + FileSystem.name(path) + ".draft"
    descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be created", draft) }
    buffer.reserveCapacity(Self.bufferBytes + 4096)
  }

  deinit {
    close(descriptor)
    if !isPublished { unlink(draft) }
  }

  /// Adds text.
  public func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Adds bytes.
  public func write(bytes: [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  private func flush() throws {
    try buffer.withUnsafeBytes { bytes in
      hasher.update(bytes)
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw FileSystem.failure("cannot be written", draft) }
        done += count
      }
    }
    byteCount += Int64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Completes the file: synced, then renamed into place.
  /// - Returns: The fingerprint of its contents.
  public func publish() throws -> Fingerprint {
    try flush()
    if fsync(descriptor) != 0 { throw FileSystem.failure("cannot be synced", draft) }
    try FileSystem.rename(draft, to: path)
    isPublished = true
    return hasher.finish()
  }
}
