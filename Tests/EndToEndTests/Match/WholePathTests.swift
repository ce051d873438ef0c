import Foundation
import Testing
import XMDBTestSupport

/// From Parquet files to exported counterparts, with the program alone.
@Suite struct WholePathTests {
  @Test func theBundledCataloguesGoAllTheWay() throws {
    let folder = try Workdir()
    let ingest = try folder.start(Hyades.ingestGaia + ["--json"]).wait()
    let facts = try #require(try ingest.json() as? [String: Any])
    #expect(facts["sources"] as? Int == 3872 && facts["was_there"] as? Bool == false)
    #expect(try folder.start(Hyades.ingestHipparcos).wait().output.hasPrefix("hip: 1,258 sources from 1,258 rows in "))
    let again = try folder.start(Hyades.ingestHipparcos).wait()
    #expect(again.status == 0 && again.output.contains("Nothing has been done."), "\(again)")

    let list = try #require(try folder.xmdb("info", "--json").json() as? [[String: Any]])
    #expect(list.map { $0["name"] as? String } == ["gaia", "hip"])
    let detail = try folder.xmdb("info", "hip").output
    #expect(detail.contains("pm_ra") && detail.contains("mas/yr") && detail.contains("1991.25"), "\(detail)")

    let match = try folder.xmdb("match", "gaia", "hip")
    #expect(match.status == 0 && match.output.contains("at epoch 2016.0"), "\(match)")
    #expect(try folder.xmdb("match", "gaia", "hip").output.contains("done before; --redo runs it again."))
    let runs = try #require(try folder.xmdb("runs", "--json").json() as? [[String: Any]])
    try #require(runs.count == 1)
    let export = try folder.xmdb("export", "gaia", "hip", "--to", "out", "--header", "--extra-b", "plx, b_v")
    #expect(export.status == 0, "\(export)")
    try expectClosedLedger(folder, runs[0], header: true)
    #expect(try folder.xmdb("verify").status == 0)
  }

  /// Every source is in one row of the exported files, matched or not.
  private func expectClosedLedger(_ folder: Workdir, _ run: [String: Any], header: Bool) throws {
    func rows(_ name: String) throws -> Int {
      try String(contentsOfFile: folder.path("out/\(name).csv"), encoding: .utf8).split(separator: "\n").count
        - (header ? 1 : 0)
    }
    let (matches, onlyA, onlyB) = (try rows("matches"), try rows("nonmatches_gaia"), try rows("nonmatches_hip"))
    #expect(matches == run["matches"] as? Int && onlyA == run["nonmatches_a"] as? Int)
    #expect(matches + onlyA == 3872)
    #expect(matches + onlyB == 1258)
    let text = try String(contentsOfFile: folder.path("out/matches.csv"), encoding: .utf8)
    let names = text.prefix { $0 != "\n" }
    #expect(names.contains("B_CONT_F10,hip_plx,hip_b_v,A_ASTRO_SIG_USED"), "\(names)")
  }

  @Test func motionDecidesWhichStarsOfTheClusterAreFound() throws {
    let folder = try Hyades.database()
    // Some are found without their motion, too: the widths of the pairs grow by it.
    for (epoch, least, most) in [("none", 600, 850), ("2016.0", 1050, 1150)] {
      let match = try folder.xmdb("match", "gaia", "hip", "--epoch", epoch, "--json")
      let matches = try #require((try match.json() as? [String: Any])?["matches"] as? Int)
      #expect((least...most).contains(matches), "epoch \(epoch): \(matches)")
    }
    #expect((try folder.xmdb("runs", "--json").json() as? [Any])?.count == 2)
  }

  @Test func thePlanIsShownAndNothingIsDone() throws {
    let folder = try Hyades.database()
    let before = FolderContents(folder.path("sky.xmdb"))
    let text = try folder.xmdb("match", "gaia", "hip", "--plan", "--f-max", "0.99")
    #expect(text.status == 0 && text.output.contains("candidate_fraction: 0.99\n"), "\(text)")
    let plan = try #require(try folder.xmdb("match", "gaia", "hip", "--plan", "--json").json() as? [String: Any])
    let chunks = try #require(plan["chunks"] as? [[String: Any]])
    let sources = chunks.reduce(0.0) { $0 + ($1["sources_a"] as? Double ?? 0) }
    #expect(abs(sources - 3872) < 1e-6)
    #expect(plan["epoch_yr"] as? Double == 2016)
    #expect(FolderContents(folder.path("sky.xmdb")).differences(from: before) == [])
  }

