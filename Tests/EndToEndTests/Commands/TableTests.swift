import Foundation
import Testing
import XMDBTestSupport

/// Matches as one table: `export --out`, and two files matched into a third.
@Suite struct TableTests {
  private static let roles1 = ["--epoch1", "2016.0", "--map1", "sigma=0.02:mas"]
  private static let roles2 = [
    "--epoch2", "1991.25", "--map2", "id=HIP", "--map2", "sigma_ra=e_ra", "--map2", "sigma_dec=e_dec", "--map2",
    "sigma_pm_ra=e_pm_ra", "--map2", "sigma_pm_dec=e_pm_dec",
  ]

  private func match(_ out: String, _ more: [String] = []) -> [String] {
    ["match", Hyades.gaiaFile, Hyades.hipparcosFile, "--out", out] + Self.roles1 + Self.roles2 + more
  }

  private func lines(_ folder: Workdir, _ name: String) throws -> [Substring] {
    try String(contentsOfFile: folder.path(name), encoding: .utf8).split(separator: "\n")
  }

  private func names(_ folder: Workdir) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func aRunIsExportedAsOneTable() throws {
    let folder = try Hyades.matched()
    let list = try #require(try folder.xmdb("runs", "--json").json() as? [[String: Any]])
    let matches = try #require(list[0]["matches"] as? Int)
    for name in ["m.parquet", "m.fits", "m.vot.gz", "m.arrow", "m.csv"] {
      let export = try folder.xmdb("export", "gaia", "hip", "--out", name)
      #expect(export.status == 0 && export.output.hasPrefix("\(name): "), "\(export)")
      // It is read back as a catalogue, with the columns' UCDs and units.
      let again = try folder.xmdb(
        "ingest", name, "--as", "m", "--map", "id=a_id", "--map", "ra=a_ra_deg", "--map", "dec=a_dec_deg", "--map",
        "sigma=a_sigma_used_arcsec:arcsec", "--epoch", "2016", "--replace", "--json")
      let facts = try #require(try again.json() as? [String: Any], "\(again)")
      #expect(facts["sources"] as? Int == matches, "\(name)")
    }
    let rows = try lines(folder, "m.csv")
    #expect(rows.count == matches + 1 && rows[0].hasPrefix("a_id,b_id,a_ra_deg,a_dec_deg,"))
    let facts = try folder.xmdb(
      "export", "gaia", "hip", "--out", "n.csv", "--no-header", "--columns", "b.HIP, a.g_mag", "--json")
    let file = try #require((try facts.json() as? [[String: Any]])?.first)
    #expect(file["rows"] as? Int == matches && file["columns"] as? Int == 2)
    #expect(try lines(folder, "n.csv").count == matches)
  }

