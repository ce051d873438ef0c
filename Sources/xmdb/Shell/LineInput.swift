import CatalogStore
import Glibc

/// Lines of a file, a pipe or a plain terminal, for a reader that must also hear signals.
final class LineInput: LineSource {
  private let descriptor: Int32
  private let wakeDescriptor: Int32
  private let isOwned: Bool
  private var bytes: [UInt8] = []
  private var next = 0
  private var isAtEnd = false

  /// Whether a person types.
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// Lines of standard input, interrupted when `wakeDescriptor` becomes readable.
  init(wakeDescriptor: Int32) {
    (descriptor, isOwned) = (STDIN_FILENO, false)
    self.wakeDescriptor = wakeDescriptor
  }

  /// Lines of a file.
  /// - Throws: `StoreError.system` when it cannot be opened, or is a folder.
  init(path: String, wakeDescriptor: Int32) throws {
    if FileSystem.isDirectory(path) { throw StoreError(.system, path, "is a folder; expected is a file of statements") }
    (descriptor, isOwned) = (open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), true)
    self.wakeDescriptor = wakeDescriptor
    if descriptor < 0 { throw StoreError(.system, path, "cannot be opened: \(String(cString: strerror(errno)))") }
  }

  deinit { if isOwned { close(descriptor) } }

  func event(prompt: String) -> LineEvent {
    if !isOwned && Self.isTerminal { standardError(prompt) }
    while true {
      if let end = bytes[next...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { next = end + 1 }
        return .line(String(decoding: bytes[next..<end], as: UTF8.self))
      }
      if isAtEnd { return lastLine() }
      if !waitForInput() { return .signal }
      readMore()
    }
  }

  private func lastLine() -> LineEvent {
    if next == bytes.count { return .end }
    defer { next = bytes.count }
    return .line(String(decoding: bytes[next...], as: UTF8.self))
  }

  /// False when a signal came first.
  private func waitForInput() -> Bool {
    var watched = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&watched, 2, -1) < 0 && errno == EINTR {}
    return watched[1].revents == 0
  }

  private func readMore() {
    bytes.removeFirst(next)
    next = 0
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &piece, piece.count)
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
    if count > 0 { bytes.append(contentsOf: piece[..<count]) } else { isAtEnd = true }
  }
}
