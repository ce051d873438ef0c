import Testing
import XMDBTestSupport

@testable import MatchRun

/// Schedules of many processes, simulated with the manager of a real run.
@Suite struct ScheduleTests {
  private static var exact: ScheduleSimulation.Costs {
    var costs = ScheduleSimulation.Costs()
    (costs.manager, costs.latency, costs.measuresStateMachine) = (0, 0, false)
    return costs
  }

  private func run(_ seconds: [Double], processes: Int, threads: Int = 1, costs: ScheduleSimulation.Costs = exact)
    throws
    -> ScheduleSimulation.Result
  {
    var work = ScheduleSimulation.Work()
    work.matching = seconds
    return try ScheduleSimulation(work, processes: processes, threads: threads, costs: costs).run()
  }

  @Test func oneThreadTakesAsLongAsTheWork() throws {
    let result = try run([3, 1, 2], processes: 1)
    #expect(result.wallSeconds == 6 && result.efficiency == 1)
  }

  @Test func theLongestGoesFirst() throws {
    // 4 | 3 1: together 4; in the given order it would be 5.
    let result = try run([1, 3, 4], processes: 2)
    #expect(result.wallSeconds == 4 && result.efficiency == 1)
    #expect(try run([1, 3, 4], processes: 1, threads: 2).wallSeconds == 4)
  }

  @Test func noScheduleBeatsItsBounds() throws {
    try forEverySeed { rng in
      let seconds = (0..<200).map { _ in rng.uniform(0.1, 3) }
      for processes in [1, 3, 16, 300] {
        let result = try run(seconds, processes: processes, threads: 2)
        let (all, longest) = (seconds.reduce(0, +), seconds.max() ?? 0)
        let least = max(longest, all / Double(2 * processes))
        // List schedules take at most the least time and one more piece. Pieces that are given ahead wait a little longer.
        #expect(
          result.wallSeconds >= least * (1 - 1e-12) && result.wallSeconds <= least + 3 * longest, "seed \(rng.seed)")
        #expect(result.efficiency <= 1 + 1e-12)
      }
    }
  }

  @Test func theManagerIsTheLimitWhenItIsSlow() throws {
    var costs = Self.exact
    costs.manager = 1
    let result = try run(Array(repeating: 0.001, count: 100), processes: 10, costs: costs)
    #expect(result.wallSeconds >= 100 && result.managerLoad > 0.99)
  }

  @Test func latencyIsHiddenWhilePlentyIsLeft() throws {
    var costs = Self.exact
    costs.latency = 0.2
    let result = try run(Array(repeating: 1, count: 1000), processes: 4, costs: costs)
    #expect(result.efficiency > 0.97, "\(result.efficiency)")
  }

  @Test func eventsComeInTheOrderOfTime() {
    forEverySeed { rng in
      var queue = EventQueue<Int>()
      let times = (0..<300).map { _ in Double(rng.below(50)) }
      for (number, time) in times.enumerated() { queue.add(number, at: time) }
      var found: [Int] = []
      while let (time, number) = queue.popFirst() {
        #expect(times[number] == time)
        found.append(number)
      }
      #expect(found == times.indices.sorted { (times[$0], $0) < (times[$1], $1) }, "seed \(rng.seed)")
    }
  }

  @Test func theReportsFieldsAreAsItSays() {
    let sky = ImaginedSky.report
    let (a, b) = (sky.fields.map(\.sourcesA), sky.fields.map(\.sourcesB))
    #expect(sky.fields.count == 1558)
    #expect(abs(a.min()! - 64_000) < 1 && abs(a.max()! - 30_000_000) < 1 && abs(a.reduce(0, +) / 1.81e9 - 1) < 1e-3)
    #expect(abs(b.min()! - 680_000) < 1 && abs(b.max()! - 4_000_000) < 1 && abs(b.reduce(0, +) / 1.89e9 - 1) < 1e-3)
    #expect(abs(ImaginedSky.lsst.sources / 31e9 - 1) < 1e-3)
    let (chunks, fields) = (sky.work(sourcesPerChunk: sky.sourcesPerChunk), sky.work(sourcesPerChunk: nil))
    #expect(fields.matching.count == 1558 && chunks.matching.count > 5 * 1558)
    #expect(chunks.longest < 2 && fields.longest > 30)
  }

  @Test func aHundredProcessesAreUsedWellOnTheReportsSky() throws {
    let work = ImaginedSky.report.work(sourcesPerChunk: 1e6)
    var costs = ScheduleSimulation.Costs()
    costs.measuresStateMachine = false
    let result = try ScheduleSimulation(work, processes: 100, threads: 1, costs: costs).run()
    #expect(result.efficiency > 0.9, "\(result)")
  }
}
