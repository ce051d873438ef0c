import Foundation
import Testing
import XMDBTestSupport

/// `xmdb supervise`: what is started again, what is not, and what it says.
@Suite struct SuperviseTests {
  /// A command that counts its starts in a file, then does what `script` says; `$n` is the number of the start.
  private func supervise(_ script: String, restart: Int = 3, in folder: Workdir) throws -> RunningProgram {
    let command = "echo >> starts; n=$(wc -l < starts); " + script
    return try folder.start(["supervise", "--restart", "\(restart)", "--", "/bin/bash", "-c", command])
  }

  private func starts(in folder: Workdir) -> Int {
    FileManager.default.contents(atPath: folder.path("starts"))?.count ?? 0
  }

  @Test(arguments: [0, 1, 2, 3, 75, 127, 128 + 2, 128 + 10, 128 + 15])
  func anOrderlyEndIsNotRepeated(status: Int) throws {
    let folder = try Workdir()
    let result = try supervise("echo out; exit \(status)", in: folder).wait()
    #expect(result.status == Int32(status) && result.output == "out\n" && result.error == "", "\(result)")
    #expect(starts(in: folder) == 1)
  }

  @Test(arguments: ["kill -9 $$", "exit 137"])
  func aCrashIsRepeated(crash: String) throws {
    let folder = try Workdir()
    let result = try supervise("[ $n -gt 2 ] || \(crash); exit 5", in: folder).wait()
    #expect(result.status == 5 && starts(in: folder) == 3, "\(result)")
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].contains("signal 9 (Killed) ended /bin/bash after") && lines[0].contains("in 1 s, restart 1 of 3"))
    #expect(lines[1].contains("in 2 s, restart 2 of 3"))
  }

  @Test func aCrashOfOurOwnProgramIsRepeated() throws {
    let folder = try Workdir()
    let endless = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT sum(i) FROM c"
    let crash = "LD_PRELOAD=\(Crash.library) XMDB_TEST_CRASH=SEGV \(RunningProgram.path) sql '\(endless)'; exit $?"
    let result = try supervise("[ $n -eq 1 ] || exit 5; \(crash)", in: folder).wait()
    #expect(result.status == 5 && starts(in: folder) == 2, "\(result)")
    #expect(result.error.contains("signal 11 (Segmentation fault) ended /bin/bash after"), "\(result)")
  }

  @Test func aCommandThatCrashesAlwaysIsGivenUp() throws {
    let folder = try Workdir()
    let result = try supervise("kill -SEGV $$", restart: 1, in: folder).wait()
    #expect(result.status == 139 && starts(in: folder) == 2, "\(result)")
    #expect(result.error.contains("all 1 restarts are used up"))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGUSR1])
  func aSignalIsHandedOnOnceAndEndsIt(signal: Int32) throws {
    let folder = try Workdir()
    let traps = "for s in INT TERM USR1; do trap \"echo $s; echo >> got\" $s; done"
    let script = "\(traps); touch ready; while [ ! -e got ]; do sleep 0.02; done; sleep 0.2; exit 137"
    let program = try supervise(script, in: folder)
    try #require(eventually { FileManager.default.fileExists(atPath: folder.path("ready")) })
    program.send(signal)
    let result = try program.wait()
    // Whatever it made of the signal, it is not started again.
    #expect(result.status == 137 && starts(in: folder) == 1, "\(result)")
    #expect(result.output == [SIGINT: "INT\n", SIGTERM: "TERM\n", SIGUSR1: "USR1\n"][signal])
  }

  @Test func aSignalEndsTheWaitForARestart() throws {
    let folder = try Workdir()
    let program = try supervise("echo $$ > $n; exit 137", restart: 9, in: folder)
    func third() -> String {
      String(decoding: FileManager.default.contents(atPath: folder.path("3")) ?? Data(), as: UTF8.self)
    }
    try #require(eventually { third().hasSuffix("\n") })
    let ended = "/proc/" + third().dropLast()
    try #require(eventually { !FileManager.default.fileExists(atPath: ended) })
    program.send(SIGTERM)
    let result = try program.wait()
    #expect(result.status == 143 && starts(in: folder) == 3, "\(result)")
  }

  @Test func wrongUseIsSaid() throws {
    let folder = try Workdir()
    for arguments in [["supervise"], ["supervise", "--"], ["supervise", "--restart", "-1", "--", "true"]] {
      #expect(try folder.start(arguments).wait().status == 2, "\(arguments)")
    }
    let result = try folder.xmdb("supervise", "--", "no-such-program")
    #expect(result.status == 2 && result.error.contains("no-such-program: cannot be started"), "\(result)")
  }

  @Test func aJobOfProcessesThatLosesOneIsStartedAgain() throws {
    try #require(MPIJob.isInstalled)
    let folder = try Workdir()
    let script =
      "[ $OMPI_COMM_WORLD_RANK = 1 ] || { [ -e done ] || sleep 60; exit; }; [ -e done ] || { touch done; kill -9 $$; }"
    let job = MPIJob.command(2, ["/bin/bash", "-c", script])
    let result = try folder.start(["supervise", "--"] + job, environment: MPIJob.environment).wait()
    #expect(result.status == 0 && result.error.contains("signal 9 (Killed) ended /usr/bin/mpirun"), "\(result)")
  }
}
