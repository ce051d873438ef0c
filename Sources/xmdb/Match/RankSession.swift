import CatalogStore
import MPIRanks
import MatchRun

/// The work of a command that several processes may share: alone, or as a rank of an MPI job.
struct RankSession {
  private let process: CommandProcess

  init(_ process: CommandProcess) { self.process = process }

  /// - Parameter work: Leads the crew on rank 0, and serves in it elsewhere.
  func run(_ work: (any Transport, _ localRanks: Int) throws -> Void) throws {
    guard let ranks = try MPITransport.joinIfLaunched() else { return try work(NoTransport(), 1) }
    do {
      do { try work(ranks, ranks.localSize) } catch  where ranks.rank > 0 {
        // A rank that cannot go on ends the job: rank 0 would wait for what this one was given.
        ranks.abort(process.report(error).rawValue)
      }
    } catch {
      try? process.output.flush()
      try? ranks.finish()
      throw error
    }
    try process.output.flush()
    try ranks.finish()
  }
}
