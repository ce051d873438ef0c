import CatalogStore
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// A stage that no match has: it counts the sources of every chunk. This is all that there is of it; the engine gives it processes,
/// retries, resume, and what did not change after a catalogue was replaced.
private struct CensusStage: ProductStage {
  let context: RunContext
  let watch: CensusWatch

  var id: RunProgress.Stage { RunProgress.Stage("census") }
  var readsProducts: Bool { false }
  var count: Int { context.plan.chunks.count }

  func pixel(_ position: Int) -> HealpixPixel { context.plan.chunks[position].pixel }
  func pieces() -> [StagePiece] { (0..<count).map { StagePiece(pixel: pixel($0), seconds: 1e-3, sources: 0) } }
  func worker(scratch: String?) -> any StageWorker { CensusWorker(stage: self) }

  static func sources(_ payload: [UInt8]) throws -> Int64 {
    var reader = IntegerReader(payload[...])
    return try reader.int64()
  }
}

private final class CensusWorker: StageWorker {
  private let stage: CensusStage
  private let digests: InputDigests

  init(stage: CensusStage) {
    self.stage = stage
    digests = InputDigests(stage.context.plan)
  }

  private func sources(_ position: Int) throws -> SourcePair {
    var stop = StopCheck.never
    let sky = PixelRangeSet(pixels: [stage.pixel(position)])
    return try NeighbourhoodReader(stage.context.plan.inputs).sources(in: sky, stop: &stop)
  }

  func digest(_ position: Int) throws -> String? { try digests.ofCounts(from: sources(position)).description }

  func perform(_ position: Int) throws -> PieceResult {
    try stage.watch.perform(position)
    let sources = try sources(position)
    var writer = IntegerWriter()
    writer.put(Int64(sources.a.count + sources.b.count))
    return PieceResult(payload: writer.bytes)
  }
}

/// Sees what workers of this process do.
private final class CensusWatch: Sendable {
  private let state: Guarded<(failing: Set<Int>, performed: Int)>

  /// - Parameter failing: Pieces that fail the first time they are tried.
  init(failing: Set<Int> = []) { state = Guarded((failing, 0)) }

  /// Pieces that were performed, without those that failed.
  var performed: Int { state.withLock { $0.performed } }

  func perform(_ position: Int) throws {
    let isDisturbed = state.withLock { state in
      let isDisturbed = state.failing.remove(position) != nil
      if !isDisturbed { state.performed += 1 }
      return isDisturbed
    }
    if isDisturbed { throw StoreError(.system, "census", "was disturbed") }
  }
}

/// What the progress of a run tells of its stages.
private final class StageDiary: Sendable {
  private let state = Guarded<(stages: [String], last: [String: RunProgress], failures: Int)>(([], [:], 0))

  func take(_ progress: RunProgress) {
    state.withLock {
      if $0.stages.last != progress.stage.name { $0.stages.append(progress.stage.name) }
      $0.last[progress.stage.name] = progress
      $0.failures = progress.failures
    }
  }

  var stages: [String] { state.withLock { $0.stages } }
  var failures: Int { state.withLock { $0.failures } }
  func last(_ stage: String) -> RunProgress? { state.withLock { $0.last[stage] } }
}

@Suite struct ExtraStageTests {
  private func stages(_ watch: CensusWatch) -> StageList {
    { context in
      var stages = RunContext.standardStages(context)
      stages.insert(CensusStage(context: context, watch: watch), at: 2)
      return stages
    }
  }

  private func run(
    _ bench: MatchBench, _ watch: CensusWatch, processes: Int = 1, threads: Int = 2, redo: Bool = false,
    cancellation: Cancellation = Cancellation(), progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) throws -> MatchDriver.Outcome {
    let stages = stages(watch)
    let transports = MailTransport.all(processes)
    let others = transports.dropFirst().compactMap { transport in
      PlainThread {
        _ = try? Crew(
          transport: transport, threads: threads, scratch: nil, stages: stages, cancellation: Cancellation()
        ).serve()
      }
    }
    let crew = Crew(
      transport: transports[0], threads: threads, scratch: nil, stages: stages, cancellation: cancellation)
    defer {
      try? crew.dismiss()
      for thread in others { thread.join() }
    }
    return try MatchDriver(
      plan: bench.plan(MatchConfiguration(), sourcesPerChunk: 40), crew: crew, stages: stages,
      cancellation: cancellation
    ).run(redo: redo, progress: progress)
  }

