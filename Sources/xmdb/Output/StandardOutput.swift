import CatalogStore
import Glibc

/// The reader of our output has gone away (`| head`): no more is wanted, and that is fine.
struct BrokenPipe: Error {}

/// Standard output.
final class StandardOutput: TextOutput {
  /// Whether a person is watching.
  var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// - Throws: `BrokenPipe`, or `StoreError.system` when the output cannot be written, on a full disk for instance.
  override func handOver(_ buffer: [UInt8]) throws {
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
