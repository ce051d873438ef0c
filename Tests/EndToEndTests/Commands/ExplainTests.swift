import Foundation
import Testing
import XMDBTestSupport

/// `xmdb explain` and the what-if tables, through the program.
@Suite struct ExplainTests {
  /// The real cones, ingested.
  private static func cones() throws -> Workdir {
    let folder = try Workdir()
    for name in ["gaia", "catwise"] {
      let file = try #require(ProjectPaths.shared("real/\(name).parquet")?.path)
      try #require(folder.xmdb("ingest", file).status == 0)
    }
    return folder
  }

  private func value(_ folder: Workdir, _ sql: String) throws -> String {
    let result = try folder.xmdb("sql", "--csv", sql)
    #expect(result.status == 0, "\(sql): \(result)")
    return result.lines.dropFirst().joined(separator: "\n")
  }

  @Test(.enabled(if: ProjectPaths.shared("real/gaia.parquet") != nil, "needs ../shared/real"))
  func anIslandOfTheRealConesIsExplained() throws {
    let folder = try Self.cones()
    // Far-reaching candidates, however improbable, so that there are islands with rivals.
    let configuration = "candidate_fraction: 0.99999999999\nnegligible_probability: 0\n"
    try folder.write(Data(configuration.utf8), to: "far.yaml")
    #expect(try folder.xmdb("match", "gaia", "catwise", "--config", "far.yaml").status == 0)
    let pair = try value(
      folder,
      """
      SELECT a_id, b_id FROM xm_pairs('gaia', 'catwise') WHERE matched AND island =
        (SELECT island FROM xm_pairs('gaia', 'catwise') GROUP BY island HAVING count(*) > 2 LIMIT 1)
      LIMIT 1
      """
    ).split(separator: ",").map(String.init)
    try #require(pair.count == 2)
    let text = try folder.xmdb("explain", "gaia", "catwise", pair[0])
    #expect(text.status == 0 && text.output.hasPrefix("gaia \(pair[0]) is catwise \(pair[1]), P 0."), "\(text)")
    for part in [
      "\nCandidates in catwise\n", "\nPairs of its rivals\n", "\nIsland (P; * the best assignment, – no candidates)\n",
      "\n  > \(pair[0])", "\nWhy\n  \(pair[1]): counterpart: likelier one object than two, log10 R ", "answer from",
    ] { #expect(text.output.contains(part), "\(part): \(text.output)") }
    let found = try #require(
      try folder.xmdb("explain", "gaia", "catwise", pair[1], "--json").json() as? [[String: Any]])
    try #require(found.count == 1)
    #expect(found[0]["side"] as? String == "b" && "\(found[0]["counterpart"] ?? "")" == pair[0])
    let candidates = try #require(found[0]["candidates"] as? [[String: Any]])
    let total = candidates.reduce(found[0]["alone_p"] as? Double ?? .nan) { $0 + ($1["pair_p"] as? Double ?? .nan) }
    // What is missing is that the counterpart lies beyond the search.
    #expect(total <= 1 + 1e-12 && total > 0.98)
  }

  @Test(.enabled(if: ProjectPaths.shared("real/gaia.parquet") != nil, "needs ../shared/real"))
  func whatIfAgreesWithTheRunOnTheRealCones() throws {
    let folder = try Self.cones()
    let id = try value(folder, "SELECT a_id FROM xm_pairs('gaia', 'catwise') WHERE pair_p < 0.5 LIMIT 1")
    let fresh = try folder.xmdb("explain", "gaia", "catwise", id).output
    #expect(fresh.contains(" a match on the spot\n"), "\(fresh)")
    #expect(try folder.xmdb("match", "gaia", "catwise").status == 0)
    let stored = try folder.xmdb("explain", "gaia", "catwise", id).output
    #expect(stored.replacing("run 1", with: "a match on the spot") == fresh)
    // Against the answer without photometry that the run holds, and against a run without it.
    #expect(try folder.xmdb("match", "gaia", "catwise", "--no-photometry").status == 0)
    let same = try value(
      folder,
      """
      WITH w AS MATERIALIZED (SELECT * FROM xm_what_if('gaia', 'catwise', 0) WHERE run = 1),
        p AS MATERIALIZED (SELECT * FROM xm_pairs('gaia', 'catwise', 1)),
        q AS MATERIALIZED (SELECT * FROM xm_pairs('gaia', 'catwise', 2))
      SELECT count(*) > 5000, max(abs(w.new_pair_p - p.pair_p_without_photometry)) < 1e-12,
        max(abs(w.new_pair_p - q.pair_p)) < 1e-12, sum(w.new_matched <> p.matched_without_photometry),
        sum(w.new_matched <> q.matched), sum(w.new_matched <> w.matched) > 0
      FROM w JOIN p USING (a_rowid, b_rowid) JOIN q USING (a_rowid, b_rowid)
      """)
    #expect(same == "1,1,1,0,0,1")
    let expected = try value(
      folder, "SELECT sum(new_pair_p) > sum(pair_p) FROM xm_what_if('gaia', 'catwise') WHERE prior_factor = 2")
    #expect(expected == "1")
  }

  @Test func aSourceWithoutCandidatesAndAnUnknownOne() throws {
    let folder = try Hyades.matched()
    let lone = try value(folder, "SELECT id FROM xm_nonmatches('gaia', 'hip', 'hip') WHERE alone_p = 1 LIMIT 1")
    let text = try folder.xmdb("explain", "gaia", "hip", lone)
    #expect(text.output.hasPrefix("hip \(lone) has no counterpart in gaia, P 1\n"), "\(text)")
    #expect(text.output.contains("\nWhy\n  no candidate: no source of gaia lies within F_max of it"), "\(text)")
    #expect(try folder.xmdb("explain", "gaia", "hip", lone, "--which", "hip", "--run", "1").output == text.output)

    let elsewhere = try folder.xmdb("explain", "gaia", "hip", lone, "--which", "gaia")
    #expect(elsewhere.status == 2, "\(elsewhere)")
    #expect(
      elsewhere.error.hasPrefix("Error: \(lone): no source of gaia has this id; nearest in gaia: "), "\(elsewhere)")
    let word = try folder.xmdb("explain", "gaia", "hip", "Aldebaran")
    #expect(word.status == 2 && word.error.contains("ids of hip are integers such as "), "\(word)")
  }

  @Test(arguments: [
    (["gaia", "hop", "1"], "hop: there is no catalogue of this name"),
    (["gaia", "gaia", "1"], "explain: both catalogues are 'gaia'; a match needs two different ones"),
    (["gaia", "hip", "1", "--which", "hop"], "--which: is 'hop'; allowed: 'gaia' or 'hip'"),
    (
      ["gaia", "hip", "1", "--run", "7"],
      "--run is 7; expected the number of a finished run of gaia and hip, of which there is none"
    ),
    (["gaia", "hip"], "Missing expected argument '<id>'"),
  ])
  func wrongUseIsNamed(arguments: [String], message: String) throws {
    let folder = try Hyades.database()
    let result = try folder.start(["explain"] + arguments).wait()
    #expect(result.status == 2 && result.error.contains(message) && result.output.isEmpty, "\(result)")
  }
}
