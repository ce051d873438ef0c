internal import CatalogStore
internal import Glibc

/// The jobs of a server, in memory: they go with it, or some time after they were made.
///
/// Source: IVOA Recommendation Universal Worker Service 1.1; as much of it as clients of TAP use.
actor JobList {
  private let settings: ServeSettings
  private let queries: QueryPool
  private var jobs: [String: Job] = [:]

  /// Jobs at a time, and bytes of uploaded tables in all of them.
  private static let mostJobs = 100
  private static let mostBytes = 256 << 20
  /// Seconds that a job is kept.
  private static let lifetime: Int64 = 3600

  init(_ settings: ServeSettings, _ queries: QueryPool) {
    self.settings = settings
    self.queries = queries
  }

  private static var now: Int64 { Int64(time(nil)) }

  // MARK: Jobs

  /// Makes a job that waits to be told to run.
  /// - Throws: `RequestError` with status 503 when there are too many.
  func make(_ parameters: Parameters) throws -> Job {
    forgetOld()
    if jobs.count >= Self.mostJobs, let oldest = jobs.values.filter(\.phase.isLast).min(by: { $0.created < $1.created })
    {
      jobs[oldest.id] = nil
    }
    let bytes = (jobs.values.map(\.parameters) + [parameters]).reduce(0) { $0 + $1.bytes }
    guard jobs.count < Self.mostJobs, bytes <= Self.mostBytes else {
      throw RequestError.busy("there are \(jobs.count) jobs, which is as many as this server keeps; ask again later")
    }
    let word = String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
    let job = Job(
      word, parameters, now: Self.now, lifetime: Self.lifetime, duration: Int64(settings.secondsPerQuery.rounded(.up)))
    jobs[word] = job
    return job
  }

  private func forgetOld() {
    let now = Self.now
    for job in jobs.values where job.destruction <= now { forget(job.id) }
  }

  /// All of them, the newest first.
  func all() -> [Job] {
    forgetOld()
    return jobs.values.sorted { ($0.created, $0.id) > ($1.created, $1.id) }
  }

  /// - Throws: `RequestError` with status 404 when there is none.
  func job(_ id: String) throws -> Job {
    forgetOld()
    guard let job = jobs[id] else { throw RequestError(404, "there is no job '\(id.prefix(60))', or it is gone") }
    return job
  }

  /// The job when its phase is another one than this, or when so many seconds are over.
  func job(_ id: String, waiting seconds: Double, while phase: Job.Phase?) async throws -> Job {
    let first = try job(id)
    let end = Program.seconds() + seconds
    let phase = phase ?? first.phase
    while Program.seconds() < end {
      let now = try job(id)
      if now.phase != phase || now.phase.isLast || now.phase == .pending { return now }
      try await Task.sleep(for: .milliseconds(20))
    }
    return try job(id)
  }

  func forget(_ id: String) { jobs.removeValue(forKey: id)?.stop?() }

  /// Changes a job that has not begun.
  func change(_ id: String, _ change: (inout Job) throws -> Void) throws {
    var job = try job(id)
    try change(&job)
    jobs[id] = job
  }

  // MARK: Running

  func run(_ id: String) throws {
    guard try job(id).phase == .pending else { return }
    let query: TAPQuery
    do { query = try TAPQuery(try job(id).parameters, settings) } catch {
      return end(id, .failure(error))
    }
    let duration = Double(try job(id).duration)
    let task = Task { [queries] in
      try await queries.run(patience: .infinity, seconds: duration) { connection, stop in
        self.noteStart(id)
        return try query.reply(connection, stop)
      }
    }
    try change(id) { job in
      job.phase = .queued
      job.stop = { task.cancel() }
    }
    Task { end(id, await task.result) }
  }

  /// Tells that a job has found its thread.
  nonisolated func noteStart(_ id: String) { Task { await begin(id) } }

  private func begin(_ id: String) {
    guard jobs[id]?.phase == .queued else { return }
    jobs[id]?.phase = .executing
    jobs[id]?.started = Self.now
  }

  func abort(_ id: String) throws {
    try change(id) { job in
      if job.phase.isLast { return }
      job.stop?()
      job.phase = .aborted
      job.ended = Self.now
    }
  }

  private func end(_ id: String, _ result: Result<Reply, any Error>) {
    guard let job = jobs[id], !job.phase.isLast else { return }
    jobs[id]?.ended = Self.now
    jobs[id]?.started = job.started ?? Self.now
    switch result {
    case .success(let reply):
      jobs[id]?.phase = .completed
      jobs[id]?.answer = reply
    case .failure(let error):
      jobs[id]?.phase = .error
      jobs[id]?.failure = RequestError(error).message
    }
  }
}
