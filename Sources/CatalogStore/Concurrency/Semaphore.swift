internal import Glibc

/// Tokens that threads take and give back. Who finds none waits, without using the processor.
public final class Semaphore: Sendable {
  // Allocated so that its address stays the same for every thread, which is all that sem_t asks for.
  private nonisolated(unsafe) let handle: UnsafeMutablePointer<sem_t>

  /// A number of tokens, ≥ 0.
  public init(tokens: Int) {
    handle = .allocate(capacity: 1)
    sem_init(handle, 0, UInt32(tokens))
  }

  deinit {
    sem_destroy(handle)
    handle.deallocate()
  }

  /// Takes a token, as soon as there is one.
  public func take() { while sem_wait(handle) != 0 && errno == EINTR {} }

  /// Gives a token.
  public func give() { sem_post(handle) }
}
