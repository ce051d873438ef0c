import CatalogStore
import MPIProcesses
import MatchRun

/// The work of a command that several processes may share: alone, or as a process of an MPI job.
struct ProcessSession {
  private let process: CommandProcess

  init(_ process: CommandProcess) { self.process = process }

  /// - Parameter work: Leads the crew on process 0, and serves in it elsewhere.
  func run(_ work: (any Transport, _ localProcesses: Int) throws -> Void) throws {
    guard let processes = try MPITransport.joinIfLaunched() else { return try work(NoTransport(), 1) }
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
}
