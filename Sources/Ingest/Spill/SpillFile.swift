internal import CatalogStore
internal import Glibc

/// A temporary file that is written once, from front to back, through a buffer.
final class SpillWriter {
  private let descriptor: Int32
  private let path: String
  private var buffer: [UInt8] = []
  private(set) var byteCount: Int64 = 0

  private static let bufferBytes = 1 << 20

  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreError(.system, path, "cannot be created: \(String(cString: strerror(errno)))") }
    buffer.reserveCapacity(Self.bufferBytes + 4096)
  }

  deinit { close(descriptor) }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    buffer.append(contentsOf: bytes)
    byteCount += Int64(bytes.count)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  func write<Value: BitwiseCopyable>(_ value: Value) throws {
    try withUnsafeBytes(of: value) { try write($0) }
  }

  /// Writes what is left in the buffer.
  func flush() throws {
    try buffer.withUnsafeBytes { bytes in
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
    buffer.removeAll(keepingCapacity: true)
  }
}

/// A finished spill file of 64-bit integers, mapped. Its pages belong to the page cache and are given back by `release`.
final class MappedIntegers: @unchecked Sendable {
  // @unchecked Sendable: the mapping is read-only and lives as long as this object.
  let values: UnsafeBufferPointer<Int64>
  private let start: UnsafeMutableRawPointer?
  private let length: Int

  init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError(.system, path, "cannot be opened: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    length = Int(FileSystem.size(path) ?? 0)
    if length == 0 {
      start = nil
      values = UnsafeBufferPointer(start: nil, count: 0)
      return
    }
    let mapped = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let mapped, mapped != MAP_FAILED else {
      throw StoreError(.system, path, "cannot be mapped: \(String(cString: strerror(errno)))")
    }
    start = mapped
    values = UnsafeBufferPointer(start: mapped.assumingMemoryBound(to: Int64.self), count: length / 8)
  }

  deinit { if let start { munmap(start, length) } }

  /// Lets go of the pages in memory; they are read again when needed.
  func release() { if let start { madvise(start, length, MADV_DONTNEED) } }

  /// The position of the first value that is not smaller; the values are sorted.
  func lowerBound(_ value: Int64, from: Int = 0) -> Int {
    var low = from
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] >= value { high = middle } else { low = middle + 1 }
    }
    return low
  }

  func count(in range: Range<Int64>) -> Int64 {
    let low = lowerBound(range.lowerBound)
    return Int64(lowerBound(range.upperBound, from: low) - low)
  }
}

/// A finished spill file of bytes, read in pieces.
final class SpillReader: Sendable {
  private let descriptor: Int32
  private let path: String

  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError(.system, path, "cannot be opened: \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Fills `target` with the bytes from `offset` on.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
    var done = 0
    while done < target.count {
      let count = pread(descriptor, target.baseAddress! + done, target.count - done, off_t(offset) + done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw StoreError(.system, path, "ends too early; run the command again") }
      done += count
    }
  }
}
