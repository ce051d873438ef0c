internal import CArrow
internal import CatalogStore

/// A file that bytes are written to in order, aside, compressed on the way where that is asked for.
final class ByteSink {
  private let path: String
  private let draft: Draft
  private let handle: OpaquePointer
  private var buffer = TextBuffer(capacity: bufferBytes)

  private static let bufferBytes = 1 << 18

  /// Starts a file beside its final place.
  /// - Throws: `StoreError.system` when it cannot be created.
  init(_ path: String, compression: FileCompression?) throws {
    self.path = path
    draft = try Draft(in: FileSystem.parent(path))
    var handle: OpaquePointer?
    var error = xarrow_error()
    guard xarrow_sink_open(draft.path, compression?.rawValue, &handle, &error) == 0, let handle else {
      throw StoreError(writing: path, error)
    }
    self.handle = handle
  }

  deinit { xarrow_sink_free(handle) }

  /// Adds bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    buffer.put(bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  private func flush() throws {
    var error = xarrow_error()
    let status = buffer.withBytes { xarrow_sink_write(handle, $0.baseAddress, Int64($0.count), &error) }
    buffer.removeAll()
    if status != 0 { throw StoreError(writing: path, error) }
  }

  /// Completes the file: contents forced to the disk, then the name.
  func publish() throws {
    try flush()
    var error = xarrow_error()
    guard xarrow_sink_close(handle, &error) == 0 else { throw StoreError(writing: path, error) }
    try draft.publish(as: path)
  }
}

extension StoreError {
  /// Why a file cannot be written.
  init(writing path: String, _ error: xarrow_error) {
    let message = withUnsafeBytes(of: error.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let hint = message.contains("No space left") ? "; free some space and run the command again" : ""
    self.init(.system, path, "cannot be written: \(message)\(hint)")
  }
}

/// How a file is compressed as a whole, by the name that the C door gives it.
public enum FileCompression: String, Sendable, CaseIterable {
  case gzip, bzip2
  case zstandard = "Zstandard"
  case lz4 = "LZ4"

  /// The end of the names of such files.
  public var ending: String {
    switch self {
    case .gzip: ".gz"
    case .bzip2: ".bz2"
    case .zstandard: ".zst"
    case .lz4: ".lz4"
    }
  }

  /// The compression that a file's name says, and the name without it.
  static func of(_ path: String) -> (compression: FileCompression?, plain: Substring) {
    let found = allCases.first { path.hasSuffix($0.ending) }
    return (found, path.dropLast(found?.ending.count ?? 0))
  }
}
