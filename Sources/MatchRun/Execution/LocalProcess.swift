internal import CatalogStore

/// The threads of one process that work on the pieces of a run.
final class LocalProcess: Sendable {
  private enum Job: Sendable {
    case piece(RunPiece, any StageSet)
    case end
  }

  let threads: Int
  private let scratch: String?
  private let jobs = Mailbox<Job>()
  private let report: @Sendable (ProcessMessage) -> Void
  private let cancellation: Cancellation
  private let takePart: StageSetFactory
  private let context = Guarded<(any StageSet)?>(nil)
  private let workers = Guarded<[PlainThread]>([])

  /// - Parameters:
  ///   - scratch: A folder of this machine to build files in; nil: in the database.
  ///   - report: Called from any thread with what there is to tell the manager.
  init(
    threads: Int, scratch: String?, takePart: @escaping StageSetFactory, cancellation: Cancellation,
    report: @escaping @Sendable (ProcessMessage) -> Void
  ) {
    self.takePart = takePart
    self.threads = max(1, threads)
    self.scratch = scratch
    self.cancellation = cancellation
    self.report = report
  }

  /// Takes part in a run.
  func begin(_ context: any StageSet) {
    self.context.withLock { $0 = context }
    if let scratch { Draft.removeLeftovers(in: scratch) }
    workers.withLock { workers in
      if workers.isEmpty { workers = (0..<threads).compactMap { _ in PlainThread { self.work() } } }
      if workers.isEmpty {
        report(
          .refused(StoreError(.system, "match", "can start no thread; allow more processes (ulimit -u) or memory")))
      }
    }
  }

  /// Does what the manager says.
  func handle(_ message: ManagerMessage) {
    switch message {
    case .begin(let order): guarded { begin(try takePart(order, cancellation)) }
    case .products(let path): guarded { try context.withLock { $0 }?.readProducts(from: path) }
    case .piece(let piece):
      guard let context = context.withLock({ $0 }) else { return report(.returned(piece)) }
      jobs.put(.piece(piece, context))
    case .halt(let abandon): halt(abandon: abandon)
    case .end: context.withLock { $0 = nil }
    case .dismiss: dismiss()
    }
  }

  private func guarded(_ body: () throws -> Void) {
    do { try body() } catch { report(.refused(StoreError(any: error))) }
  }

  private func halt(abandon: Bool) {
    let dropped = jobs.remove {
      if case .piece = $0 { true } else { false }
    }
    for case .piece(let piece, _) in dropped { report(.returned(piece)) }
    if abandon { cancellation.request() }
  }

  /// Lets the threads end.
  func dismiss() {
    let ending = workers.withLock { workers in
      defer { workers = [] }
      return workers
    }
    for _ in ending { jobs.put(.end) }
    for thread in ending { thread.join() }
  }

  /// The life of one thread.
  private func work() {
    var workers = StageWorkers(scratch: scratch)
    while case .piece(let piece, let context) = jobs.take() {
      do {
        report(.done(piece, try workers.perform(piece, of: context)))
      } catch {
        let error = StoreError(any: error)
        report(error.code == .interrupted ? .returned(piece) : .failed(piece, error))
        workers.forget()
      }
    }
  }
}

/// The workers of one thread, by stage.
private struct StageWorkers {
  private let scratch: String?
  private var context: (any StageSet)?
  private var workers: [RunProgress.Stage: any StageWorker] = [:]

  init(scratch: String?) { self.scratch = scratch }

  mutating func forget() { workers = [:] }

  mutating func perform(_ piece: RunPiece, of context: any StageSet) throws -> PieceReport {
    if self.context !== context { (self.context, workers) = (context, [:]) }
    try context.cancellation.check("match", isResumable: true)
    let clock = CostClock()
    let result = try result(of: piece, worker(piece.stage, context), context)
    return PieceReport(
      payload: result.payload, inputs: result.inputs, cost: clock.cost(host: context.host, isReused: result.isReused),
      damage: result.damage)
  }

  /// Performs a piece, unless the run before has one that follows from the same.
  private func result(
    of piece: RunPiece, _ worker: any StageWorker, _ context: any StageSet
  ) throws -> PieceResult {
    guard let digest = try worker.digest(piece.position) else { return try worker.perform(piece.position) }
    var damage: StoreError?
    do {
      if let payload = try context.earlier(piece.stage, piece.position, digest: digest) {
        return PieceResult(payload: payload, inputs: digest, isReused: true)
      }
    } catch let error as StoreError where error.code == .damaged { damage = error }
    var result = try worker.perform(piece.position)
    result.inputs = digest
    result.damage = result.damage ?? damage
    return result
  }

  private mutating func worker(_ id: RunProgress.Stage, _ context: any StageSet) throws -> any StageWorker {
    if let known = workers[id] { return known }
    guard let stage = context.stages.first(where: { $0.id == id }) else {
      throw StoreError(
        .system, "match", "has no stage '\(id.name)' in this process; use one version of xmdb everywhere")
    }
    let worker = stage.worker(scratch: scratch)
    workers[id] = worker
    return worker
  }
}

extension StoreError {
  /// Any error as one of the store.
  init(any error: any Error) {
    self = error as? StoreError ?? StoreError(.system, "match", "\(error)")
  }
}
