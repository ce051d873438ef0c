import Foundation
import Testing
import XMDBTestSupport

/// A process or mpirun is killed at a random moment, and the same command finishes the job. scripts/check-kills.py does so more
/// often, with more sources.
@Suite(.serialized, .timeLimit(.minutes(15)), .enabled(if: MPIJob.isInstalled, "there is no mpirun here"))
struct ProcessKillTests {
  private static let (rounds, processes) = (6, 3)
  private static let match = ["match-all", "a", "b", "--threads", "1", "--quiet"]

  /// The processes that mpirun started, by rank.
  private func family(of job: RunningProgram) -> [Int: pid_t] {
    let children = contents("/proc/\(job.pid)/task/\(job.pid)/children").split(separator: " ").compactMap { pid_t($0) }
    let processes = children.compactMap { pid in
      contents("/proc/\(pid)/environ").split(separator: "\0").first { $0.hasPrefix("OMPI_COMM_WORLD_RANK=") }
        .flatMap { Int($0.drop { $0 != "=" }.dropFirst()) }.map { ($0, pid) }
    }
    return Dictionary(processes) { first, _ in first }
  }

  private func contents(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private func start(_ folder: Workdir, _ database: String) throws -> RunningProgram {
    try MPIJob.start(Self.processes, [RunningProgram.path] + Self.match + ["--db", database], in: folder)
  }

  /// Starts the match and kills a part of it; whether that came before the end.
  private func startAndKill(
    _ folder: Workdir, _ database: String, after delay: Double, _ generator: inout SplitMix64
  ) throws -> Bool {
    let job = try start(folder, database)
    usleep(UInt32(delay * 1e6))
    let processes = family(of: job)
    let victim = Int.random(in: -1..<Self.processes, using: &generator)
    kill(processes[victim] ?? job.pid, SIGKILL)
    let status = try job.wait().status
    // Processes outlive a killed mpirun for a moment.
    while processes.values.contains(where: { contents("/proc/\($0)/cmdline") != "" }) { usleep(10_000) }
    return status != 0
  }

  @Test func killedProcessesLoseNothing() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let folder = try AllSky.database(sources: 20_000, shards: "0.5")
    try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: folder.path("whole.xmdb"))
    let began = Date()
    let whole = try start(folder, "whole.xmdb").wait()
    try #require(whole.status == 0, "\(whole)")
    let duration = Date().timeIntervalSince(began)
    try #require(folder.xmdb("export", "a", "b", "--to", "expected", "--db", "whole.xmdb").status == 0)
    let expected = FolderContents(folder.path("expected"))
    var kills = 0
    for round in 0..<Self.rounds {
      let database = "round-\(round).xmdb"
      try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: folder.path(database))
      repeat {
        let delay = Double.random(in: 0...duration, using: &generator)
        kills += try startAndKill(folder, database, after: delay, &generator) ? 1 : 0
      } while generator.next() % 3 == 0
      let finished = try start(folder, database).wait()
      try #require(finished.status == 0, "seed \(seed), round \(round): \(finished)")
      #expect(try folder.xmdb("verify", "--db", database).status == 0, "seed \(seed), round \(round)")
      try #require(folder.xmdb("export", "a", "b", "--to", "out", "--db", database).status == 0)
      let differences = FolderContents(folder.path("out")).differences(from: expected)
      #expect(differences == [], "seed \(seed), round \(round)")
    }
    print("processes: \(kills) killed, seed \(seed)")
    #expect(kills > Self.rounds / 4)
  }
}
