internal import CatalogStore
internal import Synchronization

/// A few threads, each with a connection of its own, that answer queries. Those that find no thread wait, up to a number and for a time.
final class QueryPool: Sendable {
  typealias Work = @Sendable (QueryConnection, QueryStop) throws -> Reply

  /// A query, from its arrival until it is answered.
  private final class Waiting: Sendable {
    private enum State {
      case waiting, running
      case done
    }

    let stop = QueryStop()
    let work: Work
    /// When it has waited long enough.
    let patience: Double
    /// How long it may take.
    let seconds: Double
    private let state = Guarded(State.waiting)
    private let answer: @Sendable (Result<Reply, any Error>) -> Void

    init(
      _ work: @escaping Work, patience: Double, seconds: Double,
      answer: @escaping @Sendable (Result<Reply, any Error>) -> Void
    ) {
      self.work = work
      self.patience = patience
      self.seconds = seconds
      self.answer = answer
    }

    /// Whether it is still wanted, and this thread's to do.
    func begin() -> Bool {
      state.withLock { state in
        guard case .waiting = state else { return false }
        state = .running
        return true
      }
    }

    /// Gives the answer, the first time.
    func finish(_ result: Result<Reply, any Error>) {
      let isFirst = state.withLock { state in
        if case .done = state { return false }
        state = .done
        return true
      }
      if isFirst { answer(result) }
    }
  }

  private struct State {
    var waiting: [Waiting] = []
    var running: [ObjectIdentifier: Waiting] = [:]
    var isEnding = false
  }

  private let settings: ServeSettings
  private let state = Guarded(State())
  /// One token for each job that waits, or for each thread when all is over.
  private let tokens = Semaphore(tokens: 0)
  private let watchBell = Mailbox<Void>()
  private let threads = Guarded<[PlainThread]>([])

  private static let secondsBetweenLooks = 0.02

  /// - Parameter count: How many queries are answered at a time.
  /// - Throws: `StoreError.system` when the system has no threads left.
  init(_ settings: ServeSettings, count: Int) throws {
    self.settings = settings
    for _ in 0..<count { try start { pool in pool.serve() } }
    try start { pool in pool.watch() }
  }

  private func start(_ body: @escaping @Sendable (QueryPool) -> Void) throws {
    guard let thread = PlainThread({ [self] in body(self) }) else {
      throw StoreError(.system, "xmdb", "can start no thread; allow more processes (ulimit -u) or memory (ulimit -v)")
    }
    threads.withLock { $0.append(thread) }
  }

  // MARK: Asking

  /// Waits for a thread and gives what `work` gives.
  /// - Throws: `RequestError` with status 503 when too many wait or for too long; whatever `work` throws. When the task is cancelled, the
  ///   query ends.
  /// - Parameters:
  ///   - patience: Seconds that it may wait; nil: as the settings say.
  ///   - seconds: Seconds that it may take; nil: likewise.
  func run(patience: Double? = nil, seconds: Double? = nil, _ work: @escaping Work) async throws -> Reply {
    let holder = Holder()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Reply, any Error>) in
        let job = Waiting(
          work, patience: Program.seconds() + (patience ?? settings.secondsToWait),
          seconds: min(seconds ?? .infinity, settings.secondsPerQuery)
        ) { continuation.resume(with: $0) }
        holder.job.withLock { $0 = job }
        submit(job)
        if Task.isCancelled { job.stop.request(.client) }
      }
    } onCancel: {
      holder.job.withLock { $0 }?.stop.request(.client)
    }
  }

  /// Lets a handler that may run at any time see the job.
  private final class Holder: Sendable {
    let job = Guarded<Waiting?>(nil)
  }

  private func submit(_ job: Waiting) {
    let refusal: RequestError? = state.withLock { state in
      if state.isEnding { return RequestError.busy("the server is being stopped") }
      if state.waiting.count >= settings.mostWaiting {
        return RequestError.busy("\(settings.mostWaiting) queries wait already; ask again later")
      }
      state.waiting.append(job)
      return nil
    }
    if let refusal { return job.finish(.failure(refusal)) }
    tokens.give()
    watchBell.put(())
  }

  /// Ends all queries, and the threads.
  func end() {
    stopAll()
    let all = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for _ in all { tokens.give() }
    watchBell.put(())
    for thread in all { thread.join() }
  }

  /// Ends all queries; others are refused from now on.
  func stopAll() {
    let left = state.withLock { state in
      state.isEnding = true
      defer { state.waiting = [] }
      for job in state.running.values { job.stop.request(.ending) }
      return state.waiting
    }
    for job in left { job.finish(.failure(RequestError.busy("the server is being stopped"))) }
  }

  /// Queries that run and that wait.
  var load: (running: Int, waiting: Int) { state.withLock { ($0.running.count, $0.waiting.count) } }

  // MARK: Answering

  private func serve() {
    var connection: QueryConnection?
    while true {
      tokens.take()
      let (job, isEnding) = state.withLock { state -> (Waiting?, Bool) in
        guard !state.waiting.isEmpty else { return (nil, state.isEnding) }
        let job = state.waiting.removeFirst()
        state.running[ObjectIdentifier(job)] = job
        return (job, false)
      }
      if isEnding { return }
      guard let job else { continue }
      if job.begin() { job.finish(answer(job, &connection)) }
      _ = state.withLock { $0.running.removeValue(forKey: ObjectIdentifier(job)) }
    }
  }

  private func answer(_ job: Waiting, _ connection: inout QueryConnection?) -> Result<Reply, any Error> {
    job.stop.setDeadline(Program.seconds() + job.seconds)
    do {
      try job.stop.check()
      let open = try connection ?? QueryConnection(settings)
      connection = open
      return .success(try job.work(open, job.stop))
    } catch {
      return .failure(job.stop.error ?? error)
    }
  }

  // MARK: Watching

  private func watch() {
    while true {
      let (jobs, isEnding) = state.withLock { state in (Array(state.running.values), state.isEnding) }
      if isEnding && jobs.isEmpty { return }
      let now = Program.seconds()
      for job in jobs { job.stop.remind(now) }
      refuseImpatient(now)
      let hasWork = state.withLock { !$0.running.isEmpty || !$0.waiting.isEmpty }
      if hasWork {
        _ = watchBell.take(waiting: Self.secondsBetweenLooks)
      } else if !isEnding {
        watchBell.take()
      }
    }
  }

  /// Ends those that have waited long enough, or whose clients are gone.
  private func refuseImpatient(_ now: Double) {
    let out = state.withLock { state in
      let out = state.waiting.filter { $0.patience < now || $0.stop.reason != nil }
      state.waiting.removeAll { job in out.contains { $0 === job } }
      return out
    }
    for job in out {
      let error =
        job.stop.error
        ?? RequestError.busy("all places were taken for \(Int(settings.secondsToWait)) s; ask again later")
      job.finish(.failure(error))
    }
  }
}
