internal import Glibc

/// A database file to which pages are added behind SQLite's back, before anyone else knows it.
///
/// SQLite has made it, with a schema and empty tables. `finish` tells the file's header how many pages there are.
final class PageFile {
  /// The file.
  let path: String
  /// The size of a page.
  let pageBytes: Int
  private let descriptor: Int32
  private var pageCount: Int
  /// Pages at the end of the file that are not written yet.
  private let buffer: UnsafeMutableRawBufferPointer
  private var bufferedBytes = 0

  private static let bufferedPages = 64
  /// The page with this byte belongs to SQLite's locks and is never used.
  private static let lockByte = 0x4000_0000

  /// Opens a file that no connection has open.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileSystem.failure("cannot be opened", path) }
    var header = [UInt8](repeating: 0, count: 100)
    guard pread(descriptor, &header, 100, 0) == 100 else {
      close(descriptor)
      throw StoreError(.damaged, path, "has no header of an SQLite file")
    }
    let size = Int(header[16]) << 8 | Int(header[17])
    pageBytes = size == 1 ? 65536 : size
    pageCount = header[28..<32].reduce(0) { $0 << 8 | Int($1) }
    buffer = .allocate(byteCount: pageBytes * Self.bufferedPages, alignment: 8)
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  /// Adds a page.
  /// - Returns: Its number, from 1.
  func append(_ page: UnsafeRawBufferPointer) throws -> UInt32 {
    if pageCount == Self.lockByte / pageBytes { try appendUnused() }
    try put(page)
    return UInt32(pageCount)
  }

  private func appendUnused() throws {
    let empty = [UInt8](repeating: 0, count: pageBytes)
    try empty.withUnsafeBytes { try put($0) }
  }

  private func put(_ page: UnsafeRawBufferPointer) throws {
    precondition(page.count == pageBytes, "PageFile: a page of \(page.count) bytes; pages here have \(pageBytes)")
    if bufferedBytes == buffer.count { try flush() }
    (buffer.baseAddress! + bufferedBytes).copyMemory(from: page.baseAddress!, byteCount: pageBytes)
    bufferedBytes += pageBytes
    pageCount += 1
  }

  /// Overwrites a page that SQLite has made.
  func replace(_ number: UInt32, with page: UnsafeRawBufferPointer) throws {
    try write(page, at: (Int(number) - 1) * pageBytes)
  }

  /// Writes what is buffered and the number of pages.
  func finish() throws {
    try flush()
    try withUnsafeBytes(of: UInt32(pageCount).bigEndian) { try write($0, at: 28) }
  }

  private func flush() throws {
    let pages = UnsafeRawBufferPointer(rebasing: buffer[..<bufferedBytes])
    try write(pages, at: pageCount * pageBytes - bufferedBytes)
    bufferedBytes = 0
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileSystem.failure("cannot be written", path) }
      done += count
    }
  }
}
