import Foundation
import Testing
import XMDBTestSupport

@Suite struct UsageTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let message: String
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String, _ message: String) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.message = message
    }
  }

  /// What was given, and what the message must say.
  static let wrong = [
    Case("frobnicate", "frobnicate: is no command; allowed: ingest, profiles, info, correct, match"),
    Case("ingset x.parquet", "ingset: is no command; did you mean `xmdb ingest`? `xmdb --help` lists all"),
    Case("--db x --locks file matchall a b", "matchall: is no command; did you mean `xmdb match-all`?"),
    Case("--quiet Runs", "Runs: is no command; did you mean `xmdb runs`?"),
    Case("match a b --thread 2", "Unknown option '--thread'. Did you mean '--threads'?"),
    Case("--frobnicate", "Unknown option '--frobnicate'"),
    Case("match", "Missing expected argument '<a>'"),
    Case("match a b c", "Unexpected argument 'c'"),
    Case("match a b --threads 0", "--threads is 0; allowed: 1 or more"),
    Case("match a b --threads many", "The value 'many' is invalid for '--threads <n>'"),
    Case("sql --csv --json", "had already been set"),
    Case("export a b", "export: is not told where to write; give --out FILE for one table"),
    Case("ingest", "Missing expected argument"),
    Case("ingest x.parquet --shard-mb 0", "--shard-mb is 0.0; allowed: 0.02 to 1000000"),
    Case("ingest no-such-file.parquet", "no-such-file.parquet"),
    Case("simulate --sources 10", "Missing expected argument '--to <dir>'"),
    Case("simulate --to s", "simulate: needs --sources N or --region REGION"),
    Case("simulate --to s --sources 0", "--sources: is 0.0; allowed: 1 to 1e+12"),
    Case("simulate --to s --sources 9 --matched 1.2", "--matched: is 1.2; allowed: 0 to 1"),
    Case("simulate --to s --sources 9 --density 9 --region sky", "--sources: does not go with both"),
    Case("simulate --to s --sources 9 --density 9 --only-a 1", "--density: does not go with --counterparts"),
    Case("simulate --to s --sources 9 --only-a 0", "--sources: needs a density above 0"),
    Case("simulate --to s --sources 9 --center 1", "--center: is '1'; allowed: RA,DEC in degrees"),
    Case("simulate --to s --sources 9 --plane-height 3", "--plane-height: needs --region"),
    Case("simulate --to s --sources 9 --color nan", "--color: is nan; allowed: -50.0 to 50.0 mag"),
    Case("simulate --to s --sources 9 --color nan --only-b-slope 0.3", "--color: is nan; allowed: -50.0 to 50.0 mag"),
    Case(
      "simulate-schedule --sky report --threads 100000000", "--threads: is 100000000 for each of up to 10000 processes"),
    Case(
      "simulate-schedule --sky lsst --sources-per-chunk 1000", "--sources-per-chunk: is 1000.0, which makes more than"),
    Case("simulate --to s --region disc", "--region: is 'disc'; allowed: sky, cone:RA,DEC,RADIUS"),
    Case("simulate --to s --sources 9 --hole-b x", "--hole-b: is 'x'; allowed: sky, cone"),
    Case("simulate --to s --sources 9 --mag 20:10", "--mag: is '20:10'; allowed: two magnitudes, brighter first"),
    Case("simulate --to s --sources 9 --bands-a G:x", "--bands-a: has 'G:x'; allowed: a name, or name:offset"),
    Case("simulate --to s --sources 9 --sigma-b=-1", "--sigma-b: is -1.0; allowed: 1e-06 to 60.0 arcsec"),
    Case("simulate --to s --sources 9 --name-b a", "--name-b: is 'a', like --name-a; give two names"),
    Case("simulate --to s --sources 9 --name-a x/y", "--name-a: is 'x/y'; allowed: a file name without"),
    Case("info", "sky.xmdb: there is no xmdb database here; `xmdb ingest FILE` makes one"),
    Case("runs --db elsewhere", "elsewhere: there is no xmdb database here"),
    Case("--db elsewhere runs", "elsewhere: there is no xmdb database here"),
    Case("verify", "there is no xmdb database here"),
    Case("match a b", "there is no xmdb database here"),
  ]

  @Test(arguments: wrong) func wrongUseExitsWithTwoAndSaysWhy(_ wrong: Case) throws {
    let folder = try Workdir()
    let result = try folder.start(wrong.arguments).wait()
    #expect(result.status == 2, "\(result)")
    #expect(result.error.hasPrefix("Error: ") && result.error.contains(wrong.message), "\(result)")
    #expect(result.output.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.path("sky.xmdb")))
  }

  /// Wrong use of a database with two catalogues.
  static let wrongOnDatabase = [
    Case("info nope", "nope: there is no catalogue of this name in sky.xmdb; there are: gaia, hip"),
    Case("match gaia nope", "nope: there is no catalogue of this name"),
    Case("match gaia gaia", "both catalogues are 'gaia'"),
    Case("match gaia hip --epoch soon", "--epoch: is 'soon'; allowed: auto, none, or a Julian year"),
    Case("match gaia hip --epoch 16", "epoch: is 16.0; allowed: a Julian year between 1500 and 2500"),
    Case("match gaia hip --f-max 1", "candidate_fraction: is 1.0; allowed: more than 0 and less than 1"),
    Case("match gaia hip --max-separation=-1", "largest_separation_arcsec: is -1.0; allowed: more than 0"),
    Case("match gaia hip --config no.yaml", "no.yaml: cannot be read"),
    Case(
      "match gaia hip --config unknown.yaml",
      "unknown.yaml: has the unknown key 'radius'; allowed: photometry, priors, region_sources, epoch"),
    Case("match gaia hip --config text.yaml", "text.yaml: is not a list of `key: value` lines"),
    Case("match gaia hip --config broken.yaml", "broken.yaml: is not YAML"),
    Case("match gaia hip --config word.yaml", "word.yaml, candidate_fraction: is 'high'; allowed: a number"),
    Case("match gaia hip --config columns.yaml", "method: is mixture, but settings of survivors were given"),
    Case("match gaia hip --config choice.yaml", "choice.yaml, columns: is 'some'; allowed: normalised, kept"),
    Case("export gaia hip --to out", "there is no finished match of gaia and hip; run `xmdb match gaia hip` first"),
    Case("verify nope", "nope: there is no catalogue"),
    Case("verify 7", "run 7: there is no such run in sky.xmdb; `xmdb runs` lists them"),
  ]

  @Test func wrongUseOfADatabaseExitsWithTwoAndSaysWhy() throws {
    let folder = try Hyades.database()
    try folder.write(Data("radius: 5\n".utf8), to: "unknown.yaml")
    try folder.write(Data("hello\n".utf8), to: "text.yaml")
    try folder.write(Data("a: [1\nb\n".utf8), to: "broken.yaml")
    try folder.write(Data("candidate_fraction: high\n".utf8), to: "word.yaml")
    try folder.write(Data("columns: normalised\n".utf8), to: "columns.yaml")
    try folder.write(Data("method: survivors\ncolumns: some\n".utf8), to: "choice.yaml")
    let before = FolderContents(folder.path("sky.xmdb"))
    for wrong in Self.wrongOnDatabase {
      let result = try folder.start(wrong.arguments).wait()
      #expect(result.status == 2, "\(wrong.arguments): \(result)")
      #expect(result.error.contains(wrong.message), "\(wrong.arguments): \(result)")
      #expect(result.error.hasPrefix("Error: ") && result.error.split(separator: "\n").count == 1, "\(result)")
    }
    #expect(FolderContents(folder.path("sky.xmdb")).differences(from: before) == [])
  }

  @Test func theDatabaseIsNamedBeforeOrAfterTheCommandOrByTheEnvironment() throws {
    let folder = try Workdir()
    try #require(folder.start(Hyades.ingestGaia + ["--db", "one.xmdb"]).wait().status == 0)
    let answers = [
      try folder.xmdb("--db", "one.xmdb", "info"), try folder.xmdb("info", "--db", "one.xmdb"),
      try folder.xmdb("info", environment: ["XMDB_DB": "one.xmdb"]),
    ]
    for answer in answers {
      #expect(answer.status == 0, "\(answer)")
      #expect(answer.output == answers[0].output)
    }
    #expect(try folder.xmdb("info", "--db", "").status == 2)
  }

  @Test func anotherWriterIsWaitedForByNobody() throws {
    let folder = try Hyades.database()
    let lock = open(folder.path("sky.xmdb/writer.lock"), O_RDWR)
    #expect(flock(lock, LOCK_EX) == 0)
    defer { close(lock) }
    let result = try folder.xmdb("match", "gaia", "hip")
    #expect(result.status == 1)
    #expect(result.error.contains("another xmdb process is writing to this database"))
    #expect(try folder.xmdb("info").status == 0)
  }
}
