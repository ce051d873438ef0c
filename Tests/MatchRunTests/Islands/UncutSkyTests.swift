import CSQLiteBoot
import CatalogStore
import Formats
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import Match
@testable import MatchRun

/// Without any cut: all sources of the sky in one piece, with neither cores nor halos. The chunks of a run, however small,
/// give the same rows in the same order, so that pairs and islands across borders come out exactly once.
@Suite struct UncutSkyTests {
  /// A database whose run of a and b is to be checked, as scripts/check-invariance.py leaves one.
  private static let path = ProcessInfo.processInfo.environment["XMDB_UNCUT_DATABASE"]

  /// The rows of all islands of two catalogues.
  private func uncut(_ plan: MatchPlan) throws -> ChunkResult {
    var (never, clock) = (StopCheck.never, StageClock())
    let reader = NeighbourhoodReader(plan.inputs)
    let neighbourhood = try reader.neighbourhood(in: .wholeSky, clock: &clock, stop: &never)
    var writer = IslandWriter(plan: plan, models: LiveMatch(plan).models, stop: .never)
    let field = try writer.field(neighbourhood)
    return try writer.rows(of: field.islands(stop: &never), field, core: .wholeSky, region: .wholeSky)
  }

  /// The first row in which the chunks of a run differ from a result; nil when all rows are the same, to the bit.
  private func firstDifference(
    _ table: ResultTable, _ database: SkyDatabase, _ chunks: [RunChunk], _ expected: ChunkResult
  ) throws -> String? {
    let rows = try ResultReader(holding: table, of: expected).rows(table)
    for chunk in chunks {
      let found = try ResultReader(database: database, chunk: chunk).rows(table)
      while try found.step() {
        guard try rows.step() else { return "\(table) of \(chunk.pixel): \(line(found)), beyond the end" }
        let (left, right) = (line(found), line(rows))
        if left != right { return "\(table) of \(chunk.pixel): \(left) instead of \(right)" }
      }
    }
    return try rows.step() ? "\(table): \(line(rows)) is missing" : nil
  }

  private func line(_ row: Statement) -> String {
    var text = DelimitedText(.loaded)
    for column in 0..<row.columnCount { text.field(row.value(column)) }
    return String(decoding: text.bytes, as: UTF8.self)
  }

  @Test(arguments: SimulatedSky.allCases, [MatchConfiguration.positionsOnly, MatchConfiguration()])
  func chunksGiveTheRowsOfTheUncutSky(_ sky: SimulatedSky, _ configuration: MatchConfiguration) throws {
    let bench = try MatchBench(sky.pair(), shardBytes: 50_000)
    let expected = try uncut(bench.plan(configuration))
    for size in configuration.photometry ? [50] : [30, 250] {
      let chunks = try bench.run(configuration, sourcesPerChunk: size, threads: 2).chunks
      for table in ResultTable.allCases {
        let difference = try firstDifference(table, bench.database, chunks, expected)
        #expect(difference == nil, "\(chunks.count) chunks")
      }
    }
  }

  @Test(.enabled(if: path != nil, "XMDB_UNCUT_DATABASE names no database"))
  func aLargeRunGivesTheRowsOfTheUncutSky() throws {
    _ = xsql_bootstrap()
    let database = try SkyDatabase.open(at: #require(Self.path))
    let registry = try database.registry()
    let run = try #require(registry.allRuns().first { $0.finished != nil })
    let expected = try uncut(MatchPlan(database: database, a: run.catalogueA, b: run.catalogueB))
    for table in ResultTable.allCases {
      #expect(try firstDifference(table, database, registry.chunks(of: run.id), expected) == nil)
    }
  }
}
