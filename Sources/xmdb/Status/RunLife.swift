import Foundation
import Glibc

/// Whether anybody works on a run, as far as can be told from its status file.
struct RunLife {
  /// Somebody does, by all signs.
  let isRunning: Bool
  /// One word for programs.
  let name: String
  /// For people.
  let text: String

  /// Whoever runs it writes once a second: after so many seconds something is wrong.
  private static let patience = 60.0

  /// - Parameters:
  ///   - now: Seconds since 1970, UTC.
  ///   - host: This machine.
  ///   - isAlive: Whether a process of this machine exists.
  init(
    _ status: RunStatus?, now: Double = Date().timeIntervalSince1970, host: String = ProcessInfo.processInfo.hostName,
    isAlive: (Int32) -> Bool = { kill($0, 0) == 0 || errno == EPERM }
  ) {
    guard let status else {
      self.init(false, "not_running", "not running")
      return
    }
    let silence = max(0, now - status.written)
    let ago = silence < 1 ? "just now" : "\(Format.seconds(silence.rounded())) ago"
    switch status.state {
    case .stopped: self.init(false, "stopped", "stopped by a signal \(ago)")
    case .cutShort: self.init(false, "cut_short", "stopped \(ago), before the end of the job's time")
    case .incomplete: self.init(false, "incomplete", "ended \(ago); some pieces are set aside")
    case .failed: self.init(false, "failed", "ended by an error \(ago)")
    case .running:
      let place = "\(status.host), process \(status.pid), \(Self.size(status))"
      if status.host == host && !isAlive(status.pid) {
        self.init(false, "killed", "not running: killed on \(place); last sign of life \(ago)")
      } else if silence > Self.patience {
        self.init(false, "silent", "no sign of life for \(Format.seconds(silence.rounded())) from \(place)")
      } else {
        self.init(true, "running", "running on \(place); last sign of life \(ago)")
      }
    }
  }

  private init(_ isRunning: Bool, _ name: String, _ text: String) {
    (self.isRunning, self.name, self.text) = (isRunning, name, text)
  }

  private static func size(_ status: RunStatus) -> String {
    let threads = Format.count(Int64(status.workers), "thread")
    return status.processes == 1 ? threads : "\(status.processes) processes with \(threads)"
  }
}
