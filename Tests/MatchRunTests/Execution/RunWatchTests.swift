import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

@Suite struct RunWatchTests {
  /// A process that was given up in an earlier stage may report late, and another program may speak of a stage that this one has not.
  @Test func piecesOfOtherStagesAreNoSurprise() throws {
    let bench = try MatchBench(SimulatedSky.allSky.pair(seed: 7))
    let plan = try bench.plan(MatchConfiguration(), sourcesPerChunk: 40)
    let context = RunContext(
      plan: plan, run: 1, base: nil, stages: RunContext.standardStages, cancellation: Cancellation())
    var watch = RunWatch(context.stages, run: 1, a: "left", b: "right")
    let all = plan.chunks.indices.map { RunPiece(stage: .matching, position: $0) }
    watch.begin(.matching, all, of: all.count)
    #expect(watch.pixel(of: RunPiece(stage: .counting, position: 1)) == plan.chunks[1].pixel)
    #expect(watch.pixel(of: RunPiece(stage: .estimating, position: 0)) == plan.regions.regions[0].pixel)
    for unknown in [RunPiece(stage: .matching, position: -1), RunPiece(stage: .init("census"), position: 0)] {
      watch.drop(unknown)
      #expect(watch.pixel(of: unknown) == HealpixPixel.basePixels[0])
    }
  }

  /// What a stage is expected to take is that of its own pieces and of all stages after it.
  @Test func theTimeLeftIsThatOfAllStagesToCome() throws {
    let bench = try MatchBench(SimulatedSky.allSky.pair(seed: 7))
    let plan = try bench.plan(MatchConfiguration(), sourcesPerChunk: 40)
    let context = RunContext(
      plan: plan, run: 1, base: nil, stages: RunContext.standardStages, cancellation: Cancellation())
    var watch = RunWatch(context.stages, run: 1, a: "left", b: "right")
    let all = plan.chunks.indices.map { RunPiece(stage: .counting, position: $0) }
    watch.begin(.counting, all, of: all.count)
    watch.finish(all[0], isReused: false)
    let progress = watch.now(.tick)
    let expected = plan.stageEstimates.reduce(0) { $0 + $1.seconds }
    let spent = plan.chunkEstimates[0].countingSeconds
    let left = try #require(progress.secondsLeft)
    #expect(abs(left / progress.seconds / ((expected - spent) / spent) - 1) < 0.01)
    #expect(progress.done == 1 && progress.total == all.count)
  }
}
