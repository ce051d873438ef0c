import CatalogStore
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// A stage that no match has: it counts the sources of every chunk. The engine runs it without knowing it.
private struct CensusStage: Stage {
  let context: RunContext
  let census: Census

  var id: RunProgress.Stage { RunProgress.Stage("census") }
  var readsProducts: Bool { false }

  func pieces() -> [StagePiece] {
    context.plan.unitEstimates.map { StagePiece(pixel: $0.unit.pixel, seconds: 1e-3, sources: 0) }
  }

  func worker(scratch: String?) -> any StageWorker { CensusWorker(stage: self) }

  func begin(_ ledger: RunLedger) -> StageWork? {
    let known = census.found.withLock { Set($0.keys) }
    let units = context.plan.units
    return StageWork(left: units.indices.filter { !known.contains($0) }, total: units.count)
  }

  func record(_ report: PieceReport, of position: Int, in ledger: RunLedger) throws {
    var reader = IntegerReader(report.payload[...])
    let count = try reader.int64()
    census.found.withLock { $0[position] = count }
  }
}

/// What the stage has found, in the process of the manager.
private final class Census: Sendable {
  /// Sources of every chunk, by position.
  let found = Guarded<[Int: Int64]>([:])
  /// Pieces that fail the first time they are tried.
  let failing = Guarded<Set<Int>>([0, 3])
}

private final class CensusWorker: StageWorker {
  private let stage: CensusStage

  init(stage: CensusStage) { self.stage = stage }

  func perform(_ position: Int) throws -> PieceResult {
    if stage.census.failing.withLock({ $0.remove(position) != nil }) {
      throw StoreError(.system, "census", "was disturbed")
    }
    var stop = StopCheck.never
    let sky = PixelRangeSet(pixels: [stage.context.plan.units[position].pixel])
    let sources = try NeighbourhoodReader(stage.context.plan.inputs).sources(in: sky, stop: &stop)
    var writer = IntegerWriter()
    writer.put(Int64(sources.a.count + sources.b.count))
    return PieceResult(payload: writer.bytes)
  }
}

@Suite struct ExtraStageTests {
  private let census = Census()

  private var stages: StageList {
    { [census] context in
      var stages = RunContext.standardStages(context)
      stages.insert(CensusStage(context: context, census: census), at: 2)
      return stages
    }
  }

  private func run(
    _ bench: MatchBench, ranks: Int, threads: Int, progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) throws -> MatchDriver.Outcome {
    let transports = MailTransport.all(ranks)
    let others = transports.dropFirst().compactMap { transport in
      PlainThread { [stages] in
        try? Crew(
          transport: transport, threads: threads, scratch: nil, stages: stages, cancellation: Cancellation()
        ).serve()
      }
    }
    let crew = Crew(
      transport: transports[0], threads: threads, scratch: nil, stages: stages, cancellation: Cancellation())
    defer {
      try? crew.dismiss()
      for thread in others { thread.join() }
    }
    return try MatchDriver(
      plan: bench.plan(MatchConfiguration(), sourcesPerUnit: 40), crew: crew, stages: stages, cancellation: Cancellation()
    )
    .run(redo: true, progress: progress)
  }

  @Test(arguments: [1, 3], [1, 2])
  func aStageThatTheEngineDoesNotKnowIsRunLikeAnyOther(ranks: Int, threads: Int) throws {
    let pair = SimulatedSky.allSky.pair(seed: 7)
    let bench = try MatchBench(pair)
    let events = Guarded<(stages: [String], failures: Int)>(([], 0))
    let outcome = try run(bench, ranks: ranks, threads: threads) { progress in
      events.withLock {
        if $0.stages.last != progress.stage.name { $0.stages.append(progress.stage.name) }
        $0.failures = progress.failures
      }
    }
    #expect(outcome.isComplete)
    #expect(events.withLock { $0.stages } == ["counting", "estimating", "census", "matching"])
    #expect(events.withLock { $0.failures } == 2)
    let total = census.found.withLock { $0.values.reduce(0, +) }
    #expect(total == Int64(pair.a.sources.count + pair.b.sources.count))
    #expect(try bench.rows(of: outcome).text == bench.run(MatchConfiguration(), sourcesPerUnit: 40).text)
  }
}
