import CSQLite
import CatalogStore
import Indexing
import MatchRun
import Testing
import XMDBTestSupport

@testable import SQLExt

/// `xmatch`, `xm_nonmatches` and `xm_pairs`: stored runs, matches on the fly, and everything that is pushed down.
@Suite struct MatchTableTests {
  static let calls = [
    "xmatch('gaia', 'catwise')", "xm_pairs('gaia', 'catwise')", "xm_nonmatches('gaia', 'catwise', 'gaia')",
    "xm_nonmatches('gaia', 'catwise', 'catwise')",
  ]

  let sky: TestSky
  let field: StarField
  let host: SQLHost
  let context: XMDBContext

  init() throws {
    var rng = SplitMix64(seed: 21)
    sky = try TestSky()
    field = StarField(500, raDegrees: 0, decDegrees: 88, radiusDegrees: 0.3, using: &rng)
    try sky.add(field.gaia)
    try sky.add(field.catwise)
    host = try SQLHost(databasePath: sky.path)
    context = try #require(host.context)
    context.sourcesPerChunk = 60
  }

  @discardableResult
  func store(sourcesPerChunk: Int = 80) throws -> MatchDriver.Outcome {
    let plan = try MatchPlan(database: sky.database, a: "gaia", b: "catwise", sourcesPerChunk: sourcesPerChunk)
    return try MatchDriver(plan: plan, threads: 1).run()
  }

  @Test func rowsOnTheFlyAreThoseOfAStoredRun() throws {
    let fresh = try Self.calls.map { try host.rows("SELECT * FROM \($0)") }
    #expect(context.counters.chunksMatched > 4 * 10 && context.counters.chunksRead == 0)
    #expect(fresh.allSatisfy { $0.count > 50 })
    let outcome = try store()
    let matched = context.counters.chunksMatched
    let stored = try Self.calls.map { try host.rows("SELECT * FROM \($0)") }
    #expect(context.counters.chunksMatched == matched && context.counters.chunksRead > 4 * 5)
    for (call, (fresh, stored)) in zip(Self.calls, zip(fresh, stored)) { #expect(fresh == stored, "\(call)") }
    let totals = outcome.totals
    #expect(
      stored.map(\.count) == [totals.matches, totals.pairs, totals.nonmatchesA, totals.nonmatchesB].map { Int($0) })
    #expect(stored[0].count + stored[2].count == field.gaia.sky.count)
    #expect(stored[0].count + stored[3].count == field.catwise.sky.count)
  }

  @Test func theColumnsAreThoseOfTheResultTables() throws {
    for (call, table) in zip(Self.calls, [ResultTable.matches, .pairs, .nonmatches, .nonmatches]) {
      let name = String(call.prefix { $0 != "(" })
      let columns = try host.rows("SELECT name || ' ' || type FROM pragma_table_xinfo('\(name)') WHERE hidden = 0")
      #expect(columns == table.columns.map { "\($0.name) \($0.kind.rawValue)" })
    }
  }

  /// Conditions on every kind of column, with values from the middle of the answer.
  private func conditions(_ call: String) throws -> [String] {
    let isPairs = call.hasPrefix("xm_pairs")
    let prefixes = call.hasPrefix("xm_nonmatches") ? [""] : ["a_", "b_"]
    let probability = isPairs ? "pair_p" : "match_p"
    var conditions = [
      "\(probability) > 0.9", "\(probability) BETWEEN 0.2 AND 0.8", "flags & 1", "\(probability) > 2", "island < 500",
      "island = -3", "island IS NULL", "island = 99999999",
    ]
    let island = try host.value("SELECT island FROM \(call) LIMIT 1 OFFSET 60")
    conditions.append("island = \(island)")
    for prefix in prefixes {
      let values = try host.rows(
        "SELECT quote(\(prefix)id) FROM \(call) WHERE \(prefix)id IS NOT NULL LIMIT 4 OFFSET 50")
      conditions += values.map { "\(prefix)id = \($0)" }
      conditions.append("\(prefix)id IN (\(values.joined(separator: ", ")), 'J5', 7)")
      conditions += ["\(prefix)id = 'none'", "\(prefix)id = 3", "\(prefix)id IS NULL", "\(prefix)id > 'J9'"]
      let name = prefix.isEmpty ? "xm_rowid" : prefix + "rowid"
      let rowid = try host.value("SELECT \(name) FROM \(call) LIMIT 1 OFFSET 33")
      conditions += ["\(name) = \(rowid)", "\(name) < \(rowid)", "\(name) = -1"]
      if isPairs { continue }
      conditions += [
        "\(prefix)dec_deg > 88.1", "\(prefix)dec_deg BETWEEN 87.8 AND 87.9 AND \(prefix)ra_deg > 350",
        "\(prefix)ra_deg < 5 AND \(prefix)dec_deg < 88", "\(prefix)ra_deg BETWEEN 354 AND 355", "\(prefix)dec_deg > 95",
        "\(prefix)ra_deg = 'x'", "\(prefix)ra_deg IS NOT NULL AND \(probability) < 0.5",
      ]
    }
    return conditions
  }

