import Foundation
import Testing
import XMDBTestSupport

@Suite struct SimulateTests {
  private func simulated(_ options: String, in folder: Workdir) throws -> [String: Any] {
    let result = try folder.start(["simulate", "--to", "sim", "--json"] + words(options)).wait()
    try #require(result.status == 0, "\(result)")
    return try #require(try result.json() as? [String: Any])
  }

  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  private func number(_ query: String, _ folder: Workdir) throws -> Double {
    let result = try folder.xmdb("sql", "--csv", query)
    return try #require(Double(result.lines.last ?? ""), "\(query): \(result)")
  }

  @Test func theMatchFindsTheTruth() throws {
    let folder = try Workdir()
    let facts = try simulated("--sources 20000 --density 30000 --seed 3", in: folder)
    for name in ["a", "b"] {
      #expect(try folder.xmdb("ingest", "sim/\(name).parquet").status == 0)
    }
    #expect(try folder.xmdb("match", "a", "b").status == 0)
    let inBoth = try #require(facts["in_both"] as? Double)
    #expect(try number("SELECT count(*) FROM a WHERE +truth IN (SELECT truth FROM b)", folder) == inBoth)
    let pairs = "FROM xmatch('a', 'b') m JOIN a ON a.id = m.a_id JOIN b ON b.id = m.b_id"
    let all = try number("SELECT count(*) \(pairs)", folder)
    let right = try number("SELECT count(*) \(pairs) WHERE a.truth = b.truth", folder)
    #expect(right / all > 0.995, "\(right) of \(all)")
    #expect(right / inBoth > 0.99, "\(right) of \(inBoth)")
  }

  @Test func everyColumnIsRecognisedWithoutHelp() throws {
    let folder = try Workdir()
    _ = try simulated(
      "--sources 100 --motion 10 --motion-error-a 1 --axis-ratio-a 2 --bands-a g,J:1 --missing-a 0.5", in: folder)
    let preview = try folder.xmdb("ingest", "sim/a.parquet", "--dry-run", "--json")
    let facts = try #require(try preview.json() as? [String: Any])
    let roles = try #require(facts["roles"] as? [[String: Any]]).compactMap { $0["role"] as? String }
    #expect(
      roles == [
        "id", "ra", "dec", "sigma_ra", "sigma_dec", "corr_ra_dec", "pm_ra", "pm_dec", "sigma_pm_ra", "sigma_pm_dec",
        "epoch", "mag:g", "mag_error:g", "mag:J", "mag_error:J",
      ])
    #expect(preview.error.isEmpty, "\(preview)")
    #expect(try folder.xmdb("ingest", "sim/a.parquet", "--dry-run").output.contains("Kept without a role: truth\n"))
  }

  @Test func aCrowdedSkyNeedsNoHelpEither() throws {
    let folder = try Workdir()
    let facts = try simulated("--crowded --density 20000 --sources 500 --hidden-depth 3", in: folder)
    #expect(try #require(facts["hidden_in_b"] as? Double) > 500)
    let preview = try folder.xmdb("ingest", "sim/b.parquet", "--dry-run", "--json")
    let roles = try #require(try preview.json() as? [String: Any])["roles"] as? [[String: Any]]
    #expect(
      roles?.compactMap { $0["role"] as? String } == ["id", "ra", "dec", "sigma", "epoch", "mag:W1", "mag_error:W1"])
    #expect(try folder.xmdb("ingest", "sim/b.parquet").status == 0)
    #expect(try number("SELECT min(truth_hidden_flux >= truth_hidden_brightest) FROM b", folder) == 1)
    #expect(try number("SELECT max(truth_pull) FROM b", folder) < 7.3)
  }

  @Test func whatACrowdedSkyLacksIsRefused() throws {
    let folder = try Workdir()
    for (options, message) in [
      ("--crowded --sources 10 --motion 5", "--motion: does not go with --crowded"),
      ("--crowded --sources 10 --bands-a J", "--fwhm-a: is needed: the band 'J' is one of several surveys"),
      ("--crowded --sources 10 --centroid best", "--centroid: is 'best'; allowed: psf, flux"),
      ("--crowded --sources 10 --overlap both", "--overlap: is 'both'; allowed: all, nearest"),
      ("--crowded --sources 10 --limit-b nan", "--limit-b: is nan"), ("--crowded", "simulate: needs --sources N"),
      ("--sources 10 --fwhm-b 6", "--fwhm-b: is of a crowded sky; give --crowded, too"),
    ] {
      let result = try folder.start(words("simulate --to sim " + options)).wait()
      #expect(result.status == 2 && result.error.hasPrefix("Error: " + message), "\(options): \(result)")
    }
  }

  @Test func theSameOptionsGiveTheSameFiles() throws {
    let folder = try Workdir()
    let options = words("--region box:359,1,80,90 --sources 20000 --clustered 0.2 --quiet")
    for name in ["one", "two"] {
      let result = try folder.start(["simulate", "--to", name] + options).wait()
      #expect(result.status == 0 && result.output.isEmpty && result.error.isEmpty, "\(result)")
    }
    #expect(FolderContents(folder.path("one")).differences(from: FolderContents(folder.path("two"))) == [])
  }

  @Test func aSummaryNamesTheFiles() throws {
    let folder = try Workdir()
    let result = try folder.start(
      words("simulate --to sim/ --sources 1000 --name-a optical --name-b infrared --center 10,-89.9")
    ).wait()
    #expect(result.status == 0)
    #expect(result.output.contains("sim/optical.parquet: ") && result.output.contains("sim/infrared.parquet: "))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("sim")).count == 2)
  }

  @Test func aSignalLeavesNothingBehind() throws {
    let folder = try Workdir()
    let program = try folder.start(words("simulate --to sim --sources 1e9"))
    try #require(eventually { (try? FileManager.default.contentsOfDirectory(atPath: folder.path("sim")).count) == 2 })
    try #require(program.isAtWork())
    program.send(SIGINT)
    let result = try program.wait(limit: 60)
    #expect(result.status == 130, "\(result)")
    #expect(result.error == "Error: simulate: interrupted; nothing was written\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("sim")).isEmpty)
  }
}
