import CatalogStore
import MatchRun
import Testing
import XMDBTestSupport

/// What a plan says beforehand, beside what a run then finds.
@Suite struct PlanEstimateTests {
  /// The sources of `pixelBorders` lie in heaps, of which a coverage map knows nothing.
  @Test(arguments: SimulatedSky.allCases.filter { $0 != .pixelBorders })
  func sourcesAndPairsAreThoseThatTheRunFinds(sky: SimulatedSky) throws {
    let pair = sky.pair()
    let bench = try MatchBench(pair)
    let plan = try bench.plan(sourcesPerChunk: 60)
    let estimates = plan.chunkEstimates
    #expect(estimates.map(\.chunk) == plan.chunks)
    let sources = estimates.reduce(0) { $0 + $1.sourcesA + $1.sourcesB }
    #expect(abs(sources - Double(plan.a.rows + plan.b.rows)) < 1e-6 * sources)
    let outcome = try bench.run(plan).outcome
    let pairs = estimates.reduce(0) { $0 + $1.pairs }
    #expect(
      pairs > 0.3 * Double(outcome.totals.pairs) && pairs < 3 * Double(outcome.totals.pairs), "\(pairs), \(outcome)")
    for estimate in estimates {
      #expect(estimate.seconds > 0 && estimate.seconds < 1 && estimate.seconds >= estimate.matchingSeconds)
      #expect(estimate.memoryBytes > 0 && estimate.diskBytes > 0)
    }
  }

  /// Heaps of equal positions beside an ordinary field, below and above what a source may have for candidates.
  @Test(arguments: [100, 300, 1500])
  func heapsAreKnownBeforehand(size: Int) throws {
    var rng = SplitMix64(seed: 8)
    let objects = Sky.cap(500, raDegrees: 150, decDegrees: 0, radiusDegrees: 0.2, using: &rng)
    var pair = SimulatedPair(objects: objects, using: &rng)
    let heap = (0..<size).map { _ in SimulatedSource(0, 0, sigma: 0.2) }
    pair = SimulatedPair(a: pair.a.sources + heap, b: pair.b.sources + heap)
    let bench = try MatchBench(pair)
    let plan = try bench.plan()
    let estimates = plan.chunkEstimates
    let pairs = estimates.reduce(0) { $0 + $1.pairs }
    let expected = size > 1000 ? 300.0 : 300 + Double(size * size)
    #expect(pairs > expected / 2 && pairs < expected * 2, "\(pairs)")
    let looked = estimates.reduce(0) { $0 + $1.load.crowdedCandidates }
    #expect(size > 1000 ? looked == 1000 * 2 * Double(size) : looked == 0, "\(looked)")
    #expect(estimates.allSatisfy { $0.memoryBytes < 200_000_000 })
  }

  @Test func aBudgetThatHoldsNothingIsRefused() throws {
    let bench = try MatchBench(SimulatedSky.allCases[0].pair())
    let error = #expect(throws: StoreError.self) {
      try MatchPlan(database: bench.database, a: bench.nameA, b: bench.nameB, memoryPerWorkerBytes: 1_000_000)
    }
    #expect(error?.code == .usage && "\(error!)".contains("64000000"), "\(error!)")
  }

  /// The cut is nobody's choice but the reader's of the plan: the same with a budget that is never felt.
  @Test func aBudgetThatIsNotFeltChangesNothing() throws {
    let bench = try MatchBench(SimulatedSky.allCases[0].pair())
    let plan = try MatchPlan(database: bench.database, a: bench.nameA, b: bench.nameB)
    let limited = try MatchPlan(
      database: bench.database, a: bench.nameA, b: bench.nameB, memoryPerWorkerBytes: 1_000_000_000)
    #expect(plan.chunks == limited.chunks && plan.fingerprint == limited.fingerprint)
  }

  @Test func timesFollowTheMachinesSpeed() {
    var load = ChunkLoad()
    (load.coreA, load.coreB, load.pairs) = (50_000, 50_000, 40_000)
    let (usual, slow) = (CostModel(), CostModel(speed: 0.5))
    #expect(slow.matchingSeconds(load) == 2 * usual.matchingSeconds(load))
    #expect(slow.countingSeconds(load) == 2 * usual.countingSeconds(load))
    #expect(slow.memoryBytes(load) == usual.memoryBytes(load))
  }
}
