import CSQLiteBoot
import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

/// Whatever is changed in a database, every command ends, with status 3 or with the answer that the sound database gives.
@Suite struct DamageTests {
  init() { precondition(xsql_bootstrap() == 0) }

  private static let commands: [[String]] = [
    ["info", "--json"],
    ["sql", "--csv", "SELECT count(*), total(ra), total(sigma), max(truth) FROM a"],
    ["sql", "--csv", "SELECT * FROM b WHERE dec > 30"],
    ["sql", "--csv", "SELECT * FROM xmatch('a', 'b')"],
    ["sql", "--csv", "SELECT * FROM xm_nonmatches('a', 'b', 'a') WHERE dec_deg < 40"],
    ["sql", "--csv", "SELECT count(*), total(pair_p), total(eta) FROM xm_pairs('a', 'b')"],
    ["sql", "--csv", "SELECT * FROM xm_priors('a', 'b')"],
    ["sql", "--csv", "SELECT count(*) FROM xm_cone('a', 10, 20, 30)"],
    ["sql", "--csv", "SELECT count(*), total(pair_p) FROM xmatch('b', 'a')"],
    ["explain", "a", "b", "id"],
    ["calibrate", "a", "b", "--json"],
    ["export", "a", "b", "--to", "out", "--quiet"],
    ["match", "a", "b", "--quiet"],
    ["match", "a", "b", "--f-max", "0.99", "--quiet"],
  ]

  /// What a command says: its status and what it gives.
  private func answer(_ command: [String], _ folder: Workdir, id: String) throws -> (status: Int32, text: String) {
    let result = try folder.start(command.map { $0 == "id" ? id : $0 }).wait(limit: 60)
    guard result.status == 0 else { return (result.status, result.description) }
    switch command[0] {
    case "export":
      let files = FileManager.default.subpaths(atPath: folder.path("out")) ?? []
      return try (
        0,
        files.sorted().filter { $0.hasSuffix(".csv") }.map {
          try String(contentsOf: folder.url.appendingPathComponent("out/" + $0), encoding: .utf8)
        }.joined()
      )
    case "match":
      let later = try folder.xmdb("sql", "--csv", "SELECT * FROM xmatch('a', 'b')")
      return (later.status, later.status == 0 ? later.output : later.description)
    case "calibrate":
      // The time that it took differs.
      return (0, result.lines.filter { !$0.contains("seconds") }.joined(separator: "\n"))
    default: return (0, result.output)
    }
  }

  private func copy(_ folder: Workdir) throws -> Workdir {
    let copy = try Workdir()
    try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: copy.path("sky.xmdb"))
    return copy
  }

  /// Two catalogues in many shards, some rows of which were kept aside, matched in several chunks.
  private func sound() throws -> Workdir {
    let folder = try AllSky.database(sources: 1500)
    let result = try folder.xmdb("match", "a", "b", "--quiet")
    try #require(result.status == 0, "\(result)")
    return folder
  }

  /// `XMDB_DAMAGE_CASES=10000 swift test --filter DamageTests` tries more, `XMDB_DAMAGE_SEED` others.
  @Test func noDamageIsTakenForAnAnswer() throws {
    let settings = ProcessInfo.processInfo.environment
    let cases = settings["XMDB_DAMAGE_CASES"].flatMap { Int($0) } ?? 25
    var rng = SplitMix64(seed: settings["XMDB_DAMAGE_SEED"].flatMap { UInt64($0) } ?? 23)
    let folder = try sound()
    let id = try folder.xmdb("sql", "--csv", "SELECT id FROM a LIMIT 1 OFFSET 7").lines[1]
    let expected = try Self.commands.map { try answer($0, copy(folder), id: id) }
    for (command, answer) in zip(Self.commands, expected) {
      try #require(answer.status == 0, "\(command) \(answer.text)")
    }
    for _ in 0..<cases {
      let seed = rng.next()
      var own = SplitMix64(seed: seed)
      let damaged = try copy(folder)
      guard let damage = try DatabaseDamage(damaged.path("sky.xmdb")).perform(&own) else { continue }
      // A command that writes comes last: it may mend what it finds.
      for index in Set((0..<3).map { _ in own.below(Self.commands.count) }).sorted() {
        let found = try answer(Self.commands[index], damaged, id: id)
        #expect(
          found.status == 3 || found == expected[index],
          "seed \(seed): \(damage): \(Self.commands[index]): status \(found.status)\n\(found.text.prefix(2000))")
      }
      let verified = try damaged.xmdb("verify", "--quiet")
      #expect([0, 3].contains(verified.status), "seed \(seed): \(damage): verify: \(verified)")
    }
  }

  /// Of every cell of the registry that an answer depends on, `verify` knows.
  @Test func verifySeesChangedCells() throws {
    let folder = try Hyades.matched()
    for sql in [
      "UPDATE generation SET epoch_yr = 1950 WHERE catalogue = 'gaia'",
      "UPDATE role SET unit = 'rad' WHERE role = 'ra'",
      "UPDATE shard SET rows = -1", "UPDATE run SET matches = 9223372036854775807",
      "UPDATE run_region SET n_c = n_c * 2",
      "UPDATE OR REPLACE magnitude_count SET bin = 9223372036854775807", "UPDATE coverage SET area_deg2 = 1e308",
      "UPDATE run_plan_chunk SET pixel = pixel + 1", "UPDATE generation SET problem_rows = 9223372036854775807",
    ] {
      let copy = try copy(folder)
      do {
        let connection = try Connection(path: copy.path("sky.xmdb/registry.sqlite"), mode: .readWrite)
        try connection.execute("PRAGMA foreign_keys=OFF; " + sql)
      }
      let result = try copy.xmdb("verify")
      #expect(result.status == 3 && result.output.contains("have changed since they were written"), "\(sql): \(result)")
      let info = try copy.xmdb("info", "--json")
      #expect([0, 3].contains(info.status), "\(sql): \(info)")
    }
  }

  /// A shard of another catalogue does not give its rows, and damage has status 3 in SQL, too.
  @Test func aSwappedShardIsDamageToEveryCommand() throws {
    let folder = try Hyades.matched()
    let shards = ["gaia", "hip"].map { name in
      FolderContents(folder.path("sky.xmdb/catalogues/\(name)")).names.filter { $0.hasSuffix(".sqlite") }.map {
        folder.path("sky.xmdb/catalogues/\(name)/\($0)")
      }[0]
    }
    try FileManager.default.removeItem(atPath: shards[0])
    try FileManager.default.copyItem(atPath: shards[1], toPath: shards[0])
    for command in [
      ["sql", "SELECT count(*) FROM gaia"], ["sql", "SELECT * FROM xmatch('hip', 'gaia') LIMIT 1"],
      ["match", "hip", "gaia"], ["export", "gaia", "hip", "--to", "out"], ["verify"],
    ] {
      let result = try folder.start(command).wait()
      #expect(result.status == 3, "\(command): \(result)")
    }
  }
}
