import Foundation
import Testing
import XMDBTestSupport

@Suite struct CalibrateTests {
  /// A matched sky, simulated with some options.
  private func sky(_ options: String, method: String = "mixture") throws -> Workdir {
    let folder = try Workdir()
    let arguments = ["simulate", "--to", "sim", "--quiet"] + options.split(separator: " ").map(String.init)
    #expect(try folder.start(arguments).wait().status == 0)
    for name in ["a", "b"] { #expect(try folder.xmdb("ingest", "sim/\(name).parquet").status == 0) }
    try folder.write(Data("method: \(method)\n".utf8), to: "match.yaml")
    #expect(try folder.xmdb("match", "a", "b", "--config", "match.yaml").status == 0)
    return folder
  }

  private func calibrated(_ folder: Workdir, _ arguments: String...) throws -> [String: Any] {
    let result = try folder.start(["calibrate"] + arguments + ["--json"]).wait()
    try #require(result.status == 0, "\(result)")
    return try #require(try result.json() as? [String: Any])
  }

  private func rows(_ facts: [String: Any], _ table: String) throws -> [[String: Any]] {
    try #require(facts[table] as? [[String: Any]], "\(table)")
  }

  private func number(_ row: [String: Any], _ column: String) throws -> Double {
    try #require(row[column] as? Double, "\(column) of \(row)")
  }

  /// The estimate of the false pairs above each threshold lies within four of its own errors of the truth.
  private func expectShiftsToAgreeWithTruth(_ facts: [String: Any]) throws {
    let pairs = zip(try rows(facts, "truth_thresholds"), try rows(facts, "shifts_thresholds"))
    for (truth, shifts) in pairs {
      let (real, estimate) = (try number(truth, "false"), try number(shifts, "false"))
      let error = try number(shifts, "false_error")
      #expect(abs(real - estimate) <= 4 * error + 1, "\(truth) against \(shifts)")
    }
  }

  @Test(arguments: ["30000 --sigma-a 0.1 --sigma-b 0.3", "300000 --sigma-a 0.05 --sigma-b 0.15"])
  func aGoodRunIsTrustedOnBothKindsOfEvidence(sky options: String) throws {
    let folder = try sky("--sources 30000 --seed 5 --density " + options)
    let facts = try calibrated(folder, "a", "b", "--shifts", "8")
    #expect(facts["truth_verdict"] as? String == "agrees" && facts["shifts_verdict"] as? String == "agrees")
    #expect(facts["separations_is_trusted"] as? Bool == true)
    try expectShiftsToAgreeWithTruth(facts)
    let choices = try rows(facts, "truth_thresholds")
    let best = try #require(choices.first { $0["choice"] as? String == "best_pairing" })
    let nearest = try #require(choices.first { $0["choice"] as? String == "mutually_nearest" })
    #expect(try number(best, "purity") > number(nearest, "purity"))
    #expect(try number(best, "completeness") > number(nearest, "completeness"))
    for row in try ["separations_reliability", "truth_reliability"].flatMap({ try rows(facts, $0) }) {
      guard let fraction = row["fraction_real"] as? Double else { continue }
      #expect(try number(row, "fraction_low") <= fraction && fraction <= number(row, "fraction_high"), "\(row)")
      #expect((0...1).contains(fraction), "\(row)")
    }
    let lone = try rows(facts, "separations_scores").first { $0["subject"] as? String == "without_candidate" }
    #expect(try number(#require(lone), "expected_real") <= number(#require(lone), "number"))
    let pairs = try number(try rows(facts, "truth_scores")[0], "number")
    let inTenths = try rows(facts, "truth_reliability").filter { $0["subject"] as? String == "pairs" }
    #expect(try inTenths.reduce(0) { try $0 + number($1, "number") } == pairs)
    for table in ["truth_magnitudes", "truth_pixels"] {
      let chosen = try rows(facts, table).reduce(0) { try $0 + number($1, "chosen") }
      #expect(try chosen == number(choices[4], "chosen"), "\(table)")
    }
  }

  @Test func largeIslandsAreJudgedByTheirPartsAroundStrangers() throws {
    // Nearly all sources are in one island, which meets itself and all others.
    let folder = try sky("--sources 6000 --seed 7 --density 1000000 --sigma-a 0.5 --sigma-b 0.5", method: "survivors")
    let facts = try calibrated(folder, "a", "b", "--shifts", "8")
    let high = try rows(facts, "shifts_thresholds").filter { try number($0, "p_from") == 0.5 }
    let real = try rows(facts, "truth_thresholds").filter { try $0["p_from"] is Double && number($0, "p_from") == 0.5 }
    for (shifts, truth) in zip(high, real) {
      let (estimate, found) = (try number(shifts, "false"), try number(truth, "false"))
      #expect(abs(estimate - found) < 0.4 * found, "\(shifts) against \(truth)")
    }
  }

  @Test func errorsQuotedTooSmallAreFoundOut() throws {
    let folder = try sky("--sources 30000 --seed 6 --density 30000 --underestimate-a 3 --underestimate-b 3")
    let facts = try calibrated(folder, "1", "--shifts", "8")
    #expect((facts["truth_verdict"] as? String)?.hasPrefix("P too") == true)
    #expect((facts["shifts_verdict"] as? String)?.hasPrefix("P too") == true)
    try expectShiftsToAgreeWithTruth(facts)
  }

  @Test func withoutTruthTheSkyIsShiftedAndTablesAreWritten() throws {
    let folder = try Workdir()
    #expect(
      try folder.start("simulate --to sim --sources 5000 --center 10,-89.99 -q".components(separatedBy: " ")).wait()
        .status == 0)
    #expect(try folder.xmdb("ingest", "sim/a.parquet").status == 0)
    #expect(try folder.xmdb("ingest", "sim/b.parquet").status == 0)
    #expect(try folder.xmdb("match", "a", "b").status == 0)
    let result = try folder.xmdb(
      "calibrate", "a", "b", "--shifts", "3", "--distance", "40", "--order", "6", "--to", "out")
    #expect(result.status == 0 && result.error.isEmpty, "\(result)")
    #expect(result.output.contains("judged by the column 'truth'") == true)
    #expect(result.output.contains("judged by 3 shifts of b by 40 arcsec"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
    let tables = ["magnitudes", "pixels", "reliability", "scores", "thresholds"]
    let ofSeparations = ["kinds", "pixels", "reliability", "scores", "thresholds"]
    #expect(
      files == ofSeparations.map { "separations_\($0).csv" } + tables.map { "shifts_\($0).csv" }
        + tables.map { "truth_\($0).csv" })
    let pixels = try String(contentsOfFile: folder.path("out/truth_pixels.csv"), encoding: .utf8)
    #expect(
      pixels.hasPrefix("order,pixel,chosen,expected_false,false,false_error,purity,completeness,z,verdict\n6,"))
    #expect(try folder.xmdb("calibrate", "a", "b", "--threads", "1").output == folder.xmdb("calibrate", "1").output)
  }

  @Test func aMatchEndsWithTheVerdictInOneLine() throws {
    let folder = try sky("--sources 30000 --seed 8 --density 30000")
    let again = try folder.xmdb("match", "a", "b", "--config", "match.yaml").output
    let lines = again.split(separator: "\n").filter { $0.hasPrefix("Calibration: ") }
    #expect(lines.count == 1 && lines[0].contains("can be trusted"), "\(again)")
    let facts =
      try folder.start(["match", "a", "b", "--config", "match.yaml", "--json"]).wait().json() as? [String: Any]
    #expect(facts?["is_trusted"] as? Bool == true && facts?["calibration"] is String)
  }

  @Test func mistakesAreExplained() throws {
    let folder = try sky("--sources 500 --density 3000")
    func failure(_ arguments: String...) throws -> String {
      let result = try folder.start(["calibrate"] + arguments).wait()
      #expect(result.status == 2 && result.output.isEmpty, "\(result)")
      return result.error
    }
    #expect(try failure("b", "a").contains("there is no finished match of b and a; run `xmdb match b a` first"))
    #expect(try failure("7").contains("run 7: does not exist; finished runs: 1 (a, b)"))
    #expect(try failure("1", "--truth", "object").contains("a: has no column 'object'; --truth needs a column"))
    #expect(try failure("1", "--truth", "ra").contains("holds real numbers or blobs; allowed: integers or text"))
    #expect(try failure("a").contains("calibrate takes the number of a run, or two catalogues; given: a"))
    #expect(try failure("1", "--shifts", "0").contains("--shifts is 0; allowed: 1 to 360"))
    #expect(try failure("1", "--shifts", "8", "--distance", "1").contains("--distance: is 1.0; allowed: more than"))
    #expect(try failure("1", "--order", "10").contains("--order: is 10; allowed: 0 to 9"))
  }
}
