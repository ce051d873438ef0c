import CatalogStore

/// Text on its way to somewhere, through a buffer. One owner, the main thread.
class TextOutput {
  private var buffer: [UInt8] = []
  private var lastFlush = Program.seconds()

  private static let bufferBytes = 1 << 16
  /// A reader waits for rows that are there no longer than this, seconds.
  private static let longestWait = 0.2

  /// Hands bytes over.
  func handOver(_ bytes: [UInt8]) throws {}

  /// Adds text.
  final func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Adds bytes of text.
  final func write(bytes: [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Adds a line.
  final func line(_ text: String = "") throws { try write(text + "\n") }

  /// Hands over what has waited long enough; called between rows.
  final func flushIfStale() throws {
    if Program.seconds() - lastFlush > Self.longestWait { try flush() }
  }

  /// Hands over everything.
  final func flush() throws {
    defer {
      buffer.removeAll(keepingCapacity: true)
      lastFlush = Program.seconds()
    }
    try handOver(buffer)
  }
}
