import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@testable import MatchRun

/// After a new generation of a catalogue only chunks are done again whose inputs have changed, and the answer is that of a
/// run from the beginning.
@Suite struct IncrementalTests {
  private static let regional: MatchConfiguration = {
    var configuration = MatchConfiguration()
    configuration.sourcesPerRegion = 1000
    return configuration
  }()

  /// What is done to the first catalogue.
  enum Change: CaseIterable {
    case nothing, removeOne, addOne, improveOne
  }

  private func changed(_ catalogue: SimulatedCatalogue, _ change: Change) -> SimulatedCatalogue {
    var copy = catalogue
    let middle = copy.sources.count / 2
    switch change {
    case .nothing: break
    case .removeOne: copy.sources.remove(at: middle)
    case .addOne:
      copy.sources.append(copy.sources[middle])
      copy.sources[copy.sources.count - 1].id = 987_654_321
    case .improveOne:
      copy.sources[middle].sigmaX *= 0.9
      copy.sources[middle].sigmaY *= 0.9
    }
    return copy
  }

  @Test(arguments: Change.allCases, [MatchConfiguration.positionsOnly, regional])
  func onlyWhatChangedIsDoneAgain(change: Change, configuration: MatchConfiguration) throws {
    let pair = configuration.photometry ? PhotometricSky.pair(seed: 5) : SimulatedSky.allSky.pair(seed: 3)
    let bench = try MatchBench(pair)
    let size = pair.a.sources.count / 20
    let first = try MatchDriver(plan: bench.plan(configuration, sourcesPerChunk: size), threads: 2).run()
    let replaced = changed(pair.a, change)
    try bench.ingest(replaced, replace: true)
    let registry = try bench.database.registry()
    #expect(try registry.finishedRun(pair.a.name, pair.b.name) == nil, "results of the old generation are not shown")
    let outcome = try MatchDriver(plan: bench.plan(configuration, sourcesPerChunk: size), threads: 2).run()
    var fresh = pair
    fresh.a = replaced
    let expected = try MatchBench(fresh).run(configuration, sourcesPerChunk: size)
    let rows = try bench.rows(of: outcome)
    #expect(rows.text == expected.text)
    #expect(outcome.run != first.run && outcome.totals == expected.outcome.totals)
    #expect(outcome.chunksReused == rows.chunks.count { $0.cost.isReused })
    switch change {
    case .nothing: #expect(outcome.chunksReused == rows.chunks.count || outcome.wasThere)
    // Halos of neighbours hold the source, too, or one of the hundred around it, whose densities are others now: in this sparse sky
    // these lie in many chunks. Photometry is that of a whole region.
    default: #expect(outcome.chunksReused >= (configuration.photometry ? 1 : rows.chunks.count / 3))
    }
    #expect(!FileSystem.exists(bench.database.path + "/runs/\(first.run)"), "the old run is cleared away")
    #expect(try DatabaseVerifier(database: bench.database, threads: 1).verify(run: outcome.run).damages.isEmpty)
  }

  @Test func processesMoveByPieces() {
    let old: [ChunkInputs.Piece] = [.init(first: 10, count: 5), .init(first: 100, count: 10)]
    let new: [ChunkInputs.Piece] = [
      .init(first: 12, count: 3), .init(first: 15, count: 7), .init(first: 107, count: 5),
    ]
    let shift = RowidShift(from: old, to: new)
    #expect(shift.steps.map(\.from) == [10, 100, 105] && shift.steps.map(\.shift) == [2, -83, 2])
    #expect(!shift.isIdentity && RowidShift(from: old, to: old).isIdentity)
    #expect(shift.sql("r") == "(CASE WHEN r < 100 THEN 2 WHEN r < 105 THEN -83 ELSE 2 END)")
  }

  @Test func inputsSurviveAsBytes() throws {
    let plan = try MatchBench(SimulatedSky.duplicates.pair()).plan()
    var columns = SourceColumns(layout: plan.a.layout)
    columns.rowid = [3, 4, 5, 9, 1 << 40]
    let inputs = ChunkInputs(digest: Fingerprint(of: "x"), enlargement: 2, (columns, columns))
    #expect(inputs.piecesA.map(\.count) == [3, 1, 1])
    #expect(try ChunkInputs(inputs.bytes) == inputs)
    for length in 0..<inputs.bytes.count {
      #expect(throws: (any Error).self) { try ChunkInputs(Array(inputs.bytes.prefix(length))) }
    }
  }
}