  @Test(arguments: [false, true])
  func whatIsPushedDownLeavesTheSameRows(isStored: Bool) throws {
    context.sourcesPerChunk = 400
    if isStored { try store() }
    for (index, call) in Self.calls.enumerated() {
      // The plain copy has ordinary columns of the same types.
      let table: ResultTable = index == 0 ? .matches : index == 1 ? .pairs : .nonmatches
      let columns = table.columns.map { "\($0.name) \($0.kind.rawValue)" }.joined(separator: ", ")
      try host.execute("CREATE TABLE copy\(index)(\(columns)); INSERT INTO copy\(index) SELECT * FROM \(call)")
      for condition in try conditions(call) {
        let pushed = try host.rows("SELECT * FROM \(call) WHERE \(condition) ORDER BY island, flags, 1, 2, 3")
        let plain = try host.rows("SELECT * FROM copy\(index) WHERE \(condition) ORDER BY island, flags, 1, 2, 3")
        #expect(pushed == plain, "\(call) WHERE \(condition)")
      }
    }
  }

  @Test func idsRowidsAndPositionsMatchOnlyWhatIsNeeded() throws {
    let all = try host.rows("SELECT a_id, b_id, a_rowid, island FROM xmatch('gaia', 'catwise')")
    let parts = all[150].split(separator: "|")
    for condition in [
      "a_id = \(parts[0])", "b_id = '\(parts[1])'", "a_rowid = \(parts[2])", "island = \(parts[3])",
      "a_ra_deg = (SELECT ra FROM gaia WHERE source_id = \(parts[0])) AND a_dec_deg = (SELECT dec FROM gaia WHERE source_id = \(parts[0]))",
    ] {
      let before = context.counters.chunksMatched
      let rows = try host.rows("SELECT a_id, b_id, a_rowid, island FROM xmatch('gaia', 'catwise') WHERE \(condition)")
      #expect(rows.contains(all[150]), "\(condition)")
      #expect(context.counters.chunksMatched - before <= 1, "\(condition)")
    }
  }

  @Test func aStoredRunAnswersForFewSourcesAsTheMatchDoes() throws {
    // With the plan's own chunks, so that the fingerprints agree; four chunks or fewer are simply read.
    let outcome = try MatchDriver(plan: MatchPlan(database: sky.database, a: "gaia", b: "catwise"), threads: 1).run()
    let id = try host.value("SELECT a_id FROM xmatch('gaia', 'catwise') LIMIT 1 OFFSET 100")
    let row = try host.rows("SELECT * FROM xmatch('gaia', 'catwise') WHERE a_id = \(id)")
    #expect(row.count == 1)
    #expect(try host.rows("SELECT * FROM xmatch('gaia', 'catwise', \(outcome.run)) WHERE a_id = \(id)") == row)
  }

  @Test func limitStopsAfterTheFirstChunks() throws {
    #expect(try host.rows("SELECT a_id FROM xmatch('gaia', 'catwise') WHERE pair_p > 0.5 LIMIT 10").count == 10)
    #expect(context.counters.chunksMatched <= 2)
    try store()
    #expect(try host.rows("SELECT a_id FROM xmatch('gaia', 'catwise') LIMIT 10").count == 10)
    #expect(context.counters.chunksRead == 1)
  }

