import CatalogStore
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

/// What a user sees of files that are no ordinary ones.
@Suite struct IngestFilesTests {
  private func table(_ more: [ParquetColumn] = []) -> [ParquetColumn] {
    [
      ParquetColumn("id", .int64([1, 2])), ParquetColumn("ra", .double([10, 20]), unit: "deg"),
      ParquetColumn("dec", .double([1, 2]), unit: "deg"), ParquetColumn("sigma", .double([0.1, 0.1]), unit: "arcsec"),
    ] + more
  }

  @Test func pipeIsRefusedAtOnceWithWhatToDo() throws {
    let folder = try Workdir()
    try #require(mkfifo(folder.path("p.parquet"), 0o600) == 0)
    let result = try folder.start(["ingest", "p.parquet"]).wait(limit: 30)
    #expect(
      result.status == 2 && result.error.contains("it is a pipe") && result.error.contains("regular file"), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("sky.xmdb")))
  }

  @Test func standardInputIsRead() throws {
    let folder = try Workdir()
    let text = "id,ra,dec,sigma\n1,10,1,0.1\n2,20,2,0.1\n3,x30,2,0.1\n4,40,100,0.1\n"
    let sound = text.replacingOccurrences(of: "x30", with: "30")
    try folder.write(Data(sound.utf8), to: "t.csv")
    let options = "--map ra=ra:deg --map dec=dec:deg --map sigma=sigma:arcsec --epoch 2016"
    // A pipe, a compressed one, and a file: the same catalogue.
    for (name, command) in [
      ("p", "cat t.csv | \"$XMDB\" ingest - --as p --format csv \(options)"),
      ("z", "gzip -c t.csv | \"$XMDB\" ingest - --as z \(options)"),
      ("f", "\"$XMDB\" ingest - --as f \(options) < t.csv"),
    ] {
      let result = try folder.bash(command)
      #expect(result.status == 0 && !result.output.contains("/proc/"), "\(name): \(result)")
      #expect(
        try folder.xmdb("sql", "--csv", "SELECT count(*) AS n, max(ra) AS r FROM \(name)").output == "n,r\n3,30\n")
      #expect(try folder.xmdb("info", name).output.contains("standard input"))
    }
    #expect(
      try folder.bash("cat t.csv | \"$XMDB\" ingest - --as p \(options)").output.contains("Nothing has been done"))
    for (command, message) in [
      ("cat t.csv | \"$XMDB\" ingest -", "--as NAME"), ("cat t.csv | \"$XMDB\" ingest - t.csv --as q", "comes alone"),
      ("cat t.csv | \"$XMDB\" ingest - --as q --format votable", "standard input: begins like CSV, not like VOTable"),
      ("cat t.csv | \"$XMDB\" ingest - --as q --format hdf5", "--format hdf5"),
      ("head -c 5000 /dev/zero | \"$XMDB\" ingest - --as q", "Error: standard input: "),
      ("printf '' | \"$XMDB\" ingest - --as q", "standard input: the file is empty"),
      ("cat t.csv | \"$XMDB\" ingest - --as q --spool-gb 0.00000001", "--spool-gb is 1e-08"),
      ("yes 1,2,3 | head -n 1000 | \"$XMDB\" ingest - --as q --spool-gb 0.000001", "--spool-gb allows more"),
      ("\"$XMDB\" ingest t.csv --format csv", "--format is for standard input"),
      ("\"$XMDB\" ingest - --as q <&-", "standard input: the file is empty"),
    ] {
      let result = try folder.bash(command)
      #expect(
        (2...3).contains(result.status) && result.error.contains(message) && !result.error.contains("/proc/"),
        "\(command): \(result)")
    }
  }

  /// A writer that does not end does not hold a request to stop.
  @Test func waitingForStandardInputStopsAtOnce() throws {
    let folder = try Workdir()
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let program = try folder.start(["ingest", "-", "--as", "x"], input: ends[0])
    try #require(program.isWaiting())
    program.send(SIGINT)
    let result = try program.wait(limit: 20)
    #expect(result.status == 130 && result.error.contains("standard input"), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("sky.xmdb")))
  }

  @Test func decimalsCompareAsNumbers() throws {
    let folder = try Workdir()
    try ParquetFixture.write(
      table([ParquetColumn("g_mag", .digits(["17.25", "8.50"], precision: 9, scale: 2), unit: "mag")]),
      to: folder.path("a.parquet"))
    #expect(try folder.xmdb("ingest", "a.parquet", "--epoch", "2016").status == 0)
    #expect(try folder.xmdb("sql", "--csv", "SELECT id, g_mag FROM a WHERE g_mag < 9").output == "id,g_mag\n2,8.5\n")
  }

  @Test func filesThatCannotBeUnitedAreNoDamage() throws {
    let folder = try Workdir()
    try FileManager.default.createDirectory(atPath: folder.path("d"), withIntermediateDirectories: true)
    try ParquetFixture.write(table([ParquetColumn("q", .double([1, 2]))]), to: folder.path("d/a.parquet"))
    try ParquetFixture.write(table([ParquetColumn("q", .string(["x", "y"]))]), to: folder.path("d/b.parquet"))
    let refused = try folder.xmdb("ingest", "d", "--epoch", "2016")
    #expect(refused.status == 2 && refused.error.contains("--exclude q"), "\(refused)")
    #expect(try folder.xmdb("ingest", "d", "--epoch", "2016", "--exclude", "q").status == 0)
    #expect(try folder.xmdb("sql", "--csv", "SELECT count(*) AS n FROM d").output == "n\n4\n")
    let only = try folder.xmdb(
      "ingest", "d", "--as", "e", "--epoch", "2016", "--only", "*a", "--only", "id", "--only", "dec")
    #expect(only.status == 0, "\(only)")
    #expect(try folder.xmdb("sql", "--csv", "SELECT * FROM e LIMIT 1").output.hasPrefix("id,ra,dec,sigma,xm_rowid,"))
  }

  @Test func interruptedIngestSaysThatNothingIsKept() throws {
    let folder = try Workdir()
    let rows = 400_000
    try ParquetFixture.write(
      [
        ParquetColumn("id", .int64s((0..<rows).map(Int64.init))),
        ParquetColumn("ra", .doubles((0..<rows).map { Double($0 % 3600) / 10 }), unit: "deg"),
        ParquetColumn("dec", .doubles((0..<rows).map { Double($0 % 1700) / 10 - 85 }), unit: "deg"),
        ParquetColumn("sigma", .doubles(Array(repeating: 0.1, count: rows)), unit: "arcsec"),
      ], to: folder.path("big.parquet"))
    for wait in [60_000, 120_000, 240_000, 480_000] as [UInt32] {
      let program = try folder.start(["ingest", "big.parquet", "--epoch", "2016"])
      usleep(wait)
      program.send(SIGTERM)
      let result = try program.wait(limit: 60)
      if result.status == 0 { return }
      #expect(result.status == 143, "\(result)")
      // Without a message the signal came before the program could listen.
      #expect(result.error.isEmpty || result.error.contains("nothing of this ingest is kept"), "\(result)")
    }
  }
}
