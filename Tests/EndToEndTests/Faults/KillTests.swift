import Foundation
import Testing
import XMDBTestSupport

/// Killed at any instant, nothing half-written is ever believed, and the same command finishes the job: random moments of
/// ingest and match, each followed by a check, the command again, and a comparison with a run that was never killed.
@Suite(.serialized, .timeLimit(.minutes(15))) struct KillTests {
  /// Kills that must have come before the end, and rounds after which the test gives up on getting so many.
  private static let (kills, mostRounds) = (50, 200)

  /// How often a kill came before the end.
  private struct Tally {
    var killed = 0
    var finished = 0
  }

  private func copy(_ database: String, in folder: Workdir) throws -> String {
    let path = folder.path("copy-\(UUID().uuidString).xmdb")
    try FileManager.default.copyItem(atPath: folder.path(database), toPath: path)
    return path
  }

  /// Runs a command and kills it after a random time up to a little more than it takes.
  private func kill(
    _ command: [String], _ folder: Workdir, duration: Double, _ generator: inout some RandomNumberGenerator,
    _ tally: inout Tally
  ) throws {
    let program = try folder.start(command)
    usleep(UInt32(Double.random(in: 0...duration * 1.1, using: &generator) * 1e6))
    program.send(SIGKILL)
    if try program.wait().status == 128 + SIGKILL { tally.killed += 1 } else { tally.finished += 1 }
  }

  private func expectSound(_ database: String, _ folder: Workdir, _ comment: String) throws {
    let check = try folder.xmdb("verify", "--db", database)
    #expect(check.status == 0, "\(comment): \(check)")
  }

  /// Runs a command to its end, which must be good.
  private func seconds(_ command: [String], _ folder: Workdir, _ comment: String = "") throws -> Double {
    let start = Date()
    let result = try folder.start(command).wait()
    try #require(result.status == 0, "\(comment): \(result)")
    return Date().timeIntervalSince(start)
  }

  @Test func aKilledIngestLeavesTheDatabaseAsBeforeAndRunsAgain() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let folder = try Workdir()
    try #require(folder.start(Hyades.ingestHipparcos).wait().status == 0)
    let ingest = Hyades.ingestGaia + ["--shard-mb", "0.1"]
    let reference = try copy("sky.xmdb", in: folder)
    var duration = try seconds(ingest + ["--db", reference], folder)
    let expected = FolderContents(reference + "/catalogues")
    var tally = Tally()
    for round in 0..<Self.mostRounds where tally.killed < Self.kills {
      let database = try copy("sky.xmdb", in: folder)
      defer { try? FileManager.default.removeItem(atPath: database) }
      let command = ingest + ["--db", database]
      repeat { try kill(command, folder, duration: duration, &generator, &tally) } while generator.next() % 4 == 0
      if round % 4 == 0 { try expectSound(database, folder, "seed \(seed), round \(round)") }
      duration = min(duration, try seconds(command, folder, "seed \(seed), round \(round)"))
      let differences = FolderContents(database + "/catalogues").differences(from: expected)
      #expect(differences == [], "seed \(seed), round \(round)")
    }
    print("ingest: \(tally.killed) killed, \(tally.finished) had finished, seed \(seed)")
    #expect(tally.killed >= Self.kills)
  }

  @Test func aKilledReplacementKeepsTheOldGenerationUntilItIsDone() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let folder = try Hyades.matched()
    let replace = Hyades.ingestGaia.map { $0 == "sigma=0.02:mas" ? "sigma=0.05:mas" : $0 } + ["--replace", "--db"]
    let duration = try seconds(replace + [copy("sky.xmdb", in: folder)], folder)
    var tally = Tally()
    for round in 0..<15 {
      let database = try copy("sky.xmdb", in: folder)
      defer { try? FileManager.default.removeItem(atPath: database) }
      try kill(replace + [database], folder, duration: duration, &generator, &tally)
      let rows = try folder.xmdb("sql", "--csv", "SELECT count(*) FROM gaia", "--db", database)
      #expect(rows.output == "count(*)\n3872\n", "seed \(seed), round \(round): \(rows)")
      try expectSound(database, folder, "seed \(seed), round \(round)")
    }
    print("replacement: \(tally.killed) killed, \(tally.finished) had finished, seed \(seed)")
  }

  @Test func aKilledMatchRunsAgainToTheSameExport() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let folder = try Hyades.database()
    let reference = try copy("sky.xmdb", in: folder)
    var duration = try seconds(["match", "gaia", "hip", "--db", reference], folder)
    #expect(try folder.xmdb("export", "gaia", "hip", "--to", "expected", "--db", reference).status == 0)
    let expected = FolderContents(folder.path("expected"))
    var tally = Tally()
    for round in 0..<Self.mostRounds where tally.killed < Self.kills {
      let database = try copy("sky.xmdb", in: folder)
      defer { try? FileManager.default.removeItem(atPath: database) }
      let command = ["match", "gaia", "hip", "--threads", round % 2 == 0 ? "1" : "2", "--db", database]
      repeat { try kill(command, folder, duration: duration, &generator, &tally) } while generator.next() % 4 == 0
      if round % 4 == 0 { try expectSound(database, folder, "seed \(seed), round \(round)") }
      duration = min(duration, try seconds(command, folder, "seed \(seed), round \(round)"))
      #expect(try folder.xmdb("export", "gaia", "hip", "--to", "out", "--db", database).status == 0)
      let differences = FolderContents(folder.path("out")).differences(from: expected)
      #expect(differences == [], "seed \(seed), round \(round)")
    }
    print("match: \(tally.killed) killed, \(tally.finished) had finished, seed \(seed)")
    #expect(tally.killed >= Self.kills)
  }
}
