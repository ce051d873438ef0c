import Foundation
import Testing
import XMDBTestSupport

/// Processes that join a run over sockets, leave it and are killed, with the program that users have.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct JoinTests {
  private static let match = ["match-all", "a", "b", "--threads", "1", "--quiet"]

  /// A database of both catalogues, and what a single process finds in it.
  private func sky() throws -> (folder: Workdir, expected: FolderContents, seconds: Double) {
    let folder = try AllSky.database(sources: 20_000, shards: "0.5")
    try copy(folder, to: "whole.xmdb")
    let began = Date()
    let whole = try folder.start(Self.match + ["--db", "whole.xmdb"]).wait()
    try #require(whole.status == 0, "\(whole)")
    let seconds = Date().timeIntervalSince(began)
    try #require(folder.xmdb("export", "a", "b", "--to", "expected", "--db", "whole.xmdb").status == 0)
    return (folder, FolderContents(folder.path("expected")), seconds)
  }

  private func copy(_ folder: Workdir, to name: String) throws {
    try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: folder.path(name))
  }

  private func lead(_ folder: Workdir, _ database: String) throws -> RunningProgram {
    try folder.start(Self.match + ["--db", database, "--listen", "127.0.0.1"])
  }

  private func join(_ folder: Workdir, _ database: String, wait: Int = 60) throws -> RunningProgram {
    try folder.start(["join", "--db", database, "--threads", "1", "--json", "--wait", "\(wait)"])
  }

  private func pieces(_ result: ProgramResult) throws -> Int {
    try #require(((try result.json()) as? [String: Any])?["pieces"] as? Int, "\(result)")
  }

  private func requireExpected(_ folder: Workdir, _ database: String, _ expected: FolderContents, _ what: String) throws
  {
    #expect(try folder.xmdb("verify", "--db", database).status == 0, "\(what)")
    try #require(folder.xmdb("export", "a", "b", "--to", "out", "--db", database).status == 0)
    #expect(FolderContents(folder.path("out")).differences(from: expected) == [], "\(what)")
    let left = try folder.bash("find \(database)/runs -name crew -o -name '*.draft'")
    #expect(left.output == "", "\(what)")
  }

  @Test func processesThatJoinShareTheWork() throws {
    let (folder, expected, _) = try sky()
    try copy(folder, to: "shared.xmdb")
    // They are there before the run, and wait for it.
    let others = try (0..<2).map { _ in try join(folder, "shared.xmdb") }
    for other in others { #expect(other.isWaiting()) }
    let led = try lead(folder, "shared.xmdb").wait()
    #expect(led.status == 0 && led.error == "", "\(led)")
    for other in others {
      let result = try other.wait()
      #expect(result.status == 0 && result.error == "", "\(result)")
      #expect(try pieces(result) > 0)
    }
    try requireExpected(folder, "shared.xmdb", expected, "shared")
  }

  /// Processes come and are killed, stopped or asked to end at random moments, the first one too; whoever is left finishes the job.
  @Test func whoIsLostLosesNothing() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let (folder, expected, seconds) = try sky()
    var ends: [Int32: Int] = [:]
    for round in 0..<6 {
      let (database, what) = ("round-\(round).xmdb", "seed \(seed), round \(round)")
      try copy(folder, to: database)
      let others = try (0..<3).map { _ in try join(folder, database) }
      var first = try lead(folder, database)
      for signal in [SIGKILL, SIGINT, SIGTERM] {
        usleep(UInt32(Double.random(in: 0...(seconds / 3), using: &generator) * 1e6))
        let victim = Int.random(in: -1..<3, using: &generator)
        if victim >= 0 {
          others[victim].send(signal)
        } else {
          first.send(signal)
          let result = try first.wait()
          #expect([0, 130, 137, 143].contains(result.status), "\(what): \(result)")
          first = try lead(folder, database)
        }
      }
      let result = try first.wait()
      #expect(result.status == 0, "\(what): \(result)")
      for other in others {
        // One that lost its first process says so; one that came too late may still wait.
        if try folder.bash("ls \(database)/runs/*/crew 2>/dev/null").output == "" { other.send(SIGTERM) }
        let result = try other.wait()
        ends[result.status, default: 0] += 1
        #expect([0, 1, 130, 137, 143].contains(result.status), "\(what): \(result)")
        if result.status == 1 { #expect(result.error.contains("process 0 is lost"), "\(result)") }
      }
      try requireExpected(folder, database, expected, what)
    }
    print("joined processes ended with \(ends), seed \(seed)")
  }

  @Test func aProcessThatIsAskedToStopLeavesAndTheRunGoesOn() throws {
    let folder = try Workdir()
    try #require(folder.xmdb("simulate", "--to", "sky", "--sources", "400000", "--density", "2000").status == 0)
    for name in ["a", "b"] { try #require(folder.xmdb("ingest", "sky/\(name).parquet", "--quiet").status == 0) }
    let first = try folder.start([
      "match-all", "a", "b", "--threads", "1", "--listen", "127.0.0.1", "--memory", "128MB",
    ])
    let other = try join(folder, "sky.xmdb")
    #expect(other.isAtWork(0.5))
    other.send(SIGINT)
    let left = try other.wait(limit: 20)
    #expect(
      left.status == 130 && left.error == "Error: match: this process takes no part any more; the others go on\n",
      "\(left)")
    let result = try first.wait()
    #expect(
      result.status == 0 && result.error.hasPrefix("Processes of this machine may join at 127.0.0.1:"), "\(result)")
  }

  @Test func mistakesAreNamed() throws {
    let folder = try AllSky.database(sources: 200)
    for (arguments, status, text) in [
      (["match-all", "a", "b", "--listen", "192.0.2.1"], 2, "--listen: cannot be at 192.0.2.1"),
      (["match-all", "a", "b", "--listen", "0.0.0.0"], 2, "which is every address"),
      (["match-all", "a", "b", "--listen", "127.0.0.1:x"], 2, "allowed: HOST, HOST:PORT"),
      (["join", "--wait", "0"], 1, "no run could be joined in 0 s"),
      (["join", "--wait", "-1"], 2, "--wait"), (["join", "--wait", "nan"], 2, "--wait"),
      (["join", "--threads", "0"], 2, "allowed: 1 to 4096"), (["join", "--scratch", "/none"], 2, "--scratch"),
    ] {
      let result = try folder.start(arguments).wait()
      #expect(result.status == Int32(status) && result.error.contains(text), "\(arguments): \(result)")
    }
  }

  @Test(.enabled(if: MPIJob.isInstalled, "there is no mpirun here")) func mpiAndSocketsAreNotMixed() throws {
    let folder = try AllSky.database(sources: 200)
    let command = [
      RunningProgram.path, "match-all", "a", "b", "--listen", "127.0.0.1", "--db", folder.path("sky.xmdb"),
    ]
    let result = try MPIJob.start(1, command, in: folder).wait()
    #expect(result.status == 2 && result.error.contains("XMDB_MPI=off"), "\(result)")
  }
}
