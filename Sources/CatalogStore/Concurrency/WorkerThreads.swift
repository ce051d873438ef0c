internal import Glibc
internal import Synchronization

/// Runs independent pieces of work on a few threads of their own.
///
/// Plain threads rather than tasks: the pieces block in SQLite and on files for long, and the caller may be a C callback.
public enum WorkerThreads {
  /// Calls `body(0) … body(count − 1)`, each once, on up to `threads` threads, and returns when all have ended.
  ///
  /// The pieces are handed out in order. After the first error no new piece begins; the error of the lowest piece that
  /// failed is thrown, so the message does not depend on timing more than it must.
  public static func run(count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    let work = SharedWork(count: count, body: body)
    let helpers = min(max(threads, 1), count) - 1
    let started = (0..<max(helpers, 0)).compactMap { _ in PlainThread { work.drain() } }
    work.drain()
    for thread in started { thread.join() }
    if let failure = work.failure { throw failure }
  }

  /// The number of processors of this machine.
  public static var available: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

private final class SharedWork: Sendable {
  private let count: Int
  private let body: @Sendable (Int) throws -> Void
  private let next = Atomic<Int>(0)
  private let failures = Guarded<(piece: Int, error: any Error)?>(nil)

  init(count: Int, body: @escaping @Sendable (Int) throws -> Void) {
    self.count = count
    self.body = body
  }

  var failure: (any Error)? { failures.withLock { $0?.error } }

  /// Takes piece after piece until none is left or one has failed.
  func drain() {
    while true {
      let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if piece >= count { return }
      do { try body(piece) } catch {
        next.store(count, ordering: .relaxed)
        failures.withLock { if $0.map({ piece < $0.piece }) ?? true { $0 = (piece, error) } }
      }
    }
  }
}
