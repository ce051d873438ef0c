import Foundation
import Testing
import XMDBTestSupport

@testable import MPIProcesses

/// Messages between real processes: `TransportProbe` under mpirun.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: MPIJob.isInstalled, "there is no mpirun here"))
struct MPITests {
  /// What the processes said, in any order.
  private func probe(_ processes: Int, _ arguments: String...) throws -> (result: ProgramResult, lines: [String]) {
    let folder = try Workdir()
    let result = try MPIJob.start(processes, [MPIJob.probe] + arguments, in: folder).wait()
    return (result, result.lines.sorted())
  }

  @Test(arguments: 1...4)
  func messagesOfManySizesArriveOnceAndInOrder(processes: Int) throws {
    let (result, lines) = try probe(processes, "exchange")
    #expect(lines == (0..<processes).map { "rank \($0) of \(processes) exchanged" }, "\(result)")
    #expect(result.status == 0)
  }

  @Test(arguments: [1, 2, 4])
  func allProcessesMaySendBeforeAnyListens(processes: Int) throws {
    let (result, lines) = try probe(processes, "ring")
    #expect(lines == (0..<processes).map { "rank \($0) of \(processes) went round" }, "\(result)")
    #expect(result.status == 0)
  }

  @Test func sendingDoesNotWaitForProcessesThatAreBusy() throws {
    let (result, lines) = try probe(3, "flood", "sent")
    #expect(lines == ["rank 0 was heard", "rank 1 heard all", "rank 2 heard all"], "\(result)")
  }

  @Test func processesThatWaitDoNotSpin() throws {
    let (result, lines) = try probe(2, "idle", "2")
    #expect(lines.count == 4, "\(result)")
    // Two lines a process: the share of a core while looking for messages, and while waiting for the other to finish.
    for line in lines {
      let share = try #require(Double(line.split(separator: " ")[3]), "\(line)")
      #expect(share < 0.1, "\(line)")
    }
    #expect(lines[1].hasSuffix("local 2"))
  }

  @Test func anAbortEndsAllProcessesWithItsStatus() throws {
    let (result, _) = try probe(3, "abort")
    #expect(result.status == 7, "\(result)")
  }

  @Test func processesEndWhenMpirunIsKilled() throws {
    let folder = try Workdir()
    let mark = "60.\(UInt32.random(in: 0 ... .max))"
    let job = try MPIJob.start(2, [MPIJob.probe, "idle", mark], in: folder)
    func processes() throws -> Int {
      try folder.bash("pgrep -fc '^\(MPIJob.probe) idle \(mark)'").lines.first.flatMap { Int($0) } ?? 0
    }
    try #require(try eventually { try processes() == 2 })
    job.send(SIGKILL)
    #expect(try job.wait().status == 128 + SIGKILL)
    #expect(try eventually { try processes() == 0 })
  }

  @Test func otherCommandsDoNotJoin() throws {
    let folder = try Workdir()
    let result = try MPIJob.start(2, [RunningProgram.path, "version"], in: folder).wait()
    #expect(result.status == 0 && result.error == "", "\(result)")
    #expect(result.output.components(separatedBy: "xmdb 0.").count == 3)
  }

  /// A copy in a process of its own: a file that this one has open for writing cannot be run while another test forks.
  private func copyProbe(into folder: Workdir) throws {
    let copied = try RunningProgram(["/bin/cp", MPIJob.probe, folder.path("probe")], in: folder).wait()
    try #require(copied.status == 0, "\(copied)")
  }

  @Test func aMissingPluginIsNamedWithWhatToDo() throws {
    let folder = try Workdir()
    try copyProbe(into: folder)
    let alone = try RunningProgram([folder.path("probe")], in: folder).wait()
    #expect(alone.output == "alone\n" && alone.status == 0, "\(alone)")
    let result = try MPIJob.start(1, [folder.path("probe"), "exchange"], in: folder).wait()
    #expect(result.status == 1)
    #expect(result.error.contains("Error: \(folder.path("libxmdbmpi.so")): is missing"), "\(result)")
    #expect(result.error.contains("libopenmpi-dev"))
  }

  @Test func aPluginThatCannotBeLoadedSaysWhy() throws {
    let folder = try Workdir()
    try copyProbe(into: folder)
    try folder.write(Data("no library".utf8), to: "libxmdbmpi.so")
    let result = try MPIJob.start(1, [folder.path("probe"), "exchange"], in: folder).wait()
    #expect(result.status == 1 && result.error.contains("cannot be loaded: "), "\(result)")
  }

  @Test func aLauncherOfAnotherMPIIsRecognised() throws {
    let settings = ["PMI_RANK": "0", "PMI_SIZE": "4"]
    let result = try RunningProgram([MPIJob.probe, "exchange"], in: Workdir(), environment: settings).wait()
    #expect(result.status == 1)
    #expect(result.error.contains("the launcher started 4 processes, but this one sees 1"), "\(result)")
  }
}

@Suite struct MPILaunchTests {
  private func launch(_ environment: [String: String]) throws -> MPILaunch { try MPILaunch { environment[$0] } }

  @Test func aLauncherIsKnownByItsEnvironment() throws {
    #expect(try launch([:]) == .alone)
    #expect(try launch(["SLURM_PROCID": "0", "SLURM_NTASKS": "4"]) == .alone)
    #expect(try launch(["OMPI_COMM_WORLD_SIZE": "4", "PMIX_RANK": "1"]) == .together(size: 4))
    #expect(try launch(["PMI_RANK": "1", "PMI_SIZE": "3"]) == .together(size: 3))
    #expect(try launch(["PMIX_RANK": "1"]) == .together(size: nil))
  }

  @Test func theEnvironmentMayDecideOtherwise() throws {
    #expect(try launch(["OMPI_COMM_WORLD_SIZE": "4", "XMDB_MPI": "off"]) == .alone)
    #expect(try launch(["XMDB_MPI": "on"]) == .together(size: nil))
    #expect(try launch(["OMPI_COMM_WORLD_SIZE": "4", "XMDB_MPI": ""]) == .together(size: 4))
    #expect(throws: (any Error).self) { try launch(["XMDB_MPI": "yes"]) }
  }
}
