import ArgumentParser
import CatalogStore
import MPIProcesses
import MatchRun
import SocketProcesses

/// The option of work that other processes may join.
struct ListenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let other processes join the run (`xmdb join`) at a name or address of this machine.", valueName: "host[:port]"))
  var listen: String?
}

/// The work of a command that several processes may share: alone, as a process of an MPI job, or as the one that others join.
struct ProcessSession {
  private let process: CommandProcess

  init(_ process: CommandProcess) { self.process = process }

  /// - Parameters:
  ///   - listen: Where others may join.
  ///   - quiet: Nobody is told how.
  ///   - work: Leads the crew on process 0, and serves in it elsewhere.
  func run(
    _ listen: ListenOptions, quiet: Bool, _ work: (any Transport, _ localProcesses: Int) throws -> Void
  ) throws {
    let processes = try MPITransport.joinIfLaunched()
    if let place = listen.listen {
      if processes != nil {
        throw StoreError(
          .usage, "--listen", "is for processes that MPI has not started; leave it out, or set XMDB_MPI=off")
      }
      return try self.listen(at: place, quiet: quiet, work)
    }
    guard let processes else { return try work(NoTransport(), 1) }
    do {
      do { try work(processes, processes.localSize) } catch  where processes.rank > 0 {
        // A process that cannot go on ends the job: rank 0 would wait for what this one was given.
        processes.abort(process.report(error).rawValue)
      }
    } catch {
      try? process.output.flush()
      try? processes.finish()
      throw error
    }
    try process.output.flush()
    try processes.finish()
  }

  private func listen(
    at place: String, quiet: Bool, _ work: (any Transport, _ localProcesses: Int) throws -> Void
  ) throws {
    let transport = try ListeningTransport(at: place)
    defer { transport.finish() }
    if !quiet {
      let who = transport.isLocal ? "Processes of this machine" : "Other processes"
      standardError("\(who) may join at \(transport.place): xmdb join\n")
    }
    try work(transport, 1)
  }
}
