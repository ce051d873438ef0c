import Glibc

/// What happens when the program crashes: it ends at once by the signal of its fault, and whoever started it sees that.
enum Crash {
  private static let signals = [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  /// Takes the signals of a crash back from the Swift runtime, whose handler first holds all other threads: it tries for half a
  /// minute where one of them lets no signal through, as a thread of the memory allocator does. `SWIFT_BACKTRACE` in the
  /// environment keeps the handler, which then prints where the program was.
  static func endsAtOnce() {
    if environmentVariable("SWIFT_BACKTRACE") != nil { return }
    for number in signals { signal(number, SIG_DFL) }
  }
}