  @Test func aRunIsExportedAsHatsAndCoverageMaps() throws {
    let folder = try Hyades.matched()
    let list = try #require(try folder.xmdb("runs", "--json").json() as? [[String: Any]])
    let matches = try #require(list[0]["matches"] as? Int)
    for options in [[], ["--joined"], ["--joined", "--columns", "a.g_mag,pair_p", "--pixel-rows", "3"]] {
      let export = try folder.start(["export", "gaia", "hip", "--to", "h", "--format", "hats", "--json"] + options)
        .wait()
      let facts = try #require(try export.json() as? [String: Any], "\(export)")
      #expect(facts["rows"] as? Int == matches && export.status == 0)
      let text = try String(contentsOfFile: folder.path("h/hats.properties"), encoding: .utf8)
      #expect(text.contains("hats_nrows=\(matches)\n") && text.contains("hats_col_healpix=_healpix_29\n"))
      if options.isEmpty {
        let wanted = [
          "dataproduct_type=association", "hats_col_assn_primary=source_id", "hats_col_assn_join=HIP",
          "hats_assn_max_separation=",
        ]
        for line in wanted { #expect(text.contains(line), "\(text)") }
      }
    }
    let again = try folder.xmdb(
      "ingest", "h", "--as", "again", "--map", "id=none", "--map", "ra=a_ra_deg", "--map", "dec=a_dec_deg", "--map",
      "sigma=1:arcsec", "--epoch",
      "2016", "--json")
    #expect((try again.json() as? [String: Any])?["sources"] as? Int == matches, "\(again)")
    for (options, message) in [
      (["--to", "x", "--joined"], "--joined: is for HATS catalogues"),
      (["--out", "x.parquet", "--format", "hats"], "--format: hats is a folder of files"),
      (["--to", "x", "--format", "hats", "--null", "x"], "--null: is not for HATS"),
      (["--to", "x", "--format", "hats", "--join", "all2"], "--join: all2 has rows without a source of gaia"),
      (["--to", "x", "--format", "hats", "--join", "all1"], "add --joined"),
      (["--to", "x", "--format", "hats", "--margin", "5"], "--margin: is for catalogues of objects"),
      (["--to", "x", "--format", "hats", "--joined", "--margin", "0"], "--margin is 0.0; allowed: 0.001 to 3600"),
      (["--to", "x", "--margin", "5"], "--margin: is for HATS catalogues"),
      (["--out", "x.csv", "--flagged", "any"], "--flagged: is for coverage maps"),
      (["--moc", "m.fits", "--moc-order", "3"], "--moc-order: is not for coverage maps"),
      (
        ["--moc", "m.fits", "--flagged", "any", "--moc-order", "13"],
        "--moc-order is 13; allowed: HEALPix orders 0 to 12"
      ),
      (["--moc", "m.fits", "--flagged", "near"], "'near', which is no flag; allowed: any, near_edge"),
      (["--moc", "m.fits", "--flagged", ""], "'', which is no flag"),
      (["--moc", "m.txt"], "name it *.fits or *.json"),
      (["--moc", "m.fits", "--out", "x.csv"], "--out: is not for coverage maps"),
    ] {
      let result = try folder.start(["export", "gaia", "hip"] + options).wait()
      #expect(result.status == 2 && result.error.contains(message), "\(options): \(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("x")))
    for name in ["m.fits", "m.json"] {
      let map = try folder.xmdb("export", "gaia", "hip", "--moc", name)
      #expect(map.status == 0 && map.output.contains("both cover"), "\(map)")
      #expect(try folder.xmdb("export", "gaia", "hip", "--moc", name).status == 2)
    }
    let flagged = try folder.xmdb(
      "export", "gaia", "hip", "--moc", "f.json", "--flagged", "near_edge, crowded", "--moc-order", "6", "--run", "1")
    #expect(flagged.status == 0 && flagged.output.contains("flagged near_edge, crowded"), "\(flagged)")
    let collection = try folder.xmdb(
      "export", "gaia", "hip", "--to", "c", "--format", "hats", "--joined", "--pixel-rows", "3", "--margin", "3600",
      "--json")
    let facts = try #require(try collection.json() as? [String: Any], "\(collection)")
    #expect(facts["margin_rows"] as? Int ?? 0 > 0)
  }

  @Test func whatExportIsToldWronglyIsRefused() throws {
    let folder = try Hyades.matched()
    try folder.write(Data("mine".utf8), to: "mine.csv")
    for (options, message) in [
      (["--out", "x.txt"], "x.txt: has a name that says no format; name it as one, or give --format: csv"),
      (["--out", "x.parquet.gz"], "compresses its contents itself; leave out .gz"),
      (["--out", "x.csv", "--to", "out"], "--out: writes one table, --to a package; give one of them"),
      (["--out", "x.csv", "--extra-a", "g_mag"], "--extra-a: is for packages (--to DIR)"),
      (["--out", "x.fits", "--null", "NULL"], "--null: is for CSV"),
      (["--out", "x.csv", "--null", ","], "--null: is ','"),
      (["--out", "x.csv", "--columns", "a.nothing"], "gaia: has no column 'nothing'"),
      (["--out", "x.csv", "--find", "some"], "The value 'some' is invalid for '--find <find>'"),
      (["--out", "x.csv", "--join", "3and4"], "The value '3and4' is invalid for '--join <join>'"),
      (["--out", "x.csv", "--find", "each", "--join", "1or2"], "--join: is 1or2, and --find each"),
      (["--to", "out", "--columns", "a_id"], "--columns: is for one table; give --out FILE"),
      (["--to", "out", "--format", "fits"], "--format: fits is one table; give --out FILE"),
      (["--out", "mine.csv"], "mine.csv: is there already"), (["--out", ""], "--out: is empty"),
    ] {
      let result = try folder.start(["export", "gaia", "hip"] + options).wait()
      #expect(result.status == 2 && result.error.contains(message), "\(options): \(result)")
    }
    #expect(try names(folder) == ["mine.csv", "sky.xmdb"])
    #expect(try folder.xmdb("export", "gaia", "hip", "--out", "mine.csv", "--force").status == 0)
    #expect(try lines(folder, "mine.csv").count > 100)
  }

  @Test func twoFilesAreMatchedIntoAThird() throws {
    let folder = try Workdir()
    let result = try folder.start(match("both.csv", ["--join", "1or2"])).wait()
    #expect(result.status == 0 && result.output.isEmpty, "\(result)")
    #expect(result.error.contains("gaia_hyades × hipparcos_hyades") && result.error.contains("both.csv: "), "\(result)")
    #expect(try names(folder) == ["both.csv"])
    let rows = try lines(folder, "both.csv")
    #expect(rows[0].hasPrefix("source_id,ra_1,dec_1,") && rows[0].hasSuffix("alone_p,island,flags"), "\(rows[0])")
    let found = rows.dropFirst().filter { !$0.hasPrefix(",") }
    #expect(found.count == 3872 && Set(found.compactMap { $0.split(separator: ",").first }).count == 3872)
    // The same as with a database.
    let database = try Hyades.matched()
    let list = try #require(try database.xmdb("runs", "--json").json() as? [[String: Any]])
    #expect(rows.count - 1 == 3872 + 1258 - (list[0]["matches"] as? Int ?? 0))
    let facts = try folder.start(match("j.fits.gz", ["--json"])).wait()
    let json = try #require(try facts.json() as? [String: Any], "\(facts)")
    #expect((json["output"] as? [String: Any])?["rows"] as? Int == list[0]["matches"] as? Int)
    #expect((json["inputs"] as? [Any])?.count == 2)
    let quiet = try folder.start(match("q.vot", ["--quiet", "--find", "all"])).wait()
    #expect(quiet.status == 0 && quiet.error.isEmpty && quiet.output.isEmpty, "\(quiet)")
  }

  @Test func whatIsNoMatchOfFilesIsRefused() throws {
    let folder = try Workdir()
    try folder.write(Data("mine".utf8), to: "mine.csv")
    let sigma = "--map1 sigma=COLUMN:arcsec"
    for (command, message) in [
      (
        ["match", Hyades.gaiaFile, Hyades.hipparcosFile],
        "and \(Hyades.hipparcosFile) are files; to match two files, give --out"
      ),
      (["match", "a", "b", "--join", "1or2"], "--join: is for two files: xmdb match FILE1 FILE2 --out FILE3"),
      (["match", "a", "b", "--map1", "id=x"], "--map1: is for two files"),
      (["match", "a", "b", "--out", "x.csv"], "a: there is no such file; with --out two files are matched"),
      (["match", Hyades.gaiaFile, Hyades.hipparcosFile, "--out", "x.csv"], sigma),
      (match("x.csv") + ["--db", "sky.xmdb"], "--db: is for catalogues of a database"),
      (match("x.csv") + ["--plan"], "--plan: is for catalogues of a database"),
      (match("x.doc"), "x.doc: has a name that"),
      (match("mine.csv"), "mine.csv: is there already"), (match("no/such/x.csv"), "no/such"),
      (match("x.csv") + ["--scratch", "nowhere"], "--scratch: is 'nowhere'"),
      (match("x.csv") + ["--columns", "a.nothing"], "has no column 'nothing'"),
      (match("x.csv") + ["--max-separation", "-3"], "separation"),
    ] {
      let result = try folder.start(command).wait()
      #expect(result.status != 0 && result.error.contains(message), "\(command): \(result)")
      #expect(try names(folder) == ["mine.csv"], "\(command)")
    }
    #expect(try folder.start(match("mine.csv") + ["--force"]).wait().status == 0)
  }

  /// Stopped at any moment it leaves nothing; killed, what it left goes with the next command.
  @Test func aStoppedMatchOfFilesLeavesNothing() throws {
    let folder = try Workdir()
    try #require(folder.start(match("reference.csv")).wait().status == 0)
    var stopped = 0
    for round in 0..<30 {
      let program = try folder.start(match("x.csv", ["--threads", "1"]))
      usleep(UInt32(10_000 * (1 + round * 2)))
      program.send(round % 3 == 2 ? SIGTERM : SIGINT)
      let result = try program.wait()
      if result.status == 130 || result.status == 143 {
        stopped += 1
        #expect(!FileManager.default.fileExists(atPath: folder.path("x.csv")))
      }
      #expect([0, 130, 143].contains(result.status), "\(result)")
      try? FileManager.default.removeItem(atPath: folder.path("x.csv"))
      #expect(try names(folder) == ["reference.csv"], "round \(round): \(result)")
    }
    #expect(stopped > 3)
    for round in 0..<10 {
      let program = try folder.start(match("x.csv"))
      usleep(UInt32(40_000 * (1 + round)))
      program.send(SIGKILL)
      _ = try program.wait()
      try? FileManager.default.removeItem(atPath: folder.path("x.csv"))
    }
    try #require(folder.start(match("x.csv")).wait().status == 0)
    #expect(try names(folder) == ["reference.csv", "x.csv"])
    #expect(FileManager.default.contentsEqual(atPath: folder.path("x.csv"), andPath: folder.path("reference.csv")))
  }

  @Test func aRunIsPublishedAsOneOrdinaryFile() throws {
    let folder = try Hyades.matched()
    let run = try #require(try folder.xmdb("runs", "--json").json() as? [[String: Any]])[0]
    let publish = try folder.xmdb("publish", "1", "--to", "run.sqlite", "--columns", "a.g_mag, b.plx", "--json")
    let facts = try #require(try publish.json() as? [String: Any], "\(publish)")
    let tables = try #require(facts["tables"] as? [[String: Any]])
    #expect(tables.map { $0["name"] as? String } == ["matches", "nonmatches_gaia", "nonmatches_hip"])
    #expect(tables.map { $0["rows"] as? Int } == ["matches", "nonmatches_a", "nonmatches_b"].map { run[$0] as? Int })
    func answer(_ query: String) throws -> String { try folder.bash("sqlite3 run.sqlite \"\(query)\"").output }
    #expect(try answer("PRAGMA integrity_check") == "ok\n")
    #expect(try answer("SELECT unit FROM column_notes WHERE column_name = 'separation_arcsec'") == "arcsec\n")
    #expect(try answer("SELECT count(g_mag) > 1000, count(plx) > 1000 FROM matches") == "1|1\n")
    #expect(try answer("EXPLAIN QUERY PLAN SELECT * FROM matches WHERE b_id = 1").contains("INDEX matches_b_id"))
    for (arguments, message) in [
      (["7", "--to", "x.sqlite"], "run 7 is no finished match; finished ones: 1"),
      (["1", "--to", "run.sqlite"], "run.sqlite: is there already"),
      (["1", "--to", "x.sqlite", "--columns", "pair_p"], "--columns: names 'pair_p'"),
      (["1", "--to", "x.sqlite", "--columns", "b.none"], "hip: has no column 'none'"),
      (["1", "--to", ""], "--to: is empty"),
    ] {
      let result = try folder.start(["publish"] + arguments).wait()
      #expect(result.status == 2 && result.error.contains(message), "\(arguments): \(result)")
    }
    #expect(try names(folder) == ["run.sqlite", "sky.xmdb"])
  }

  @Test func theTemporaryDatabaseIsWhereItIsTold() throws {
    let folder = try Workdir()
    try FileManager.default.createDirectory(atPath: folder.path("scratch"), withIntermediateDirectories: true)
    for (options, environment) in [(["--scratch", "scratch"], [:]), ([], ["TMPDIR": folder.path("scratch")])] {
      let result = try folder.start(match("x.csv") + options + ["--force"], environment: environment).wait()
      #expect(result.status == 0, "\(result)")
      #expect(try names(folder) == ["scratch", "x.csv"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("scratch")).isEmpty)
    }
  }

  @Test func columnsOfListsAreLeftOutWithAWord() throws {
    let folder = try Workdir()
    let rows = (0..<20).map {
      "<TR><TD>\($0)</TD><TD>\(10 + Double($0) / 10)</TD><TD>1</TD><TD>0.1</TD><TD>1 2 3</TD></TR>"
    }
    let table = """
      <VOTABLE version="1.4"><RESOURCE><TABLE><FIELD name="id" datatype="long"/><FIELD name="ra" unit="deg" datatype="double"/>
      <FIELD name="dec" unit="deg" datatype="double"/><FIELD name="sigma" unit="arcsec" datatype="double"/>
      <FIELD name="flux" datatype="float" arraysize="3"/><DATA><TABLEDATA>\(rows.joined())</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>
      """
    for name in ["a.vot", "b.vot"] { try folder.write(Data(table.utf8), to: name) }
    let matched = try folder.start(["match", "a.vot", "b.vot", "--out", "m.csv", "--columns", "*,a.*"]).wait()
    #expect(matched.status == 0 && (matched.output + matched.error).contains("lists"), "\(matched)")
    let lines = try String(contentsOfFile: folder.path("m.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 21 && !lines[0].contains("flux"))
    // In a database all columns are kept, so that one has to say what is not.
    let ingest = try folder.start(["ingest", "a.vot"]).wait()
    #expect(ingest.status != 0 && ingest.error.contains("--exclude flux"), "\(ingest)")
  }
}
