internal import CXXHash
internal import Glibc

/// A 128-bit fingerprint (XXH3) of a file or of a sequence of bytes, as 32 hexadecimal digits.
public struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  /// The digits.
  public let description: String

  init(_ digest: xxh_digest) {
    func digits(_ value: UInt64) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
    description = digits(digest.high) + digits(digest.low)
  }

  /// The fingerprint of a text.
  public init(of text: String) {
    var text = text
    self = text.withUTF8 { Fingerprint(xxh_once($0.baseAddress, $0.count)) }
  }

  /// The fingerprint of some bytes.
  init(of bytes: UnsafeRawBufferPointer) { self.init(xxh_once(bytes.baseAddress, bytes.count)) }

  /// The fingerprint of a file's contents, read in pieces.
  /// - Parameter check: Called before each piece; may throw to stop.
  public init(ofFile path: String, check: () throws -> Void = {}) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be opened", path) }
    defer { close(descriptor) }
    var hasher = Hasher()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      try check()
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileSystem.failure("cannot be read", path) }
      if count == 0 { break }
      buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    self = hasher.finish()
  }

  /// A running fingerprint.
  public struct Hasher: ~Copyable {
    private let state = xxh_make()

    /// Starts empty.
    public init() {}
    deinit { xxh_free(state) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      if bytes.count > 0 { xxh_update(state, bytes.baseAddress, bytes.count) }
    }
    /// The fingerprint of all bytes so far.
    public func finish() -> Fingerprint { Fingerprint(xxh_finish(state)) }
  }

  /// The low 64 bits of the fingerprint of some bytes: for finding equal ids, where a clash is checked by the caller.
  public static func hash64(_ bytes: UnsafeRawBufferPointer) -> UInt64 { xxh_once(bytes.baseAddress, bytes.count).low }
}
