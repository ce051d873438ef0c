internal import Synchronization

#if XMDB_THREAD_SANITIZER
  internal import CThreadSanitizer
#endif

/// A value that one thread at a time may use: Swift's `Mutex`, known to ThreadSanitizer.
public struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
  private let mutex: Mutex<Value>
  #if XMDB_THREAD_SANITIZER
    private let token = LockToken()
  #endif

  /// Guards a value.
  public init(_ value: consuming sending Value) { mutex = Mutex(value) }

  /// Waits for the other threads and calls `body` with the value.
  /// - Throws: What `body` throws.
  public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    #if XMDB_THREAD_SANITIZER
      let token = token
      return try mutex.withLock { (value: inout sending Value) throws(Failure) -> sending Result in
        token.take()
        defer { token.giveUp() }
        return try body(&value)
      }
    #else
      return try mutex.withLock(body)
    #endif
  }
}

#if XMDB_THREAD_SANITIZER
  /// Something with an address that stands for a lock.
  private final class LockToken: Sendable {
    func take() { tsan_lock_taken(Unmanaged.passUnretained(self).toOpaque()) }
    func giveUp() { tsan_lock_given_up(Unmanaged.passUnretained(self).toOpaque()) }
  }
#endif
