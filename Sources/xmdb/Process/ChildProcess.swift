import CatalogStore
import Glibc

/// A command that runs as a process of its own, in its own process group and with an empty standard input: a Ctrl-C reaches
/// it through `send` only, once. Output and errors go where ours go.
final class ChildProcess: Sendable {
  /// How a process ended.
  enum Ending: Equatable {
    case exited(Int32)
    case killed(by: Int32)

    /// As a shell says it: 128 and the signal's number for a process that was killed.
    var status: Int32 {
      switch self {
      case .exited(let status): status
      case .killed(let signal): 128 + signal
      }
    }
  }

  /// Nil once the process has been waited for: its number may then belong to another.
  private let running: Guarded<pid_t?>

  /// Starts a command, its program looked for on the PATH.
  /// - Throws: `StoreError.usage` when it cannot be started.
  init(_ command: [String]) throws {
    var pid = pid_t()
    let code = Self.spawn(command, &pid)
    guard code == 0 else {
      throw StoreError(.usage, command[0], "cannot be started: \(String(cString: strerror(code)))")
    }
    running = Guarded(pid)
  }

  /// Signals are at their defaults and none is blocked, unlike here.
  private static func spawn(_ command: [String], _ pid: inout pid_t) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var (all, none) = (sigset_t(), sigset_t())
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    sigfillset(&all)
    sigemptyset(&none)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    return posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, environ)
  }

  /// Sends a signal to the process, if it still runs. From any thread.
  func send(_ signal: Int32) {
    running.withLock { pid in if let pid { kill(pid, signal) } }
  }

  /// Waits for the end. To be called once.
  func wait() -> Ending {
    guard let pid = running.withLock({ $0 }) else { preconditionFailure("waited for twice") }
    var info = siginfo_t()
    // Waits without taking the number back, so that `send` cannot hit another process.
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    var status: Int32 = 0
    running.withLock { running in
      waitpid(pid, &status, 0)
      running = nil
    }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(by: signal)
  }
}
