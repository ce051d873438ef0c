internal import CArrow

/// The bytes of a file in order, decompressed where it is compressed with gzip, bzip2, Zstandard or LZ4.
final class ByteStream {
  private let path: String
  private let handle: OpaquePointer

  /// - Throws: `FormatError.notReadable` when it is no regular file or cannot be opened.
  init(_ path: String) throws(FormatError) {
    var handle: OpaquePointer?
    var error = xarrow_error()
    guard xarrow_bytes_open(path, &handle, &error) == 0, let handle else {
      throw FormatError(error, path: path, format: "compressed")
    }
    self.path = path
    self.handle = handle
  }

  deinit { xarrow_bytes_close(handle) }

  /// How the file is compressed; nil if it is not.
  var compression: String? { xarrow_bytes_compression(handle).map { String(cString: $0) } }

  /// Fills a buffer as far as the file goes.
  /// - Returns: The number of bytes; fewer than there is room for at the end only.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
    var count: Int64 = 0
    var error = xarrow_error()
    guard xarrow_bytes_read(handle, buffer.baseAddress, Int64(buffer.count), &count, &error) == 0 else {
      throw FormatError(error, path: path, format: compression ?? "")
    }
    return Int(count)
  }

  /// The next bytes, at most so many.
  func read(_ count: Int) throws(FormatError) -> [UInt8] {
    var failure: FormatError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(FormatError) { filled = try read(into: UnsafeMutableRawBufferPointer(buffer)) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
