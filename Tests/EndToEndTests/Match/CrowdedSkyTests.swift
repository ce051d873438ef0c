import Foundation
import Testing
import XMDBTestSupport

/// Matches of skies whose sources hide others: `simulate --crowded`, with the program that users have.
@Suite struct CrowdedSkyTests {
  /// One sky, ingested.
  private struct Sky {
    let folder: Workdir
    let inBoth: Double

    /// - Parameter options: Of `simulate`.
    init(_ options: String, bands: Bool = true) throws {
      folder = try Workdir()
      let words = options.split(separator: " ").map(String.init)
      let made = try folder.start(["simulate", "--to", "sim", "--crowded"] + words).wait()
      try #require(made.status == 0, "\(made)")
      for (name, band) in [("a", "mag_G"), ("b", "mag_W1")] {
        let map = bands ? [] : ["--map", "mag:m=\(band)"]
        try #require(try folder.start(["ingest", "sim/\(name).parquet"] + map).wait().status == 0)
      }
      inBoth = try Self.numbers("SELECT count(*) FROM b WHERE +truth IN (SELECT truth FROM a)", folder)[0][0]
    }

    static func numbers(_ query: String, _ folder: Workdir) throws -> [[Double]] {
      let result = try folder.xmdb("sql", "--csv", query)
      try #require(result.status == 0, "\(result)")
      return result.lines.dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } }
    }

    func numbers(_ query: String) throws -> [[Double]] { try Self.numbers(query, folder) }

    func match(_ options: String...) throws {
      let result = try folder.start(["match", "a", "b", "--redo"] + options).wait()
      try #require(result.status == 0, "\(result)")
    }

    private static let truth =
      "('a', 'b') p JOIN a ON a.id = p.a_id JOIN b ON b.id = p.b_id"

    /// Completeness and purity of the pairs with P ≥ 0.5.
    func quality() throws -> (completeness: Double, purity: Double) {
      let row = try numbers(
        "SELECT count(*), sum(a.truth = b.truth) FROM xmatch\(Self.truth) WHERE p.pair_p >= 0.5")[0]
      return (row[1] / inBoth, row[1] / row[0])
    }

    /// The worst deviation of a tenth of P with a hundred pairs, σ.
    func worst() throws -> Double {
      let tenths = try numbers(
        """
        SELECT count(*), sum(p.pair_p), sum(p.pair_p * (1 - p.pair_p)), sum(a.truth = b.truth)
        FROM xm_pairs\(Self.truth) GROUP BY min(9, CAST(p.pair_p * 10 AS INT))
        """)
      return tenths.filter { $0[0] >= 100 }.map { abs($0[3] - $0[1]) / $0[2].squareRoot() }.max() ?? 0
    }

    /// Sources of b with a neighbour of more than a tenth of their flux: as said and in truth.
    func contaminated() throws -> (said: Double, real: Double) {
      let row = try numbers(
        "SELECT sum(p.b_cont_f10), sum(b.truth_hidden_brightest > 0.1) FROM xmatch\(Self.truth)")[0]
      return (row[0], row[1])
    }
  }

  /// What a density must reach.
  struct Density: Sendable, CustomStringConvertible {
    let preset: String
    let completeness: Double
    let purity: Double
    /// σ.
    let worst: Double
    /// Of the number of contaminated sources.
    let contamination: Double
    var description: String { preset }
  }

  @Test(arguments: [
    Density(preset: "sparse", completeness: 0.998, purity: 0.995, worst: 4.5, contamination: 0.7),
    Density(preset: "middle", completeness: 0.998, purity: 0.998, worst: 4, contamination: 0.15),
    Density(preset: "dense", completeness: 0.985, purity: 0.985, worst: 4, contamination: 0.1),
  ])
  func counterpartsArePulledAndFound(density: Density) throws {
    let sky = try Sky("--preset \(density.preset) --sources 10000 --seed 5")
    try sky.match()
    let found = try sky.quality()
    #expect(found.completeness >= density.completeness && found.purity >= density.purity, "\(density): \(found)")
    let worst = try sky.worst()
    #expect(worst <= density.worst, "\(density): \(worst)")
    let contaminated = try sky.contaminated()
    let error = abs(contaminated.said - contaminated.real) / contaminated.real
    #expect(error < density.contamination, "\(density): \(contaminated)")
    try sky.match("--no-crowding")
    let without = try sky.quality()
    #expect(without.completeness < found.completeness + 0.0005, "\(density): \(found), without \(without)")
    if density.preset == "dense" { #expect(without.completeness < found.completeness - 0.02, "\(found) \(without)") }
    #expect(try sky.numbers("SELECT count(*) FROM xmatch('a', 'b') WHERE b_cont_f10 IS NOT NULL")[0][0] == 0)
  }

  @Test func thePSFOfAnUnknownBandIsMeasured() throws {
    let sky = try Sky("--preset dense --sources 10000 --seed 6", bands: false)
    let plan = try #require(
      try sky.folder.start(["match", "a", "b", "--plan", "--json"]).wait().json() as? [String: Any])
    let notes = try #require(plan["notes"] as? [String])
    let note = try #require(notes.first { $0.contains("sources of b are hidden in a PSF") }, "\(notes)")
    let radius = try #require(Double(note.split(separator: " ")[2]), "\(note)")
    #expect(abs(radius / (1.185 * 6.1) - 1) < 0.12, "\(note)")
    try sky.match()
    let found = try sky.quality()
    #expect(found.completeness >= 0.96 && found.purity >= 0.975, "\(found)")
    let contaminated = try sky.contaminated()
    #expect(abs(contaminated.said / contaminated.real - 1) < 0.15, "\(contaminated)")
  }

  /// Where all magnitudes are nearly the same, nothing tells how many fainter neighbours are hidden: they are left out.
  @Test(arguments: ["15.2", "15 + 0.25 * (id % 97) / 97.0"])
  func magnitudesThatAreAllTheSameLeaveHiddenNeighboursOut(magnitude: String) throws {
    let sky = try Sky("--preset dense --sources 4000 --seed 8")
    let rows = try sky.folder.xmdb("sql", "--csv", "SELECT id, ra, dec, sigma, \(magnitude) AS mag FROM b")
    try rows.output.write(to: sky.folder.url.appendingPathComponent("flat.csv"), atomically: true, encoding: .utf8)
    let options = ["--map", "mag:m=mag", "--map", "sigma=sigma:arcsec", "--epoch", "2016.0"]
    try #require(try sky.folder.start(["ingest", "flat.csv"] + options).wait().status == 0)
    let match = try sky.folder.start(["match", "a", "flat", "--psf-b", "6.1"]).wait()
    #expect(match.status == 0, "\(match)")
    #expect(!(match.output + match.error).contains("sources of flat are hidden"), "\(match)")
  }

  @Test func theAnswerIsTheSameHoweverTheSkyIsCut() throws {
    let sky = try Sky("--preset middle --sources 4000 --seed 7")
    let query = "SELECT a_id, b_id, pair_p, b_cont_f1, b_avg_cont FROM xmatch('a', 'b') ORDER BY b_id"
    try sky.match("--threads", "1")
    let whole = try sky.folder.xmdb("sql", "--csv", query).output
    try sky.match("--threads", "2", "--memory", "150MB")
    #expect(try sky.folder.xmdb("sql", "--csv", query).output == whole)
    #expect(whole.split(separator: "\n").count > 1000)
  }

  @Test func aSkyThatHidesNothingIsNotPulled() throws {
    let folder = try Workdir()
    let made = try folder.xmdb(
      "simulate", "--to", "sim", "--sources", "20000", "--density", "20000", "--bands-a", "G", "--bands-b", "W1")
    try #require(made.status == 0, "\(made)")
    for name in ["a", "b"] { #expect(try folder.xmdb("ingest", "sim/\(name).parquet").status == 0) }
    let plan = try #require(
      try folder.xmdb("match", "a", "b", "--plan", "--json").json() as? [String: Any])
    let notes = try #require(plan["notes"] as? [String])
    #expect(!notes.contains { $0.contains("sources of b are hidden") }, "\(notes)")
    let given = try folder.xmdb("match", "a", "b", "--plan", "--json", "--psf-b", "wise W9")
    #expect(given.status == 2 && given.error.contains("wise W9") && given.error.contains("wise W1"), "\(given)")
    let wide = try folder.xmdb("match", "a", "b", "--plan", "--psf-b", "0")
    #expect(wide.status == 2 && wide.error.contains("allowed"), "\(wide)")
  }
}
