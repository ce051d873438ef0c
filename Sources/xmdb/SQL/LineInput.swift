import Glibc

/// Lines of standard input, for a reader that must also hear signals.
final class LineInput {
  /// What came.
  enum Event {
    /// A line, without its end.
    case line(String)
    /// A signal, while no line was ready.
    case signal
    /// The end of the input.
    case end
  }

  private let wakeDescriptor: Int32
  private var bytes: [UInt8] = []
  private var next = 0
  private var isAtEnd = false

  /// Whether a person types.
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// Lines until the end, interrupted when `wakeDescriptor` becomes readable.
  init(wakeDescriptor: Int32) { self.wakeDescriptor = wakeDescriptor }

  /// Waits for the next event.
  func event() -> Event {
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

  private func lastLine() -> Event {
    if next == bytes.count { return .end }
    defer { next = bytes.count }
    return .line(String(decoding: bytes[next...], as: UTF8.self))
  }

  /// False when a signal came first.
  private func waitForInput() -> Bool {
    var watched = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&watched, 2, -1) < 0 && errno == EINTR {}
    return watched[1].revents == 0
  }

  private func readMore() {
    bytes.removeFirst(next)
    next = 0
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(STDIN_FILENO, &piece, piece.count)
    if count > 0 { bytes.append(contentsOf: piece[..<count]) } else { isAtEnd = true }
  }
}
