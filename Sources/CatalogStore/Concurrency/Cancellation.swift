public import Indexing
internal import Synchronization

/// A request to stop, set by a signal handler or another thread and looked at between pieces of work.
public final class Cancellation: Sendable {
  private let requested = Atomic<Bool>(false)

  /// Not requested.
  public init() {}

  /// Asks the work to stop at the next safe place. May be called from a signal handler.
  public func request() { requested.store(true, ordering: .relaxed) }

  /// Whether the work should stop.
  public var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Throws `StoreError.interrupted` when the work should stop.
  /// - Parameter isResumable: Whether what has been done is kept, so that the same command goes on with it.
  public func check(_ subject: String, isResumable: Bool = false) throws {
    if !isRequested { return }
    let next = isResumable ? "the same command goes on from here" : "the same command begins again"
    throw StoreError(.interrupted, subject, "interrupted; " + next)
  }

  /// For the loops of one thread: throws `StoreError.interrupted` soon after the request.
  public func stopCheck(_ subject: String, isResumable: Bool = false) -> StopCheck {
    StopCheck { try self.check(subject, isResumable: isResumable) }
  }
}
