import Foundation
import Testing
import XMDBTestSupport

/// `match-all` alone and in processes, with a project file.
@Suite struct MatchAllTests {
  private static let project = """
    pairs:
      - [gaia, hip]
      - a: hip
        b: gaia
        photometry: false
    epoch: 2016.0
    memory: 1GB
    threads: 2
    log: run.log
    log_level: debug
    """

  private func records(_ result: ProgramResult) throws -> [[String: Any]] {
    try #require(try result.json() as? [[String: Any]], "\(result)")
  }

  @Test func aProjectFileSaysWhatIsMatchedAndHow() throws {
    let folder = try Hyades.database()
    try folder.write(Data(Self.project.utf8), to: "xmdb.yaml")
    let plans = try records(folder.xmdb("match-all", "--plan", "--json"))
    #expect(plans.map { $0["a"] as? String } == ["gaia", "hip"])
    #expect(plans.map { ($0["configuration"] as? String)?.contains("photometry: true") } == [true, false])
    #expect(plans[0]["memory_budget_per_thread_bytes"] as? Int == 500_000_000)
    #expect(plans[0]["core_seconds"] as? Double ?? 0 > 0 && plans[0]["disk_bytes"] as? Int ?? 0 > 0)

    let all = try records(folder.xmdb("match-all", "--json"))
    #expect(all.map { $0["run"] as? Int } == [1, 2] && all.allSatisfy { $0["complete"] as? Bool == true })
    #expect(all[0]["matches"] as? Int == all[1]["matches"] as? Int)
    let log = try String(contentsOfFile: folder.path("run.log"), encoding: .utf8).split(separator: "\n")
    #expect(
      log.contains { line in
        [" debug done chunk=", " rank=0 run=1 seconds=", "stage=matching"].allSatisfy { line.contains($0) }
      })
    #expect(log.count { $0.contains(" info run ended complete=true") } == 2, "\(log)")
    let again = try folder.xmdb("match-all", "gaia", "hip", "--project", "xmdb.yaml")
    #expect(again.output.contains("run 1, at epoch 2016.0: done before"), "\(again)")
    // The same run as that of `match` with the same configuration.
    #expect(try folder.xmdb("match", "gaia", "hip", "--epoch", "2016").output.contains("run 1, at epoch 2016.0: done"))
    #expect(try folder.xmdb("status").output == "No run is unfinished; `xmdb runs` lists the finished ones.\n")
  }

  /// A project file, and what the message must say.
  private static let wrong = [
    ("pairs: gaia", "p.yaml, pairs: is not a list"),
    ("pairs: [[gaia]]", "p.yaml, pairs, number 1: does not name two catalogues"),
    ("pairs: [[gaia, hip], [gaia, hip]]", "p.yaml, pairs: names gaia and hip twice"),
    ("pairs: [{a: gaia, b: hip, c: x}]", "p.yaml, pairs, number 1: has the unknown key 'c'; allowed: a, b, photometry"),
    ("pairs: [[gaia, nope]]", "nope: there is no catalogue of this name"),
    ("radius: 3", "p.yaml: has the unknown key 'radius'; allowed: pairs, threads, memory"),
    ("threads: 0", "p.yaml, threads: is '0'; allowed: a whole number, 1 or more"),
    ("pairs: [[gaia, hip]]\nmemory: lots", "p.yaml, memory: is 'lots'; allowed: a number and a unit"),
    ("pairs: [[gaia, hip]]\nmemory: 1MB", "memory: gives each of"),
    ("pairs: [[gaia, hip]]\nwalltime: 90", "p.yaml, walltime: is '90'; allowed: HH:MM:SS"),
    ("pairs: [[gaia, hip]]\nstop_before: 00:01:00", "--stop-before: is not shorter than the time of the job"),
    ("pairs: [[gaia, hip]]\nlog_level: loud", "p.yaml, log_level: is 'loud'; allowed: debug, info, warning, error"),
    ("epoch: none", "p.yaml: has no pairs"),
  ]

  @Test func wrongProjectFilesAreRefusedBeforeAnythingIsDone() throws {
    let folder = try Hyades.database()
    let before = FolderContents(folder.path("sky.xmdb"))
    for (text, message) in Self.wrong {
      try folder.write(Data(text.utf8), to: "p.yaml")
      let result = try folder.xmdb("match-all", "--project", "p.yaml")
      #expect(result.status == 2 && result.error.contains(message), "\(text): \(result)")
    }
    let none = try folder.xmdb("match-all")
    #expect(none.status == 2 && none.error.contains("there is no project file: xmdb.yaml, "), "\(none)")
    #expect(try folder.xmdb("match-all", "gaia").status == 2)
    #expect(FolderContents(folder.path("sky.xmdb")).differences(from: before) == [])
  }

  /// Damage to one shard spoils the chunks that read it; the run does the others, says what is missing, and can be finished.
  @Test func whatFailsIsSetAsideAndTheRestIsDone() throws {
    let folder = try AllSky.database(sources: 20_000)
    let shard = try #require(
      FolderContents(folder.path("sky.xmdb/catalogues/a")).names.filter { $0.hasSuffix(".sqlite") }.last)
    let path = folder.path("sky.xmdb/catalogues/a/" + shard)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try Data("no shard".utf8).write(to: URL(fileURLWithPath: path))
    let match = ["match-all", "a", "b", "--no-photometry", "--no-priors", "--json"]
    let first = try folder.start(match + ["--attempts", "2"]).wait()
    let record = try #require(try records(first).first)
    let missing = try #require(record["set_aside"] as? [[String: Any]])
    #expect(first.status == 3 && record["complete"] as? Bool == false && !missing.isEmpty, "\(first)")
    #expect(missing.allSatisfy { $0["attempts"] as? Int == 2 && ($0["reason"] as? String)?.contains(shard) == true })
    #expect(first.error.contains("set aside, ") && first.error.contains("tries only what is missing"), "\(first)")
    let status = try folder.xmdb("status").output
    #expect(status.contains("some pieces are set aside") && status.contains(shard), "\(status)")
    try whole.write(to: URL(fileURLWithPath: path))
    let second = try #require(try records(folder.start(match).wait()).first)
    #expect(second["complete"] as? Bool == true && second["chunks_resumed"] as? Int ?? 0 > 0, "\(second)")
    #expect(try folder.xmdb("verify", "1").status == 0)
  }

  @Test func theTimeOfTheJobEndsARunThatGoesOnLater() throws {
    let folder = try AllSky.database(sources: 60_000)
    let first = try folder.xmdb("match-all", "a", "b", "--walltime", "00:00:01", "--threads", "1")
    #expect(first.status == 75 && first.error.contains("the time for this job is over"), "\(first)")
    let status = try records(folder.xmdb("status", "--json"))
    #expect(status.count == 1 && status[0]["state"] as? String == "cut_short", "\(status)")
    #expect(try folder.xmdb("status").output.contains("go on: "))
    #expect(try folder.xmdb("runs").output.contains("unfinished"))
    let second = try records(folder.xmdb("match-all", "a", "b", "--json"))
    #expect(second[0]["complete"] as? Bool == true && second[0]["run"] as? Int == 1, "\(second)")
    #expect(try folder.xmdb("status", "--json").json() as? [Int] == [])
    #expect(try folder.xmdb("verify", "1").status == 0)
  }

  @Test func aRunIsWatchedFromAnotherTerminal() throws {
    let folder = try AllSky.database(sources: 60_000)
    let run = try folder.start(["match-all", "a", "b", "--threads", "1"])
    var seen: [String: Any] = [:]
    let isSeen = try eventually {
      seen = (try folder.xmdb("status", "--json").json() as? [[String: Any]])?.first ?? [:]
      return seen["state"] as? String == "running" && seen["total"] as? Int ?? 0 > 0
    }
    #expect(isSeen, "\(seen)")
    #expect(seen["pid"] as? Int == Int(run.pid) && seen["workers"] as? Int == 1 && seen["processes"] as? Int == 1)
    let watch = try folder.start(["status", "--watch"])
    run.send(SIGKILL)
    _ = try run.wait()
    // Nothing runs any more: the watch ends by itself.
    #expect(try watch.wait(limit: 30).status == 0)
    let text = try folder.xmdb("status").output
    #expect(text.contains("not running: killed on ") && text.contains("go on: "), "\(text)")
    #expect(try folder.xmdb("match-all", "a", "b", "--quiet").output == "")
    #expect(try folder.xmdb("status", "--json").json() as? [Int] == [])
  }

  @Test(.enabled(if: MPIJob.isInstalled, "there is no mpirun here"))
  func processesGiveTheSameRunAndOnlyOneOfThemSpeaks() throws {
    let folder = try Hyades.matched()
    let command = [RunningProgram.path, "match-all", "gaia", "hip", "--redo", "--threads", "1", "--json"]
    let result = try MPIJob.start(3, command, in: folder).wait()
    let record = try #require(try records(result).first)
    #expect(record["complete"] as? Bool == true && record["run"] as? Int == 2, "\(result)")
    #expect(try folder.xmdb("verify", "2").status == 0)
    let wrong = try MPIJob.start(2, [RunningProgram.path, "match-all", "gaia", "nope"], in: folder).wait()
    #expect(wrong.status == 2, "\(wrong)")
    #expect(wrong.error.components(separatedBy: "nope: there is no catalogue").count == 2, "\(wrong)")
  }
}