  /// The sources of all chunks, as the product of the run tells.
  private func census(_ bench: MatchBench, _ run: Int64) throws -> [Int64] {
    try bench.database.registry().products(of: run, named: "census").map { try CensusStage.sources($0.payload) }
  }

  private func sources(_ pair: SimulatedPair) -> Int64 { Int64(pair.a.sources.count + pair.b.sources.count) }

  @Test(arguments: [1, 3], [1, 2])
  func aStageThatTheEngineDoesNotKnowIsRunLikeAnyOther(processes: Int, threads: Int) throws {
    let pair = SimulatedSky.allSky.pair(seed: 7)
    let bench = try MatchBench(pair)
    let (watch, diary) = (CensusWatch(failing: [0, 3]), StageDiary())
    let outcome = try run(bench, watch, processes: processes, threads: threads) { diary.take($0) }
    #expect(outcome.isComplete && diary.failures == 2)
    #expect(diary.stages == ["counting", "estimating", "census", "matching"])
    #expect(try census(bench, outcome.run).reduce(0, +) == sources(pair))
    #expect(try bench.rows(of: outcome).text == bench.run(MatchConfiguration(), sourcesPerChunk: 40).text)
  }

  @Test func thePlanHasTheStagesAsTheyDeclareThemselves() throws {
    let plan = try MatchBench(SimulatedSky.allSky.pair(seed: 7)).plan(MatchConfiguration(), sourcesPerChunk: 40)
    let estimates = plan.stageEstimates(of: stages(CensusWatch()))
    #expect(estimates.map(\.name) == ["counting", "estimating", "census", "matching"])
    #expect(estimates[2].pieces == plan.chunks.count && estimates[2].longestSeconds == 1e-3)
    #expect(abs(estimates[2].seconds - 1e-3 * Double(plan.chunks.count)) < 1e-9)
    let seconds = plan.chunkEstimates.reduce(0) { $0 + $1.seconds }
    #expect(abs(estimates[0].seconds + estimates[3].seconds - seconds) < 1e-9 * seconds)
    #expect(plan.stageEstimates.map(\.name) == ["counting", "estimating", "matching"] && estimates[1].seconds > 0)
  }

  @Test func whatWasDoneIsNotDoneAgain() throws {
    let pair = SimulatedSky.allSky.pair(seed: 7)
    let bench = try MatchBench(pair)
    let (first, cancellation) = (CensusWatch(), Cancellation())
    #expect(throws: StoreError.self) {
      try run(bench, first, cancellation: cancellation) {
        if $0.stage == .matching, $0.done == 3 { cancellation.request() }
      }
    }
    let (second, diary) = (CensusWatch(), StageDiary())
    let outcome = try run(bench, second) { diary.take($0) }
    #expect(outcome.isComplete && first.performed > 0 && second.performed == 0)
    #expect(diary.last("census").map { $0.resumed == $0.total && $0.total == first.performed } ?? false)
    #expect(try census(bench, outcome.run).reduce(0, +) == sources(pair))
  }

  @Test func whatDidNotChangeIsTakenOver() throws {
    var pair = SimulatedSky.allSky.pair(seed: 7)
    let bench = try MatchBench(pair)
    let first = CensusWatch()
    #expect(try run(bench, first).isComplete)
    // The densities at its neighbours change with it, and here these are all over some base pixel.
    pair.a.sources.removeLast()
    try bench.ingest(pair.a, replace: true)
    let (second, diary) = (CensusWatch(), StageDiary())
    let outcome = try run(bench, second) { diary.take($0) }
    #expect(outcome.isComplete && second.performed > 0 && second.performed < first.performed)
    #expect(diary.last("census").map { $0.reused == $0.total - second.performed } ?? false)
    #expect(try census(bench, outcome.run).reduce(0, +) == sources(pair))
    #expect(try DatabaseVerifier(database: bench.database, threads: 1).verify(run: outcome.run).damages.isEmpty)
  }
}