  @Test func theConfigurationFileCountsAndTheCommandLineWins() throws {
    let folder = try Hyades.database()
    try folder.write(
      Data("epoch: none\ncandidate_fraction: 0.9\npriors: counts\nphotometry: true\n".utf8), to: "run.yaml")
    let plan = try folder.xmdb(
      "match", "gaia", "hip", "--config", "run.yaml", "--epoch", "2000", "--no-photometry", "--plan", "--json"
    ).json()
    let configuration = (plan as? [String: Any])?["configuration"] as? String
    #expect(
      configuration == """
        photometry: false
        priors: counts
        region_sources: 25000
        epoch: 2000.0
        candidate_fraction: 0.9
        largest_separation_arcsec: 60.0
        negligible_probability: 0.0001
        method: mixture
        frame: measured
        unknown_motions: modelled
        psf_a: auto
        psf_b: auto

        """)
  }

  @Test func theReportsMethodIsChosenAtOnceOrPieceByPiece() throws {
    let folder = try Hyades.database()
    func recorded(_ yaml: String) throws -> String? {
      try folder.write(Data(yaml.utf8), to: "run.yaml")
      let plan = try folder.xmdb("match", "gaia", "hip", "--config", "run.yaml", "--plan", "--json").json()
      return (plan as? [String: Any])?["configuration"] as? String
    }
    let report = try #require(try recorded("method: survivors\nsurvivors: report\n"))
    let choices = "estimator: chi_squared\ncolumns: normalised\ndirection: from_a\nfield_band: first\nbins: report\n"
    #expect(report.hasSuffix("method: survivors\n" + choices))
    #expect(try recorded(report) == report)
    #expect(
      try recorded("columns: kept\nmethod: survivors\nsurvivors: report\n")
        == report.replacing("normalised", with: "kept"))
  }

  @Test func aPreviewChangesNothingAndSaysWhatIsMissing() throws {
    let folder = try Workdir()
    let missing = try folder.xmdb("ingest", Hyades.gaiaFile, "--dry-run")
    #expect(missing.status == 2 && missing.output.contains("source_id"), "\(missing)")
    #expect(missing.error.contains("no position error was recognised"))
    let complete = try folder.start(Hyades.ingestHipparcos + ["--dry-run", "--json"]).wait()
    let roles = try #require((try complete.json() as? [String: Any])?["roles"] as? [[String: Any]])
    #expect(roles.contains { $0["role"] as? String == "pm_ra" && $0["unit"] as? String == "mas/yr" })
    #expect(!FileManager.default.fileExists(atPath: folder.path("sky.xmdb")))
  }

  @Test func quietPrintsNothing() throws {
    let folder = try Workdir()
    for arguments in [
      Hyades.ingestGaia, Hyades.ingestHipparcos, ["match", "gaia", "hip"], ["export", "gaia", "hip", "--to", "o"],
      ["verify"],
    ] {
      let result = try folder.start(arguments + ["--quiet"]).wait()
      #expect(result.status == 0 && result.output.isEmpty && result.error.isEmpty, "\(arguments): \(result)")
    }
  }

  @Test func shardSizeAndThreadsDoNotChangeTheExport() throws {
    var exports: [FolderContents] = []
    for (size, threads) in [("64", "2"), ("0.1", "1")] {
      let folder = try Workdir()
      for arguments in [Hyades.ingestGaia, Hyades.ingestHipparcos] {
        try #require(folder.start(arguments + ["--shard-mb", size, "--threads", threads]).wait().status == 0)
      }
      #expect(try folder.xmdb("match", "gaia", "hip", "--threads", threads).status == 0)
      #expect(try folder.xmdb("export", "gaia", "hip", "--to", "out").status == 0)
      #expect(try folder.xmdb("verify").status == 0)
      exports.append(FolderContents(folder.path("out")))
    }
    #expect(exports[0].names.count == 5)
    #expect(exports[1].differences(from: exports[0]) == [])
  }

  @Test(.enabled(if: ProjectPaths.shared("real/gaia.parquet") != nil, "needs ../shared/real"))
  func theRealConesGoAllTheWay() throws {
    let folder = try Workdir()
    for name in ["gaia", "catwise"] {
      let file = try #require(ProjectPaths.shared("real/\(name).parquet")?.path)
      let result = try folder.xmdb("ingest", file)
      #expect(result.status == 0, "\(result)")
    }
    let match = try #require(try folder.xmdb("match", "gaia", "catwise", "--json").json() as? [String: Any])
    #expect(match["sources_a"] as? Int == 13128 && match["sources_b"] as? Int == 47697)
    let totals = ["matches", "nonmatches_a", "nonmatches_b"].compactMap { match[$0] as? Int }
    try #require(totals.count == 3)
    #expect(totals[0] + totals[1] == 13128 && totals[0] + totals[2] == 47697)
    #expect(totals[0] > 11_000 && match["is_trusted"] as? Bool == true, "\(match)")
    #expect(try folder.xmdb("export", "gaia", "catwise", "--to", "out").status == 0)
    #expect(try folder.xmdb("verify").status == 0)
  }
}
