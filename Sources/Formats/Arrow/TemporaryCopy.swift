internal import Glibc

/// A decompressed copy of a file, without a name: it is gone when the object is, or the process.
///
/// It lies in the folder that TMPDIR names, else in `/tmp`.
final class TemporaryCopy: Sendable {
  private let descriptor: Int32
  /// A path that opens it while the object lives.
  var path: String { "/proc/self/fd/\(descriptor)" }

  private static let piece = 1 << 20

  /// Decompresses a file.
  /// - Throws: `FormatError.notReadable` when there is no room for it, for instance.
  init(of path: String) throws(FormatError) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    // The parts of O_TMPFILE, which Swift does not import.
    let temporary: Int32 = 0o20_000_000 | O_DIRECTORY
    let descriptor = open(folder, O_RDWR | O_CLOEXEC | temporary, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path, folder) }
    self.descriptor = descriptor
    let stream = try ByteStream(path)
    while true {
      let bytes = try stream.read(Self.piece)
      if bytes.isEmpty { return }
      guard Self.write(bytes, to: descriptor) else { throw Self.failure(path, folder) }
    }
  }

  deinit { close(descriptor) }

  private static func failure(_ path: String, _ folder: String) -> FormatError {
    FormatError(
      .notReadable, subject: path,
      "cannot be decompressed into \(folder): \(String(cString: strerror(errno))); TMPDIR names another folder")
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }
}
