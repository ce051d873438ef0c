internal import CatalogStore
internal import Glibc

extension ParquetWriter {
  /// What the footer of a file that this class has written says of its writer.
  static let writer = "xmdb parquet writer version 1"

  /// Whether a file was written by this class, as its footer says; false for whatever is no whole Parquet file.
  public static func hasWritten(_ path: String) -> Bool {
    let descriptor = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return false }
    let size = Int(info.st_size)
    // At the end: the footer, its length as a little-endian number of 4 bytes, and "PAR1".
    guard size > 12, let tail = bytes(descriptor, size - 8, 8), Array(tail[4...]) == Array("PAR1".utf8) else {
      return false
    }
    let length = tail[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= size - 12, length <= longestFooter, let footer = bytes(descriptor, size - 8 - length, length) else {
      return false
    }
    return footer.firstRange(of: Array(writer.utf8)) != nil
  }

  /// Its own files have some kilobytes for a billion rows.
  private static let longestFooter = 64 << 20

  private static func bytes(_ descriptor: Int32, _ offset: Int, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let part = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
      }
      if part < 0 && errno == EINTR { continue }
      guard part > 0 else { return nil }
      done += part
    }
    return bytes
  }
}
