internal import Glibc

/// An open file of the database, of which something is wanted at a place.
final class OpenFile {
  let path: String
  let size: Int64
  private let remedy: String
  private(set) var descriptor: Int32

  init(_ path: String, remedy: String, flags: Int32 = O_RDONLY) throws {
    self.path = path
    self.remedy = remedy
    descriptor = Glibc.open(path, flags | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR {
        throw StoreError(.damaged, path, Self.text("is missing", remedy))
      }
      throw FileSystem.failure("cannot be opened", path)
    }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw StoreError(.damaged, path, Self.text("is not a file", remedy))
    }
    size = Int64(info.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Hands the descriptor to an owner that closes it.
  func takeDescriptor() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }

  func damage(_ finding: String) -> StoreError { StoreError(.damaged, path, Self.text(finding, remedy)) }

  private static func text(_ finding: String, _ remedy: String) -> String {
    remedy.isEmpty ? finding : "\(finding); run `xmdb verify`, then \(remedy)"
  }

  /// Some bytes.
  func read(_ count: Int, at offset: Int64) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { try fill($0, at: offset) }
    return bytes
  }

  /// Runs `body` with one part of the file after the other, all of one size, in memory that is used again.
  func forEachPart(of size: Int, _ count: Int, _ body: ([UInt8]) throws -> Void) throws {
    var part = [UInt8](repeating: 0, count: size)
    for number in 0..<count {
      try part.withUnsafeMutableBytes { try fill($0, at: Int64(number) * Int64(size)) }
      try body(part)
    }
  }

  /// Reads so many bytes as there is room for.
  func fill(_ target: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
    var done = 0
    while done < target.count {
      let part = pread(descriptor, target.baseAddress! + done, target.count - done, off_t(offset) + off_t(done))
      if part < 0 && errno == EINTR { continue }
      guard part >= 0 else { throw FileSystem.failure("cannot be read", path) }
      if part == 0 { throw damage("is too short") }
      done += part
    }
  }

  func write(_ bytes: [UInt8], at offset: Int64) throws {
    try bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let part = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
        if part < 0 && errno == EINTR { continue }
        guard part > 0 else { throw FileSystem.failure("cannot be written", path) }
        done += part
      }
    }
  }

  func sync() throws { if fsync(descriptor) != 0 { throw FileSystem.failure("cannot be synced", path) } }
}
