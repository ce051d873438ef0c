import Foundation
import Testing
import XMDBTestSupport

/// Probabilities with photometry mean what they say, from sparse to crowded skies with known counterparts.
@Suite struct PhotometryTruthTests {
  struct Field: Sendable, CustomStringConvertible {
    var density: String
    var options: String
    var description: String { "\(density) deg⁻²" }
  }

  private static let fields = [
    Field(density: "3e3", options: ""), Field(density: "3e4", options: ""),
    Field(density: "3e5", options: "--sigma-a 0.05 --sigma-b 0.15"),
  ]

  @Test(arguments: fields) func probabilitiesAreRightInEveryDecile(field: Field) throws {
    let sky = try TrueSky(field.density, field.options)
    let pairs = try sky.pairs()
    expectReliable(pairs.map { ($0.probability, $0.isTrue) }, "pairs")
    expectReliable(pairs.map { ($0.withoutPhotometry, $0.isTrue) }, "pairs without photometry")
    expectReliable(try sky.loneSources(), "sources without counterpart")
    // The density of counterparts, to one percent of what there is.
    let found = try sky.number("SELECT sum(n_c * area_deg2) FROM xm_priors('a', 'b') WHERE area_deg2 > 0")
    #expect(abs(found / sky.inBoth - 1) < 0.01, "\(found) of \(sky.inBoth)")
    // Photometry finds more and errs less than positions alone.
    func quality(_ isMatched: (TrueSky.Pair) -> Bool) -> (purity: Double, completeness: Double) {
      let chosen = pairs.filter(isMatched)
      let right = Double(chosen.count(where: \.isTrue))
      return (right / Double(chosen.count), right / sky.inBoth)
    }
    let (with, without) = (quality(\.isMatched), quality { $0.withoutPhotometry > 0.5 })
    print("\(field): purity \(with.purity), \(without.purity) without photometry; completeness", with, without)
    #expect(with.purity >= without.purity && with.completeness >= without.completeness)
  }

  /// Every decile with at least a hundred members lies within four binomial standard deviations of the diagonal.
  private func expectReliable(_ answers: [(probability: Double, isTrue: Bool)], _ what: String) {
    for decile in 0..<10 {
      let members = answers.filter { min(9, Int($0.probability * 10)) == decile }
      if members.count < 100 { continue }
      let expected = members.reduce(0) { $0 + $1.probability }
      let spread = members.reduce(0) { $0 + $1.probability * (1 - $1.probability) }.squareRoot()
      let hits = Double(members.count(where: \.isTrue))
      print("\(what), decile \(decile): \(hits) of \(members.count), expected \(expected) ± \(spread)")
      #expect(abs(hits - expected) <= 4 * spread + 1, "\(what) in \(decile)/10: \(hits), expected \(expected)")
    }
  }
}

/// A simulated sky, ingested and matched, with its truth.
private struct TrueSky {
  struct Pair {
    var probability: Double
    var withoutPhotometry: Double
    var isMatched: Bool
    var isTrue: Bool
  }

  let folder: Workdir
  let inBoth: Double
  private let truthOfA: [Int64: Int64]
  private let truthOfB: [Int64: Int64]

  init(_ density: String, _ options: String) throws {
    folder = try Workdir()
    let words = ["simulate", "--to", "sim", "--json", "--sources", "60000", "--density", density, "--seed", "5"]
    let made = try folder.start(words + options.split(separator: " ").map(String.init)).wait()
    let facts = try #require(try made.json() as? [String: Any])
    inBoth = try #require(facts["in_both"] as? Double)
    for name in ["a", "b"] { #expect(try folder.xmdb("ingest", "sim/\(name).parquet").status == 0) }
    #expect(try folder.xmdb("match", "a", "b").status == 0)
    (truthOfA, truthOfB) = (try Self.truth("a", folder), try Self.truth("b", folder))
  }

  private static func truth(_ name: String, _ folder: Workdir) throws -> [Int64: Int64] {
    let rows = try folder.rows("SELECT id, truth FROM \(name)")
    return Dictionary(uniqueKeysWithValues: rows.map { (Int64($0[0])!, Int64($0[1])!) })
  }

  func pairs() throws -> [Pair] {
    try folder.rows("SELECT a_id, b_id, pair_p, pair_p_without_photometry, matched FROM xm_pairs('a', 'b')").map {
      Pair(
        probability: Double($0[2])!, withoutPhotometry: Double($0[3])!, isMatched: $0[4] == "1",
        isTrue: truthOfA[Int64($0[0])!] == truthOfB[Int64($0[1])!])
    }
  }

  /// The probability of having no counterpart, of sources that have a candidate, and whether they have none.
  func loneSources() throws -> [(Double, Bool)] {
    let (seenInA, seenInB) = (Set(truthOfA.values), Set(truthOfB.values))
    return try [("a", truthOfA, seenInB), ("b", truthOfB, seenInA)].flatMap { name, truth, others in
      try folder.rows("SELECT id, alone_p FROM xm_nonmatches('a', 'b', '\(name)') WHERE alone_p < 1").map {
        (Double($0[1])!, !others.contains(truth[Int64($0[0])!]!))
      }
    }
  }

  func number(_ query: String) throws -> Double { Double(try folder.rows(query)[0][0])! }
}

extension Workdir {
  /// The rows of a query, without the header.
  fileprivate func rows(_ query: String) throws -> [[Substring]] {
    let result = try xmdb("sql", "--csv", query)
    try #require(result.status == 0, "\(query): \(result)")
    return result.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }
}
