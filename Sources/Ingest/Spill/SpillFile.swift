internal import CatalogStore
internal import Glibc

/// A temporary file that is written once, from front to back, through a buffer.
final class SpillWriter {
  private let descriptor: Int32
  private let path: String
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 16)
  private var used = 0

  private static let bufferBytes = 1 << 20

  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(.system, path, "cannot be created: \(String(cString: strerror(errno)))")
    }
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  /// Writes a whole file of integers.
  static func write(_ values: [Int64], to path: String) throws {
    let file = try SpillWriter(path: path)
    try values.withUnsafeBytes { try file.put($0) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    if used + bytes.count > buffer.count { try flush() }
    if bytes.count > buffer.count { return try put(bytes) }
    if let start = bytes.baseAddress { memcpy(buffer.baseAddress! + used, start, bytes.count) }
    used += bytes.count
  }

  func write(_ value: Int64) throws {
    try withUnsafeBytes(of: value) { try write($0) }
  }

  /// Writes what is left in the buffer.
  func flush() throws {
    try put(UnsafeRawBufferPointer(rebasing: buffer[..<used]))
    used = 0
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let hint = errno == ENOSPC ? "; free some space and run the command again" : ""
        throw StoreError(.system, path, "cannot be written: \(String(cString: strerror(errno)))\(hint)")
      }
      done += count
    }
  }
}

/// A finished spill file of bytes, read in pieces.
final class SpillReader: Sendable {
  private let descriptor: Int32
  private let path: String

  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.system, path, "cannot be opened: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  /// The integers of a range of a file of integers.
  func integers(_ range: Range<Int>) throws -> [Int64] {
    var values = [Int64](repeating: 0, count: range.count)
    try values.withUnsafeMutableBytes { try read(into: $0, at: Int64(range.lowerBound) * 8) }
    return values
  }

  /// Fills `target` with the bytes from `offset` on.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
    var done = 0
    while done < target.count {
      let count = pread(descriptor, target.baseAddress! + done, target.count - done, off_t(offset) + done)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw StoreError(
          .system, path, "cannot be read: \(String(cString: strerror(errno))); run the command again on a sound disk")
      }
      guard count > 0 else { throw StoreError(.system, path, "ends too early; run the command again") }
      done += count
    }
  }
}

/// A large piece of memory whose pages come from the system when first touched, in large pages where it offers them.
final class PageBuffer {
  private(set) var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { free() }

  /// Makes room for at least this many bytes; the contents are lost when it grows.
  /// - Throws: `StoreError.system` when the system has no memory left.
  func ensure(byteCount: Int) throws {
    if byteCount <= bytes.count { return }
    free()
    let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else {
      throw StoreError(
        .system, "ingest", "no memory for \(byteCount) bytes of rows; give it more, or smaller shards with --shard-mb")
    }
    madvise(start, byteCount, MADV_HUGEPAGE)
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  /// Gives the memory back to the system.
  func free() {
    if let start = bytes.baseAddress { munmap(start, bytes.count) }
    bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }
}
