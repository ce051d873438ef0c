internal import CatalogStore

/// A request to end a query, from whoever asks first.
final class QueryStop: Sendable {
  /// Why it ends.
  enum Reason: Sendable {
    case timeLimit, client, ending
  }

  private struct State {
    var reason: Reason?
    var interrupt: (@Sendable () -> Void)?
    var deadline = Double.infinity
  }

  private let state = Guarded(State())

  /// Why it is to end; nil when it is not.
  var reason: Reason? { state.withLock { $0.reason } }

  /// Asks it to end.
  func request(_ reason: Reason) {
    state.withLock { state in
      if state.reason == nil { state.reason = reason }
      state.interrupt?()
    }
  }

  /// Sets when it has to be over, `Program.seconds()`.
  func setDeadline(_ deadline: Double) { state.withLock { $0.deadline = deadline } }

  /// Called now and then while the query runs: an interrupt that comes between two statements is lost.
  func remind(_ now: Double) {
    state.withLock { state in
      if now > state.deadline && state.reason == nil { state.reason = .timeLimit }
      if state.reason != nil { state.interrupt?() }
    }
  }

  /// Runs `body`, which `interrupt` can stop.
  func stopping<Result>(with interrupt: @escaping @Sendable () -> Void, _ body: () throws -> Result) rethrows -> Result
  {
    state.withLock { $0.interrupt = interrupt }
    defer { state.withLock { $0.interrupt = nil } }
    return try body()
  }

  /// - Throws: `RequestError` when it is to end.
  func check() throws {
    if let error { throw error }
  }

  /// What the client is told.
  var error: RequestError? {
    switch reason {
    case nil: nil
    case .timeLimit?:
      RequestError(
        400, "the query was stopped: it took longer than this server allows; ask for less of the sky, or fewer rows")
    case .client?: RequestError(499, "the client is gone")
    case .ending?: RequestError.busy("the server is being stopped")
    }
  }
}
