import CatalogStore
import Testing
import XMDBTestSupport

@testable import MatchRun

/// What is in flight at the end of a job's time is given up, and done by the next one.
@Suite struct TimeLimitTests {
  /// One island that takes far longer than the time there is.
  private func slow() throws -> MatchBench {
    let heap = (0..<700).map { _ in SimulatedSource(10, 0, sigma: 0.3) }
    return try MatchBench(SimulatedPair(a: heap, b: heap))
  }

  @Test func workInFlightIsGivenUpAtTheEndOfTheTime() throws {
    let bench = try slow()
    let plan = try bench.plan()
    var limits = RunLimits()
    (limits.deadline, limits.end) = (Program.seconds() + 0.2, Program.seconds() + 0.3)
    let crew = Crew(threads: 1)
    let start = Program.seconds()
    let outcome = try MatchDriver(plan: plan, crew: crew, limits: limits, cancellation: Cancellation()).run()
    try crew.dismiss()
    #expect(outcome.isCutShort && !outcome.isComplete && outcome.problems.isEmpty)
    #expect(Program.seconds() - start < 60)
    let fingerprint = plan.fingerprint.description
    #expect(try bench.database.registry().run(plan.a.name, plan.b.name, fingerprint: fingerprint)?.finished == nil)
  }

  /// Seconds of a flight that should take so long and has taken so long.
  @Test func noTimeLeftIsShorterThanWhatAFlightStillNeeds() {
    #expect(RunWatch.timeLeft(10, flights: []) == 10)
    #expect(RunWatch.timeLeft(0.3, flights: [(expected: 100, elapsed: 20)]) == 80)
    #expect(RunWatch.timeLeft(0.3, flights: [(expected: 1, elapsed: 90), (expected: 5, elapsed: 1)]) == 90)
    #expect(RunWatch.timeLeft(1000, flights: [(expected: 1, elapsed: 90)]) == 1000)
    #expect(RunWatch.timeLeft(-1, flights: []) == 0)
  }
}
