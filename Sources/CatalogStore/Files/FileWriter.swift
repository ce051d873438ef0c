/// Writes a text file aside, through a buffer, with a running fingerprint; `publish` renames it into place.
public final class FileWriter {
  /// Where the file will be.
  public let path: String
  /// Where it is until then.
  public let draft: Draft
  private var buffer: [UInt8] = []
  private var hasher = Fingerprint.Hasher()
  /// Bytes written.
  public private(set) var byteCount: Int64 = 0

  private static let bufferBytes = 1 << 18

  /// Starts a file beside its final place.
  public init(path: String) throws {
    self.path = path
    draft = try Draft(in: FileSystem.parent(path))
    buffer.reserveCapacity(Self.bufferBytes + 4096)
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
      try draft.write(bytes)
    }
    byteCount += Int64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what is left and syncs it; the file has not got its name yet.
  /// - Returns: The fingerprint of its contents.
  public func finish() throws -> Fingerprint {
    try flush()
    try draft.sync()
    return hasher.finish()
  }

  /// Completes the file: synced, then renamed into place.
  /// - Returns: The fingerprint of its contents.
  public func publish() throws -> Fingerprint {
    let fingerprint = try finish()
    try FileSystem.rename(draft.path, to: path)
    return fingerprint
  }
}
