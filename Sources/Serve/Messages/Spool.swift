internal import CatalogStore
internal import Glibc

/// Bytes that are written once and then read: in memory, and beyond a megabyte in a file without a name in `$TMPDIR`.
///
/// It is written by one thread; from then on any may read it.
final class Spool: @unchecked Sendable {
  // Changed by the one thread that writes, before it is handed on.
  private var memory: [UInt8] = []
  private var descriptor: Int32 = -1
  private var stored: Int64 = 0

  private static let mostInMemory = 1 << 20

  init() {}

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Bytes written.
  var count: Int64 { stored + Int64(memory.count) }

  /// Adds bytes.
  /// - Throws: `StoreError.system` when there is no room for them.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    memory.append(contentsOf: bytes)
    if memory.count > Self.mostInMemory { try store() }
  }

  func write(_ bytes: some Collection<UInt8>) throws {
    memory.append(contentsOf: bytes)
    if memory.count > Self.mostInMemory { try store() }
  }

  private func store() throws {
    if descriptor < 0 { descriptor = try Self.openFile() }
    try memory.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, Int(stored) + done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw Self.failure(Self.folder) }
        done += count
      }
    }
    stored += Int64(memory.count)
    memory.removeAll(keepingCapacity: true)
  }

  private static var folder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

  private static func openFile() throws -> Int32 {
    // The parts of O_TMPFILE, which Swift does not import.
    let descriptor = open(folder, O_RDWR | O_CLOEXEC | 0o20_000_000 | O_DIRECTORY, 0o600)
    guard descriptor >= 0 else { throw failure(folder) }
    return descriptor
  }

  private static func failure(_ folder: String) -> StoreError {
    StoreError(.system, "answer", "cannot be kept in \(folder): \(String(cString: strerror(errno))); see TMPDIR")
  }

  // MARK: Reading

  /// A path that opens the bytes as a file while this object lives.
  func path() throws -> String {
    try store()
    return "/proc/self/fd/\(descriptor)"
  }

  /// At most so many bytes from a place on; none at the end.
  func read(at place: Int64, _ most: Int) throws -> [UInt8] {
    if place >= stored {
      let start = Int(min(place - stored, Int64(memory.count)))
      return Array(memory[start..<min(start + most, memory.count)])
    }
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(min(Int64(most), stored - place))) { buffer, count in
      let got = pread(descriptor, buffer.baseAddress, buffer.count, Int(place))
      (count, failed) = (max(got, 0), got <= 0)
    }
    if failed { throw Self.failure(Self.folder) }
    return bytes
  }
}

/// Reads a spool in order.
struct SpoolReader {
  private let spool: Spool
  private var place: Int64 = 0
  private var buffer: [UInt8] = []
  private var next = 0

  private static let pieceBytes = 1 << 16

  init(_ spool: Spool) { self.spool = spool }

  /// Whether all has been read.
  var isAtEnd: Bool { place - Int64(buffer.count - next) >= spool.count }

  /// The next bytes, which must be there.
  mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
    while buffer.count - next < count {
      let more = try spool.read(at: place, max(Self.pieceBytes, count))
      if more.isEmpty { throw RequestError(500, "an answer has been cut off") }
      place += Int64(more.count)
      buffer = Array(buffer[next...]) + more
      next = 0
    }
    defer { next += count }
    return buffer[next..<(next + count)]
  }

  mutating func byte() throws -> UInt8 {
    if next < buffer.count {
      defer { next += 1 }
      return buffer[next]
    }
    return try bytes(1).first ?? 0
  }

  mutating func integer() throws -> UInt64 {
    var value: UInt64 = 0
    for byte in try bytes(8) { value = value << 8 | UInt64(byte) }
    return value
  }
}
