import Foundation
import Testing
import XMDBTestSupport

@Suite struct DropTests {
  @Test func nothingIsRemovedWithoutBeingToldSo() throws {
    let folder = try Hyades.matched()
    let before = FolderContents(folder.path("sky.xmdb"))
    for (arguments, status, text) in [
      (["gaia"], 2, "is used by run 1"), (["gaia", "--with-runs"], 2, "add --yes"), (["1"], 2, "add --yes"),
      (["nobody", "--yes"], 2, "there is no catalogue of this name"), (["9", "--yes"], 2, "there are: 1"),
      ([], 2, "catalogue or run"),
    ] as [([String], Int32, String)] {
      let result = try folder.start(["drop"] + arguments).wait()
      #expect(result.status == status && result.error.contains(text), "\(arguments): \(result)")
    }
    let dry = try folder.xmdb("drop", "gaia", "--with-runs", "--dry-run")
    #expect(dry.status == 0 && dry.output.contains("Would remove catalogue gaia (3,872 sources), run 1 (gaia and hip)"))
    #expect(FolderContents(folder.path("sky.xmdb")).differences(from: before) == [])
  }

  @Test func whatIsDroppedIsGoneAndItsSpaceGivenBack() throws {
    let folder = try Hyades.matched()
    let run = try folder.xmdb("drop", "1", "--yes")
    #expect(run.status == 0 && run.output.hasPrefix("Removed run 1 (gaia and hip)"), "\(run)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("sky.xmdb/runs/1")))
    #expect(try folder.xmdb("runs").output.contains("No runs yet"))
    let json = try folder.xmdb("drop", "hip", "--yes", "--json").json() as? [String: Any]
    #expect(json?["catalogues"] as? [String] == ["hip"] && (json?["bytes"] as? Int ?? 0) > 1000)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("sky.xmdb/catalogues")) == ["gaia"])
    #expect(try folder.xmdb("verify").status == 0)
    #expect(try folder.start(Hyades.ingestHipparcos).wait().status == 0)
    #expect(try folder.xmdb("match", "gaia", "hip").status == 0)
  }

  @Test func aRenamedCatalogueAnswersUnderItsNewName() throws {
    let folder = try Hyades.matched()
    let export = ["export", "gaia", "hip", "--to", "before"]
    #expect(try folder.start(export).wait().status == 0)
    let renamed = try folder.xmdb("rename", "gaia", "gaia_dr3")
    #expect(renamed.status == 0 && renamed.output == "Renamed gaia to gaia_dr3, also in run 1.\n", "\(renamed)")
    let count = try folder.xmdb("sql", "--csv", "SELECT count(*) FROM gaia_dr3")
    #expect(count.output == "count(*)\n3872\n", "\(count)")
    #expect(try folder.xmdb("sql", "SELECT 1 FROM gaia").status != 0)
    // The run is found again, not repeated.
    let match = try folder.xmdb("match", "gaia_dr3", "hip", "--json").json() as? [String: Any]
    #expect(match?["run"] as? Int == 1)
    #expect(try folder.xmdb("export", "gaia_dr3", "hip", "--to", "after").status == 0)
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder.path("before/matches.csv"), andPath: folder.path("after/matches.csv")))
    let verified = try folder.xmdb("verify")
    #expect(verified.status == 0, "\(verified)")
    for (arguments, text) in [
      (["gaia_dr3", "hip"], "is the name of a catalogue already"), (["gaia_dr3", "xmatch"], "is a name of xmdb's own"),
      (["1", "x"], "has a number and no name"), (["nobody", "x"], "no catalogue of this name"),
    ] {
      let refused = try folder.start(["rename"] + arguments).wait()
      #expect(refused.status == 2 && refused.error.contains(text), "\(refused)")
    }
  }

  /// Killed at any moment, a catalogue is there with all its files, or gone; what is left of them goes with the next writer.
  @Test(.timeLimit(.minutes(3))) func aDropThatIsKilledIsDoneOrNot() throws {
    let folder = try Hyades.matched()
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    var outcomes: Set<Bool> = []
    let copy = folder.path("copy.xmdb")
    try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: copy)
    let start = Date()
    try #require(folder.xmdb("drop", "hip", "--with-runs", "--yes", "--db", "copy.xmdb").status == 0)
    let duration = Date().timeIntervalSince(start)
    for round in 0..<24 {
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: copy)
      let program = try folder.start(["drop", "hip", "--with-runs", "--yes", "--db", "copy.xmdb"])
      usleep(UInt32(Double.random(in: 0...duration * 1.5, using: &generator) * 1e6))
      program.send(SIGKILL)
      _ = try program.wait()
      let verify = try folder.xmdb("verify", "--db", "copy.xmdb")
      #expect(verify.status == 0, "seed \(seed), round \(round): \(verify)")
      let isThere = verify.output.contains("hip")
      outcomes.insert(isThere)
      let again = try folder.xmdb("drop", "gaia", "--with-runs", "--yes", "--db", "copy.xmdb")
      #expect(again.status == 0, "seed \(seed), round \(round): \(again)")
      let left = try FileManager.default.contentsOfDirectory(atPath: copy + "/catalogues")
      #expect(left == (isThere ? ["hip"] : []), "seed \(seed), round \(round)")
      #expect((try? FileManager.default.contentsOfDirectory(atPath: copy + "/runs")) ?? [] == [])
    }
    #expect(outcomes.count == 2, "seed \(seed)")
  }
}
