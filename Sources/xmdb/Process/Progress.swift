import CatalogStore
import Glibc

/// One line on standard error, rewritten at most ten times a second, on a terminal only. Safe to use from any thread.
final class Progress: Sendable {
  private struct State {
    var lastShown = -1.0
    var isVisible = false
  }

  private let isEnabled: Bool
  private let state = Guarded(State())

  /// The shortest time between two rewrites, seconds.
  private static let interval = 0.1

  /// A line that stays empty with `quiet`, or when standard error is not a terminal.
  init(quiet: Bool) { isEnabled = !quiet && Self.hasTerminal }

  /// Whether standard error is a terminal.
  static var hasTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Shows a text in place of the last one; `text` is only made when it is shown.
  func show(_ text: () -> String) {
    guard isEnabled else { return }
    state.withLock { state in
      let now = Program.seconds()
      if now - state.lastShown < Self.interval { return }
      state.lastShown = now
      state.isVisible = true
      standardError("\r\u{1b}[K" + text().prefix(Self.width))
    }
  }

  /// Removes the line.
  func clear() {
    state.withLock { state in
      if state.isVisible { standardError("\r\u{1b}[K") }
      state.isVisible = false
    }
  }

  private static var width: Int {
    var size = winsize()
    let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1
    return isKnown ? Int(size.ws_col) - 1 : 79
  }
}
