import Foundation
import Testing
import XMDBTestSupport

/// `xmdb correct`, with the program that users have.
@Suite struct CorrectTests {
  /// A crowded sky whose second catalogue quotes errors that are too small.
  private func crowdedSky(_ options: String) throws -> Workdir {
    let folder = try Workdir()
    let words = options.split(separator: " ").map(String.init)
    let made = try folder.start(["simulate", "--to", "sim", "--crowded"] + words).wait()
    try #require(made.status == 0, "\(made)")
    for (name, band) in [("a", "mag_G"), ("b", "mag_W1")] {
      try run(folder, ["ingest", "sim/\(name).parquet", "--map", "mag:m=\(band)"])
    }
    return folder
  }

  @discardableResult
  private func run(_ folder: Workdir, _ arguments: [String]) throws -> ProgramResult {
    let result = try folder.start(arguments).wait()
    try #require(result.status == 0, "\(arguments): \(result)")
    return result
  }

  /// What was found, but for the number of the run.
  private func found(_ folder: Workdir, _ columns: String = "*", database: String? = nil) throws -> String {
    let query =
      columns == "*"
      ? """
      SELECT healpix_order, healpix_pixel, m, m_error, n_arcsec, n_error_arcsec, correlation, m_used, n_used_arcsec,
        is_borrowed, pairs, chance_share, east_mas, north_mas, reduced_chi2 FROM xm_corrections('b')
      """ : "SELECT \(columns) FROM xm_corrections('b')"
    return try run(folder, ["sql", "--csv", query] + (database.map { ["--db", $0] } ?? [])).output
  }

  private func numbers(_ folder: Workdir, _ columns: String) throws -> [Double] {
    try found(folder, columns).split(separator: "\n")[1].split(separator: ",").map { Double($0) ?? .nan }
  }

  @Test(arguments: [2.0, 5.0])
  func errorsOfACrowdedCatalogueAreLearned(factor: Double) throws {
    let folder = try crowdedSky("--preset middle --sources 8000 --underestimate-b \(factor) --seed 5")
    let report = try run(folder, ["correct", "b", "--against", "a"])
    #expect(report.output.contains("Errors are sqrt((m sigma)² + n²)."), "\(report)")
    let corrected = try numbers(folder, "m, m_error, reduced_chi2, pairs")
    #expect(abs(corrected[0] / factor - 1) < 0.06 && corrected[1] < 0.05 * factor, "\(corrected)")
    try run(folder, ["correct", "b", "--against", "a", "--no-crowding"])
    let blind = try numbers(folder, "m, m_error, reduced_chi2, pairs")
    #expect(blind[2] > corrected[2] && blind[3] == corrected[3], "\(corrected), without crowding \(blind)")
    try run(folder, ["correct", "b", "--against", "a"])
    let match = try run(folder, ["match", "a", "b"])
    #expect(match.output.contains("Note: errors of b are taken as sqrt((m sigma)^2 + n^2) with m "), "\(match)")
    #expect(try run(folder, ["match", "a", "b", "--no-corrections"]).output.contains("errors of b are taken") == false)
    #expect(try run(folder, ["runs"]).lines.count { $0.contains("corrections") } == 1)
    #expect(try run(folder, ["verify"]).status == 0)
    #expect(try run(folder, ["correct", "b", "--forget"]).output == "The corrections of b are removed.\n")
    #expect(try found(folder).split(separator: "\n").count == 1)
  }

  @Test func aMatchMayLearnErrorsFirst() throws {
    let folder = try crowdedSky("--preset sparse --sources 3000 --underestimate-b 3 --seed 8")
    let first = try run(folder, ["match", "a", "b", "--correct"])
    #expect(first.output.hasPrefix("b against a, run 1: ") && first.output.contains("errors of b are taken as"))
    let again = try run(folder, ["match", "a", "b", "--correct"])
    #expect(again.output.contains("done before") && !again.output.contains("b against a"))
    let both = try folder.start(["match", "a", "b", "--correct", "--no-corrections"]).wait()
    #expect(both.status == 2 && both.error.contains("contradict"), "\(both)")
  }

