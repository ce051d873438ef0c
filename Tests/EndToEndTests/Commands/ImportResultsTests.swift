import Foundation
import Testing
import XMDBTestSupport

/// `import-results` and packages for Qserv, as a person gives the commands.
@Suite struct ImportResultsTests {
  private static let catalogues = ["--catalogue-a", "gaia", "--catalogue-b", "hip"]

  private func run(_ folder: Workdir, _ arguments: [String]) throws -> ProgramResult {
    try folder.start(arguments).wait()
  }

  private func facts(_ result: ProgramResult) throws -> [String: Any] {
    try #require(result.json() as? [String: Any], "\(result)")
  }

  @Test func aPackageIsWholeAndTheRun() throws {
    let folder = try Hyades.matched()
    for options in [
      [], ["--header", "--per-pixel", "3"], ["--qserv"], ["--qserv", "--director-a", "g.s", "--director-b", "h"],
    ] {
      #expect(try run(folder, ["export", "gaia", "hip", "--to", "out"] + options).status == 0)
      let result = try run(folder, ["import-results", "out", "--against", "1"] + Self.catalogues)
      #expect(result.status == 0 && result.error.isEmpty, "\(options): \(result)")
      #expect(result.lines.last == "The sets are the same.", "\(result)")
      let json = try facts(run(folder, ["import-results", "out", "--against", "1", "--json"] + Self.catalogues))
      let set = try #require(json["set"] as? [String: Any])
      let a = try #require(set["a"] as? [String: Any])
      #expect(json["same"] as? Bool == true && a["lost"] as? Int == 0 && a["unknown"] as? Int == 0)
    }
  }

  @Test func runsThatDifferEndWithOne() throws {
    let folder = try Hyades.matched()
    #expect(try folder.xmdb("match", "gaia", "hip", "--no-photometry", "--no-priors").status == 0)
    let result = try folder.xmdb("import-results", "1", "--against", "2")
    #expect(
      result.status == 1 && result.error.isEmpty && result.output.contains("pair_p differs by up to"), "\(result)")
    #expect(try folder.xmdb("import-results", "1", "--against", "2", "--quiet").output.isEmpty)
    #expect(try folder.xmdb("import-results", "1", "--against", "1").status == 0)
  }

  @Test func lostSourcesEndWithOne() throws {
    let folder = try Hyades.matched()
    #expect(try folder.xmdb("export", "gaia", "hip", "--out", "m.csv", "--join", "1or2").status == 0)
    let whole = try run(folder, ["import-results", "m.csv"] + Self.catalogues)
    #expect(whole.status == 0, "\(whole)")
    let lines = try String(contentsOfFile: folder.path("m.csv"), encoding: .utf8).split(separator: "\n")
    try folder.write(Data((lines.dropLast().joined(separator: "\n") + "\n" + lines[1] + "\n").utf8), to: "less.csv")
    let less = try run(folder, ["import-results", "less.csv"] + Self.catalogues)
    #expect(less.status == 1 && less.output.contains("1 lost") && less.output.contains("1 more than once"), "\(less)")
  }

  @Test func wrongUseAndDamageAreSaid() throws {
    let folder = try Hyades.matched()
    for (arguments, status) in [
      ([], Int32(2)), (["9"], 2), (["nowhere"], 2), (["1", "--matches", "x.csv"], 2), (["1", "--tolerance", "1"], 2),
      (["1", "--against", "1", "--tolerance", "nan"], 2), (["1", "--catalogue-a", "nothing"], 2),
      (["--matches", "x.csv", "--id-a", "1", "--id-b", "two"], 2),
    ] {
      let result = try run(folder, ["import-results"] + arguments)
      #expect(result.status == status && !result.error.isEmpty && result.output.isEmpty, "\(arguments): \(result)")
    }
    #expect(try folder.xmdb("export", "gaia", "hip", "--to", "out").status == 0)
    let path = folder.path("out/matches.csv")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try String(text.dropLast(20)).write(toFile: path, atomically: false, encoding: .utf8)
    let result = try folder.xmdb("import-results", "out")
    #expect(result.status == 3 && result.error.contains("matches.csv"), "\(result)")
    #expect(result.error.split(separator: "\n").count == 1)
  }

  @Test func optionsForQservAreChecked() throws {
    let folder = try Hyades.matched()
    let export = ["export", "gaia", "hip"]
    for arguments in [
      ["--to", "q", "--stripes", "85"], ["--out", "m.csv", "--qserv"], ["--to", "q", "--qserv", "--header"],
      ["--to", "q", "--qserv", "--per-pixel", "3"], ["--to", "q", "--qserv", "--overlap", "0"],
      ["--to", "q", "--qserv", "--overlap", "nan"], ["--to", "q", "--qserv", "--overlap", "5"],
      ["--to", "q", "--qserv", "--stripes", "0"], ["--to", "q", "--qserv", "--stripes", "9223372036854775807"],
      ["--to", "q", "--qserv", "--database", "a b"], ["--to", "q", "--qserv", "--director-a", "x.y.z"],
      ["--to", "q", "--qserv", "--pairs"], ["--moc", "m.fits", "--pairs"],
      ["--to", "q", "--format", "hats", "--qserv"],
    ] {
      let result = try run(folder, export + arguments)
      #expect(result.status == 2 && result.error.split(separator: "\n").count == 1, "\(arguments): \(result)")
    }
    let written = try run(folder, export + ["--to", "q", "--qserv", "--json"])
    #expect(written.status == 0 && written.output.contains("q/matches/chunk_"), "\(written)")
  }
}