  @Test func matchesJoinWithTheirCatalogues() throws {
    let rows = try host.rows(
      """
      SELECT m.a_id, g.phot_g_mean_mag, m.b_id, w.g_mag, g.ra - m.a_ra_deg, w.dec - m.b_dec_deg
      FROM xmatch('gaia', 'catwise') AS m JOIN gaia AS g ON g.xm_rowid = m.a_rowid JOIN catwise AS w ON w.xm_rowid = m.b_rowid
      """)
    #expect(rows.count == (try Int(host.value("SELECT count(*) FROM xmatch('gaia', 'catwise')"))))
    #expect(rows.allSatisfy { $0.hasSuffix("|0.0|0.0") })
    let byID = try host.rows(
      "SELECT m.a_id, m.b_id FROM gaia g JOIN xmatch('gaia', 'catwise') m ON m.a_id = g.source_id WHERE g.xm_rowid = 300"
    )
    #expect(byID == (try host.rows("SELECT a_id, b_id FROM xmatch('gaia', 'catwise') WHERE a_rowid = 300")))
    let text = try host.rows(
      "SELECT count(*) FROM catwise w JOIN xmatch('gaia', 'catwise') m ON m.b_id = w.source_name WHERE w.xm_rowid < 20")
    #expect(
      text == (try host.rows("SELECT count(*) FROM xmatch('gaia', 'catwise') WHERE b_rowid < 20 AND b_id IS NOT NULL")))
  }

  @Test func everySourceIsInExactlyOneRow() throws {
    for (name, side) in [("gaia", "a"), ("catwise", "b")] {
      let rowids = try host.rows(
        """
        SELECT \(side)_rowid FROM xmatch('gaia', 'catwise') UNION ALL
        SELECT xm_rowid FROM xm_nonmatches('gaia', 'catwise', '\(name)') ORDER BY 1
        """)
      #expect(rowids == (0..<rowids.count).map { "\($0)" })
      #expect(rowids.count == (try Int(host.value("SELECT rows FROM xm_catalogues WHERE name = '\(name)'"))))
    }
  }

  @Test func aRunIsReadByItsNumber() throws {
    #expect(
      host.message("SELECT * FROM xmatch('gaia', 'catwise', 1)")
        == "xmatch: argument 3 (run) is 1; expected the number of a finished run of gaia and catwise, of which there is none; `xmdb match gaia catwise` makes one"
    )
    let run = try store().run
    #expect(try host.value("SELECT count(*) > 0 FROM xmatch('gaia', 'catwise', \(run))") == "1")
    #expect(
      host.message("SELECT * FROM xm_nonmatches('gaia', 'catwise', 'gaia', 77)")
        == "xm_nonmatches: argument 4 (run) is 77; expected the number of a finished run of gaia and catwise, of which there are: \(run)"
    )
    #expect(
      host.message("SELECT * FROM xm_pairs('catwise', 'gaia', \(run))")
        == "xm_pairs: argument 3 (run) is \(run), a run of gaia and catwise; expected the number of a finished run of catwise and gaia, of which there is none; `xmdb match catwise gaia` makes one"
    )
    #expect(try host.value("SELECT a || b || (finished IS NOT NULL) || (matches > 0) FROM xm_runs") == "gaiacatwise11")
    let before = context.counters.chunksMatched
    #expect(try host.value("SELECT count(*) > 0 FROM xmatch('catwise', 'gaia')") == "1")
    #expect(context.counters.chunksMatched > before, "a run of the other order is not used")
  }

  @Test func wrongArgumentsAreNamed() throws {
    #expect(
      host.message("SELECT * FROM xmatch('gaia', 'wise')")
        == "xmatch: argument 2 (b) is 'wise'; expected text: name of a catalogue in \(sky.path); there are: catwise, gaia"
    )
    #expect(
      host.message("SELECT * FROM xmatch('gaia', 'gaia')")
        == "xmatch: argument 2 (b) is 'gaia', as argument 1 (a); expected two different catalogues")
    #expect(
      host.message("SELECT * FROM xm_nonmatches('gaia', 'catwise', 'a')")
        == "xm_nonmatches: argument 3 (which) is 'a'; expected 'gaia' or 'catwise'")
    #expect(
      host.message("SELECT * FROM xmatch('gaia')")
        == "xmatch: argument 2 (b: name of a catalogue) is required: xmatch(a, b, [run])")
    #expect(
      host.message("SELECT * FROM xmatch('gaia', 'catwise', 0)")
        == "xmatch: argument 3 (run) is 0; expected number of a finished run, see xm_runs, an integer >= 1")
    #expect(try host.rows("SELECT * FROM xmatch('gaia', NULL)").isEmpty)
  }

  @Test func aMissingDatabaseIsNamed() throws {
    let host = try SQLHost(databasePath: "/no/such/folder")
    for call in [
      "xmatch('gaia', 'catwise')", "xm_cone('gaia', 0, 0, 1)", "xm_catalogues", "xm_priors('gaia', 'catwise')",
    ] {
      #expect(
        host.message("SELECT * FROM \(call)").contains("/no/such/folder: there is no xmdb database here"), "\(call)")
    }
    #expect(host.message("SELECT * FROM gaia") == "no such table: gaia")
  }

  @Test func cancellationEndsAScan() throws {
    let context = XMDBContext(databasePath: sky.path)
    let host = try SQLHost(context: context)
    context.sourcesPerChunk = 60
    let statement = try OpenStatement("SELECT a_id FROM xmatch('gaia', 'catwise')", on: host)
    #expect(try statement.next() != nil)
    context.cancellation.request()
    #expect(throws: SQLFailure.self) { while try statement.next() != nil {} }
  }

  @Test func priorsAreThoseThatTheRunMeasured() throws {
    let measured = try LiveMatch(MatchPlan(database: sky.database, a: "gaia", b: "catwise")).measurement().regions
    let rows = try host.rows(
      "SELECT healpix_order, healpix_pixel, area_deg2, count_a, count_b, n_c, flags FROM xm_priors('gaia', 'catwise')")
    #expect(rows.count == measured.count)
    let covered = try #require(measured.first { $0.areaDegrees2 > 0 })
    #expect(
      rows.contains {
        $0.hasPrefix(
          "\(covered.pixel.order)|\(covered.pixel.index)|\(covered.areaDegrees2)|\(covered.countA)|\(covered.countB)|"
            + "\(covered.counterparts)|")
      })
  }

  /// The examples themselves are run with the commands of the documents.
  @Test func everyTablesExampleNamesTheTable() {
    for table in SQLInventory.tables { #expect(table.example.contains(table.name)) }
  }
}
