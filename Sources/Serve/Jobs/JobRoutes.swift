/// What is below `/tap/async`.
struct JobRoutes: Sendable {
  let jobs: JobList
  let settings: ServeSettings
  /// The address of the list.
  let base: String

  /// - Parameters:
  ///   - path: The words behind `async`.
  ///   - parameters: Those of the request.
  func reply(_ method: Method, _ path: [String], _ parameters: Parameters) async throws -> Reply {
    guard let id = path.first else {
      if method == .post { return try await make(parameters) }
      return try JobDocument.list(await jobs.all(), base)
    }
    if method == .delete || (path.count == 1 && method == .post && parameters["ACTION"]?.uppercased() == "DELETE") {
      _ = try await jobs.job(id)
      await jobs.forget(id)
      return try Reply(seeOther: base)
    }
    if method == .post { return try await change(id, path.dropFirst().joined(separator: "/"), parameters) }
    return try await show(id, path.dropFirst().joined(separator: "/"), parameters)
  }

  enum Method: Sendable {
    case get, post, delete
  }

  private func make(_ parameters: Parameters) async throws -> Reply {
    let job = try await jobs.make(parameters)
    if parameters["PHASE"]?.uppercased() == "RUN" { try await jobs.run(job.id) }
    return try Reply(seeOther: "\(base)/\(job.id)")
  }

  private func change(_ id: String, _ what: String, _ parameters: Parameters) async throws -> Reply {
    switch what {
    case "phase":
      switch parameters["PHASE"]?.uppercased() {
      case "RUN": try await jobs.run(id)
      case "ABORT": try await jobs.abort(id)
      default: throw RequestError.wrong("PHASE is '\(parameters["PHASE"] ?? "")'; allowed: RUN, ABORT")
      }
    case "executionduration":
      guard let seconds = try parameters.count("EXECUTIONDURATION") else {
        throw RequestError.wrong("EXECUTIONDURATION is missing")
      }
      let most = Int64(settings.secondsPerQuery.rounded(.up))
      try await jobs.change(id) { job in
        if job.phase == .pending { job.duration = seconds == 0 ? most : min(seconds, most) }
      }
    case "destruction":
      // The server keeps its own time, which the standard allows.
      _ = try await jobs.job(id)
    case "parameters", "":
      try await jobs.change(id) { job in
        guard job.phase == .pending else { throw RequestError.wrong("the job has begun; its parameters are fixed") }
        try job.parameters.add(parameters)
      }
    default: throw RequestError(404, "a job has no '\(what.prefix(60))' that can be set")
    }
    return try Reply(seeOther: "\(base)/\(id)")
  }

  private func show(_ id: String, _ what: String, _ parameters: Parameters) async throws -> Reply {
    let address = "\(base)/\(id)"
    let job = try await waited(id, parameters)
    switch what {
    case "": return try JobDocument.whole(job, address)
    case "phase": return try Reply("text/plain", text: job.phase.rawValue)
    case "executionduration": return try Reply("text/plain", text: String(job.duration))
    case "destruction": return try Reply("text/plain", text: JobDocument.time(job.destruction))
    case "quote", "owner": return try Reply("text/plain", text: "")
    case "parameters": return try JobDocument.parameters(job)
    case "results": return try JobDocument.results(job, address)
    case "results/result":
      guard let answer = job.answer else {
        throw RequestError(404, "the job has no result; it is \(job.phase.rawValue)")
      }
      return answer
    case "error":
      guard let failure = job.failure else {
        throw RequestError(404, "the job has no error; it is \(job.phase.rawValue)")
      }
      return Reply(ResultFormat.votable, try VOTableResult.error(failure))
    default: throw RequestError(404, "a job has no '\(what.prefix(60))'")
    }
  }

  /// The job, after its phase has changed or `WAIT` seconds (UWS 1.1, section 2.2.1.1).
  private func waited(_ id: String, _ parameters: Parameters) async throws -> Job {
    guard let text = parameters["WAIT"], let seconds = Double(text), seconds != 0 else { return try await jobs.job(id) }
    let most = seconds < 0 ? 60 : min(seconds, 60)
    return try await jobs.job(
      id, waiting: most, while: parameters["PHASE"].flatMap { Job.Phase(rawValue: $0.uppercased()) })
  }
}
