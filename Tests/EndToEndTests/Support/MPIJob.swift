import Foundation
import XMDBTestSupport

/// Several processes, started by mpirun.
enum MPIJob {
  private static let mpirun = "/usr/bin/mpirun"

  static let isInstalled = FileManager.default.isExecutableFile(atPath: mpirun)

  /// The program that passes messages, beside xmdb.
  static let probe = URL(fileURLWithPath: RunningProgram.path)
    .deletingLastPathComponent().appendingPathComponent("TransportProbe").path

  /// Containers run tests as root, which Open MPI wants to be told twice.
  static let environment = ["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]

  /// Starts `command` (an absolute path and its arguments) in as many processes, more than there are cores if need be.
  static func start(
    _ processes: Int, _ command: [String], in folder: Workdir, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      self.command(processes, command), in: folder, environment: Self.environment.merging(environment) { $1 })
  }

  /// What starts `command` in as many processes.
  static func command(_ processes: Int, _ command: [String]) -> [String] {
    [mpirun, "--oversubscribe", "--bind-to", "none", "-n", "\(processes)"] + command
  }
}

/// Whether a condition holds within a few seconds.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<500 {
    if try condition() { return true }
    usleep(20_000)
  }
  return false
}
