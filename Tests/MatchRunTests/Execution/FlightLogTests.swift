import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@testable import MatchRun

/// What was in flight when a process was killed is known to the next, and in the end kept from doing more harm.
@Suite struct FlightLogTests {
  private func piece(_ position: Int) -> RunPiece { RunPiece(stage: .matching, position: position) }

  @Test func onlyWhatWasInFlightIsRemembered() throws {
    let workdir = try Workdir()
    let path = workdir.path("runs/1/flights")
    for kills in 0..<3 {
      let log = try FlightLog(path)
      #expect(log.kills == (kills == 0 ? [:] : [piece(2): kills, piece(9): kills]))
      for position in [1, 2, 3, 9] { log.begin(piece(position)) }
      for position in [1, 3] { log.end(piece(position)) }
      // Killed here.
      log.close()
    }
    let writer = try FileWriter(path: path)
    let lines = [
      "killed 5 matching 2", "begun matching 4", "killed 9223372036854775807 matching 6", "begun matching 6",
    ]
    for line in lines { try writer.write(FlightLog.line(line)) }
    try writer.write("rubbish\nkilled 9 matching 3\nbegun mat")
    _ = try writer.publish()
    #expect(try FlightLog(path).kills == [piece(2): 5, piece(4): 1, piece(6): 1_000_001])
  }

  @Test func whatALostProcessHadCountsAsKilled() throws {
    let path = try Workdir().path("flights")
    var log = try FlightLog(path)
    for position in 0..<3 { log.begin(piece(position)) }
    #expect(log.lose(piece(1)) == 1)
    log.begin(piece(1))
    #expect(log.lose(piece(1)) == 2 && log.kills == [piece(1): 2])
    log.end(piece(2))
    log.close()
    #expect(try FlightLog(path).kills == [piece(0): 1, piece(1): 2])
  }

  @Test func aChunkThatKillsItsProcessIsDoneLastAndThenNotAtAll() throws {
    let pair = SimulatedSky.clusters.pair(seed: 12)
    for (kills, isSetAside) in [(2, false), (4, true)] {
      let bench = try MatchBench(pair)
      let plan = try bench.plan(sourcesPerChunk: 40)
      let cancellation = Cancellation()
      cancellation.request()
      #expect(throws: StoreError.self) { try MatchDriver(plan: plan, threads: 1, cancellation: cancellation).run() }
      let run = try #require(try bench.database.registry().allRuns().first?.id)
      let flights = RunFiles(bench.database, run: run).flights
      let writer = try FileWriter(path: flights)
      try writer.write(FlightLog.line("killed \(kills) matching 0"))
      _ = try writer.publish()
      let order = Guarded<[Int64]>([])
      let outcome = try MatchDriver(plan: plan, threads: 2).run { progress in
        if case .done(let pixel, _, _) = progress.event { order.withLock { $0.append(pixel.index) } }
      }
      if isSetAside {
        #expect(outcome.problems.map(\.position) == [0] && !outcome.isComplete)
        #expect(outcome.problems[0].reason.contains(flights), "it says how to try again")
        try FileManager.default.removeItem(atPath: flights)
        let again = try MatchDriver(plan: plan, threads: 1).run()
        #expect(again.isComplete && again.chunksResumed == plan.chunks.count - 1)
      } else {
        #expect(outcome.isComplete && order.withLock { $0.last } == plan.chunks[0].pixel.index)
      }
    }
  }
}
