import Glibc

/// When a command that has ended is started again: after a crash, so many times, with growing pauses.
struct RestartPolicy {
  /// Restarts at most.
  let limit: Int

  /// The longest pause before a restart, seconds.
  private static let longestPause = 60.0

  /// Signals that ask a process to end; all others are crashes, or the kernel short of memory.
  private static let requests: Set<Int32> = [SIGHUP, SIGINT, SIGTERM, SIGUSR1]

  /// The signal that ended a command for no wish of anybody; nil when it ended in an orderly way or was asked to.
  /// A launcher such as mpirun ends with 128 and the number of the signal that killed one of its processes.
  func crash(_ ending: ChildProcess.Ending) -> Int32? {
    let signal = ending.status - 128
    return (1...64).contains(signal) && !Self.requests.contains(signal) ? signal : nil
  }

  /// Seconds to wait before restart number `count`, from 1: 1, 2, 4 … 60.
  func pause(before count: Int) -> Double { count > 6 ? Self.longestPause : Double(1 << (count - 1)) }
}