  @Test func errorsMayDependOnAColumn() throws {
    let folder = try Workdir()
    for words in [
      "simulate --to sim --sources 6000 --underestimate-b 2 --seed 12", "ingest sim/a.parquet", "ingest sim/b.parquet",
    ] { try run(folder, words.split(separator: " ").map(String.init)) }
    let report = try run(folder, ["correct", "b", "--against", "a", "--by", "mag_W1", "--ranges", "14,17"])
    #expect(report.output.contains("  mag_W1 < 14 ") && report.output.contains("  mag_W1 >= 17 "), "\(report)")
    #expect(report.output.contains("for 4 numbers more"), "\(report)")
    let rows = try found(folder, "covariate, covariate_range, m, covariate_gain, chance_share").split(separator: "\n")
    #expect(rows.count == 5 && rows[1].hasPrefix("mag_W1,,") && rows[3].hasPrefix("mag_W1,14 to < 17,"), "\(rows)")
    #expect(try run(folder, ["match", "a", "b"]).output.contains("and, by mag_W1, 3 others"))
    let json = try run(folder, ["correct", "b", "--against", "a", "--reference-errors", "1.5,0", "--json"])
    #expect(json.output.contains("\"covariate\": null"), "\(json)")
    for (words, message) in [
      ("--by nothing", "is no column of b"), ("--ranges 1,x --by mag_W1", "is '1,x'; allowed: numbers"),
      ("--reference-errors 3", "allowed: stored, quoted, or m and n"),
      ("--reference-errors=-3,0", "allowed: two numbers of 0 or more"), ("--ranges -1", "name a column with --by"),
    ] {
      let refused = try folder.start(["correct", "b", "--against", "a"] + words.split(separator: " ").map(String.init))
        .wait()
      #expect(refused.status == 2 && refused.error.contains(message), "\(words): \(refused)")
    }
  }

  @Test func killedAndSharedItFindsTheSame() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let folder = try crowdedSky("--preset middle --sources 6000 --underestimate-b 2 --seed 9")
    let command = ["correct", "b", "--against", "a", "--order", "8"]
    func copy(_ name: String) throws -> String {
      let path = folder.path(name)
      try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: path)
      return path
    }
    let whole = try copy("whole.xmdb")
    let start = Date()
    try run(folder, command + ["--db", whole, "--threads", "1"])
    let seconds = Date().timeIntervalSince(start)
    let expected = try found(folder, database: whole)
    #expect(expected.split(separator: "\n").count > 5)
    var (killed, resumed) = (0, 0)
    for round in 0..<12 {
      let database = try copy("killed-\(round).xmdb")
      for _ in 0..<2 {
        let program = try folder.start(command + ["--db", database])
        usleep(UInt32(generator.uniform(0.2, 1.1) * seconds * 1e6))
        program.send(SIGKILL)
        if try program.wait().status == 128 + SIGKILL { killed += 1 }
      }
      let last = try run(folder, command + ["--db", database])
      if last.output.contains("from an earlier attempt") { resumed += 1 }
      #expect(try found(folder, database: database) == expected, "seed \(seed), round \(round)")
      #expect(try run(folder, ["verify", "--db", database]).status == 0, "seed \(seed), round \(round)")
    }
    print("corrections: \(killed) killed, \(resumed) resumed, seed \(seed)")
    #expect(killed > 0)
    guard MPIJob.isInstalled else { return }
    let shared = try copy("shared.xmdb")
    let job = try MPIJob.start(2, [RunningProgram.path] + command + ["--db", shared], in: folder).wait()
    #expect(job.status == 0, "\(job)")
    #expect(try found(folder, database: shared) == expected)
  }

  @Test func whatCannotBeDoneIsSaidInOneLine() throws {
    let folder = try crowdedSky("--preset sparse --sources 500 --seed 10")
    for (arguments, words) in [
      (["correct", "nobody", "--against", "a"], "there is no catalogue of this name"),
      (["correct", "b", "--against", "b"], "the catalogue itself"), (["correct", "b"], "--against"),
      (["correct", "b", "--against", "a", "--forget"], "--forget"),
      (["correct", "b", "--against", "a", "--order", "12"], "tell m from n"),
      (["correct", "b", "--against", "a", "--epoch", "soon"], "auto, none, or a Julian year"),
    ] {
      let result = try folder.start(arguments).wait()
      #expect(result.status == 2 && result.error.contains(words), "\(result)")
      #expect(result.error.split(separator: "\n").count <= 3, "\(result)")
    }
    #expect(try run(folder, ["runs"]).output.contains("No runs yet"))
  }
}
