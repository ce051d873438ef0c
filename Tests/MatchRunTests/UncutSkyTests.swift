import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import Match
@testable import MatchRun

/// Without any cut: all sources of the sky in one piece, with neither cores nor halos. The units of a run, however small,
/// give the same rows in the same order, so that pairs and islands across borders come out exactly once.
@Suite struct UncutSkyTests {
  /// The rows of all islands of two catalogues.
  private func uncut(_ plan: MatchPlan) throws -> [String] {
    let a = try PlacedSources(sources(plan.database, plan.a), plan: plan, isA: true)
    let b = try PlacedSources(sources(plan.database, plan.b), plan: plan, isA: false)
    let edges = CandidateEdges(a, b, plan.configuration)
    let islands = Islands.components(aCount: a.count, bCount: b.count, edgesA: edges.a, edgesB: edges.b)
    var writer = IslandWriter(plan: plan, models: plan.unmeasuredModels, cancellation: Cancellation())
    let field = try writer.field(edges, a, b)
    let result = writer.rows(of: islands, field, core: .wholeSky, region: .wholeSky)
    return try ResultTable.allCases.flatMap { table in
      try RunRows.read(ResultReader(holding: table, of: result), table, unit: 0).map {
        $0.values.map(\.description).joined(separator: "|")
      }
    }
  }

  private func sources(_ database: SkyDatabase, _ info: CatalogueInfo) throws -> SourceColumns {
    try CatalogueReader(database: database, info: info).sources(in: .wholeSky)
  }

  @Test(arguments: SimulatedSky.allCases, [MatchConfiguration.positionsOnly, MatchConfiguration()])
  func unitsGiveTheRowsOfTheUncutSky(_ sky: SimulatedSky, _ configuration: MatchConfiguration) throws {
    let bench = try MatchBench(sky.pair(), shardBytes: 50_000)
    let expected = try uncut(bench.plan(configuration))
    for size in [30, 250] {
      let rows = try bench.run(configuration, sourcesPerUnit: size, threads: 2)
      #expect(rows.text == expected, "\(rows.units.count) units")
    }
  }
}
