import Testing

@testable import SQLExt

/// `xm_blends` in SQL: what is pushed down changes the work and not the answer.
@Suite struct BlendsTableTests {
  let blurred: BlurredSky

  init() throws { blurred = try BlurredSky(seed: 31) }

  private var host: SQLHost { blurred.host }
  private var run: Int64 { blurred.run }

  @Test func constraintsLeaveThoseRowsThatAScanLeaves() throws {
    let call = "xm_blends('gaia', 'catwise')"
    let all = try host.rows("SELECT * FROM \(call)")
    try #require(all.count > 50)
    let keys = try host.rows(
      "SELECT a_id, b_id, a_rowid, b_rowid, round(a_dec_deg, 2) FROM \(call) WHERE b_id IS NOT NULL LIMIT 40 OFFSET 20")
    let key = try #require(keys.last).split(separator: "|").map(String.init)
    for (column, value) in [("a_id", key[0]), ("b_id", "'\(key[1])'"), ("a_rowid", key[2]), ("b_rowid", key[3])] {
      let matched = blurred.context.counters.chunksMatched
      let few = try host.rows("SELECT * FROM \(call) WHERE \(column) = \(value)")
      let work = blurred.context.counters.chunksMatched - matched
      #expect(try few == host.rows("SELECT * FROM \(call) WHERE +\(column) = \(value)"), "\(column)")
      #expect(!few.isEmpty && work <= 2, "\(column): \(work) chunks")
    }
    for condition in ["a_dec_deg > \(key[4])", "b_dec_deg BETWEEN \(key[4]) - 0.02 AND \(key[4])"] {
      #expect(
        try host.rows("SELECT * FROM \(call) WHERE \(condition)").sorted()
          == host.rows("SELECT * FROM \(call) WHERE +\(condition)").sorted(), "\(condition)")
    }
    #expect(try host.rows("SELECT * FROM \(call) LIMIT 3") == Array(all.prefix(3)))
  }

  @Test func flaggedMatchesAreThoseWithOthersInside() throws {
    let blended = try host.rows(
      "SELECT b_rowid FROM xmatch('gaia', 'catwise', \(run)) WHERE xm_flags(flags) LIKE '%blended_b%'")
    let others = Set(
      try host.rows("SELECT DISTINCT b_rowid FROM xm_blends('gaia', 'catwise', \(run)) WHERE inside_p > 0.05"))
    #expect(blended.count > 20)
    // The flag asks whether another one is a likely counterpart elsewhere; P of the match decides more finely.
    #expect(blended.count { others.contains($0) } * 10 > blended.count * 9, "\(others.count) of \(blended.count)")
  }

  @Test func aRunWithoutPSFsHasNone() throws {
    let other = try blurred.match(psf: .none)
    #expect(try host.rows("SELECT * FROM xm_blends('gaia', 'catwise', \(other))").isEmpty)
    #expect(try !host.rows("SELECT * FROM xm_blends('gaia', 'catwise', \(run)) LIMIT 1").isEmpty)
  }
}
