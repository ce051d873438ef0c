import CatalogStore
import Glibc

/// Waits for SIGINT, SIGTERM and SIGUSR1 on a thread of its own, where any code may run, instead of in a handler, where hardly
/// any may.
///
/// The first signal asks the work to stop at the next safe place; the second ends the process at once. A shell takes
/// SIGINT for itself with `answering`: then it stops a query, not the program. SIGUSR1 counts as SIGTERM: it is what mpirun
/// hands on without killing anybody, and what batch systems send before the end of the walltime.
final class SignalWatch: Sendable {
  private struct State {
    var received: Int32?
    /// Stops what is running just now, such as a query.
    var stop: (@Sendable () -> Void)?
    /// Takes SIGINT instead of the usual answer.
    var answer: (@Sendable () -> Void)?
    /// Takes every signal instead of the usual answer.
    var relay: (@Sendable (Int32) -> Void)?
  }

  /// Requested by the first signal.
  let cancellation = Cancellation()
  private let state = Guarded(State())
  /// A pipe that becomes readable with every signal, for `poll`.
  let wakeDescriptor: Int32
  private let wakeWriter: Int32

  /// Begins to watch. Must be called before other threads start: they inherit the mask.
  /// - Throws: `StoreError.system` when the system has no thread or descriptor left.
  init() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw StoreError(.system, "xmdb", "has no file descriptors left; allow more of them (ulimit -n)")
    }
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    (wakeDescriptor, wakeWriter) = (ends[0], ends[1])
    var set = Self.watchedSignals()
    pthread_sigmask(SIG_BLOCK, &set, nil)
    try startThread()
  }

  /// Those that the parent did not tell us to ignore (`nohup`, `&` in a script).
  private static func watchedSignals() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      var action = sigaction()
      sigaction(number, nil, &action)
      // SIG_IGN is the address 1.
      if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != 1 { sigaddset(&set, number) }
    }
    return set
  }

  private func startThread() throws {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { argument in
        // `argument` is the retained SignalWatch passed below.
        Unmanaged<SignalWatch>.fromOpaque(argument!).takeRetainedValue().watch()
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      throw StoreError(.system, "xmdb", "can start no thread; allow more processes (ulimit -u) or memory (ulimit -v)")
    }
    pthread_detach(thread)
  }

  private func watch() -> Never {
    var set = Self.watchedSignals()
    while true {
      var info = siginfo_t()
      let number = sigwaitinfo(&set, &info)
      if number <= 0 || Self.isOfCrash(number, info) { continue }
      if let relay = state.withLock({ $0.relay }) {
        relay(number)
      } else {
        handle(number == SIGUSR1 ? SIGTERM : number)
      }
    }
  }

  /// Whether the signal is no request: Swift's crash handler sends SIGUSR1 to every other thread of its process, to hold it.
  private static func isOfCrash(_ number: Int32, _ info: siginfo_t) -> Bool {
    number == SIGUSR1 && info.si_code <= 0 && info._sifields._kill.si_pid == getpid()
  }

  private func handle(_ number: Int32) {
    let (answer, isSecond) = state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
      if number == SIGINT, let answer = state.answer { return (answer, false) }
      let isSecond = state.received != nil
      state.received = number
      return (nil, isSecond)
    }
    if let answer {
      answer()
    } else {
      if isSecond { die(of: number) }
      cancellation.request()
    }
    state.withLock { $0.stop?() }
    wake()
  }

  private func wake() {
    var byte: UInt8 = 1
    _ = write(wakeWriter, &byte, 1)
  }

  private func die(of number: Int32) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    signal(number, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
  }

  /// The signal that asked the work to stop.
  var received: Int32? { state.withLock { $0.received } }

  /// Calls `stop` with every signal that comes while `body` runs.
  func stopping<Result>(with stop: @escaping @Sendable () -> Void, _ body: () throws -> Result) rethrows -> Result {
    state.withLock { $0.stop = stop }
    defer { state.withLock { $0.stop = nil } }
    return try body()
  }

  /// Gives SIGINT to `answer` while `body` runs.
  func answering<Result>(with answer: @escaping @Sendable () -> Void, _ body: () throws -> Result) rethrows -> Result {
    state.withLock { $0.answer = answer }
    defer { state.withLock { $0.answer = nil } }
    return try body()
  }

  /// Gives every signal to `receive` while `body` runs, and does nothing else with it.
  func relaying<Result>(to receive: @escaping @Sendable (Int32) -> Void, _ body: () throws -> Result) rethrows -> Result
  {
    state.withLock { $0.relay = receive }
    defer { state.withLock { $0.relay = nil } }
    return try body()
  }

  /// Empties the wake pipe.
  func drainWake() {
    var bytes: [UInt8] = Array(repeating: 0, count: 64)
    while read(wakeDescriptor, &bytes, bytes.count) > 0 {}
  }
}
