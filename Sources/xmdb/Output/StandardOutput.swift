import CatalogStore
import Glibc

/// The reader of our output has gone away (`| head`): no more is wanted, and that is fine.
struct BrokenPipe: Error {}

/// Standard output through a buffer. One owner, the main thread.
final class StandardOutput {
  private var buffer: [UInt8] = []
  private var lastFlush = Program.seconds()

  private static let bufferBytes = 1 << 16
  /// A reader waits for rows that are there no longer than this, seconds.
  private static let longestWait = 0.2

  /// Whether a person is watching.
  var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Adds text.
  func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Adds bytes of text.
  func write(bytes: [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Adds a line.
  func line(_ text: String = "") throws { try write(text + "\n") }

  /// Hands over what has waited long enough; called between rows.
  func flushIfStale() throws {
    if Program.seconds() - lastFlush > Self.longestWait { try flush() }
  }

  /// Hands over everything.
  /// - Throws: `BrokenPipe`, or `StoreError.system` when the output cannot be written, on a full disk for instance.
  func flush() throws {
    defer {
      buffer.removeAll(keepingCapacity: true)
      lastFlush = Program.seconds()
    }
    try buffer.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(STDOUT_FILENO, bytes.baseAddress! + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        if count < 0 && errno == EPIPE { throw BrokenPipe() }
        if count <= 0 {
          throw StoreError(.system, "standard output", "cannot be written: \(String(cString: strerror(errno)))")
        }
        done += count
      }
    }
  }
}
