import CatalogStore
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Heaps of sources, and islands without end: what is not paired is kept and flagged, and the answer does not depend on how
/// the sky is cut.
@Suite struct CrowdedTests {
  private static let heapRA = 10.0

  /// An ordinary field, and `size` sources of either catalogue at one position far from it.
  private func field(heapOf size: Int) -> SimulatedPair {
    var rng = SplitMix64(seed: 38)
    let objects = Sky.cap(300, raDegrees: 12, decDegrees: 1, radiusDegrees: 0.2, using: &rng)
    let ordinary = SimulatedPair(objects: objects, using: &rng)
    func heap() -> [SimulatedSource] { (0..<size).map { _ in SimulatedSource(Self.heapRA, 0, sigma: 0.3) } }
    return SimulatedPair(a: ordinary.a.sources + heap(), b: ordinary.b.sources + heap())
  }

  private func configuration(candidates: Int = 1000, islandPairs: Int = 1_000_000) -> MatchConfiguration {
    var configuration = MatchConfiguration.positionsOnly
    (configuration.largestCandidates, configuration.largestIslandPairs) = (candidates, islandPairs)
    return configuration
  }

  private func isInHeap(_ row: RunRows.Row) -> Bool { abs(row.double("ra_deg") - Self.heapRA) < 0.01 }

  private func expectKeptApart(_ rows: RunRows, _ size: Int) {
    let heap = rows.nonmatches.filter(isInHeap)
    #expect(heap.count == 2 * size)
    for row in heap {
      #expect(row.flags.contains(.crowded) && row["alone_p"] == .null && row["match_p"] == .null, "\(row)")
      #expect(row["nnm_id"] == .null && row["alone_p_without_photometry"] == .null)
    }
    #expect(Set(heap.map { $0.integer("island") }).count == heap.count)
    let others = rows.matches + rows.pairs + rows.nonmatches.filter { !isInHeap($0) }
    #expect(!others.contains { $0.flags.contains(.crowded) })
  }

  @Test(arguments: [(candidates: 30, islandPairs: 1_000_000), (candidates: 1000, islandPairs: 1599)])
  func aHeapBeyondALimitIsKeptAndFlaggedAndChangesNothingElse(candidates: Int, islandPairs: Int) throws {
    let bench = try MatchBench(field(heapOf: 40))
    let limited = configuration(candidates: candidates, islandPairs: islandPairs)
    let rows = try bench.run(limited)
    expectKeptApart(rows, 40)
    let all = try bench.run(configuration())
    #expect(all.pairs.count == rows.pairs.count + 40 * 40)
    #expect(rows.matchedPairs == Set(all.matches.filter { abs($0.double("a_ra_deg") - Self.heapRA) > 0.01 }.map(\.ids)))
    for size in [30, 100] { #expect(try bench.run(limited, sourcesPerChunk: size, threads: 2).text == rows.text) }
  }

  @Test(arguments: [(candidates: 40, islandPairs: 1_000_000), (candidates: 1000, islandPairs: 1600)])
  func aHeapWithinTheLimitsIsPaired(candidates: Int, islandPairs: Int) throws {
    let rows = try MatchBench(field(heapOf: 40)).run(configuration(candidates: candidates, islandPairs: islandPairs))
    #expect(!rows.nonmatches.contains { $0.flags.contains(.crowded) })
    #expect(rows.pairs.count > 40 * 40)
  }

  /// In an ordinary field, a heap of b with one source of a, which sees only what is crowded; and one certain pair.
  @Test func whoSeesCrowdedSourcesIsFlaggedToo() throws {
    let field = field(heapOf: 0)
    let heap = (0..<30).map { _ in SimulatedSource(Self.heapRA, 0, sigma: 0.1) }
    let few = [SimulatedSource(Self.heapRA, 0, sigma: 0.1), SimulatedSource(14, 0, sigma: 0.1)]
    let bench = try MatchBench(
      SimulatedPair(a: field.a.sources + few, b: field.b.sources + heap + [SimulatedSource(14, 0, sigma: 0.1)]))
    let rows = try bench.run(configuration(candidates: 20))
    let crowded = rows.nonmatches.filter { $0.flags.contains(.crowded) }
    #expect(crowded.count == 31 && crowded.allSatisfy { $0["alone_p"] == .null && isInHeap($0) })
    let certain = rows.matches.filter { abs($0.double("a_ra_deg") - 14) < 0.01 && $0.double("a_dec_deg") == 0 }
    #expect(certain.count == 1 && certain.allSatisfy { $0.double("pair_p") > 0.9 })
  }

  /// Sources in turn along a great circle, of which every one is within reach of the next alone.
  private func chain(_ count: Int, stepArcsec: Double) -> SimulatedPair {
    var (a, b): ([SimulatedSource], [SimulatedSource]) = ([], [])
    for k in 0..<count {
      let source = SimulatedSource(45 + Double(k) * stepArcsec / 3600, 0, sigma: 1)
      if k % 2 == 0 { a.append(source) } else { b.append(source) }
    }
    return SimulatedPair(a: a, b: b)
  }

  @Test func anIslandOfTooManyPairsIsKnownFromAnyPartOfItThatIsTooLarge() throws {
    let bench = try MatchBench(chain(400, stepArcsec: 4), shardBytes: 20_000)
    let whole = try bench.run(configuration(islandPairs: 398))
    #expect(whole.nonmatches.count == 400 && whole.pairs.isEmpty)
    #expect(whole.nonmatches.allSatisfy { $0.flags.contains(.crowded) })
    for limit in [50, 398] {
      let cut = try bench.run(configuration(islandPairs: limit), sourcesPerChunk: 40, threads: 2)
      #expect(cut.chunks.count >= 8)
      #expect(cut.text == whole.text)
    }
    #expect(try bench.run(configuration(islandPairs: 399)).pairs.count == 399)
  }

  /// A hundred of the largest separations is as far as an island may reach, so that no halo grows without end.
  @Test func anIslandThatReachesTooFarIsNotPaired() throws {
    let bench = try MatchBench(chain(400, stepArcsec: 4), shardBytes: 20_000)
    var short = configuration()
    short.largestSeparationArcsec = 5
    let rows = try bench.run(short)
    #expect(rows.pairs.isEmpty && rows.nonmatches.allSatisfy { $0.flags.contains(.crowded) })
    #expect(try bench.run(short, sourcesPerChunk: 40, threads: 2).text == rows.text)
    short.largestSeparationArcsec = 20
    #expect(try bench.run(short).pairs.count == 399)
  }

  // MARK: The search

  private func placed(_ bench: MatchBench, _ plan: MatchPlan) throws -> (a: PlacedSources, b: PlacedSources) {
    var never = StopCheck.never
    let reader = NeighbourhoodReader(plan.inputs)
    return try reader.placed(reader.sources(in: .wholeSky, stop: &never))
  }

  @Test(arguments: [5, 30, 1000])
  func pairsThatAreNotHeldAreTheSameAsThoseThatAre(most: Int) throws {
    let bench = try MatchBench(field(heapOf: 40))
    let plan = try bench.plan(configuration(candidates: most))
    let (a, b) = try placed(bench, plan)
    var never = StopCheck.never
    let limits = plan.configuration.candidateLimits
    let held = try CandidateEdges(a.states, b.states, plan.likelihood, limits, stop: &never)
    let sought = try CandidateEdges(a.states, b.states, plan.likelihood, limits, usualCandidates: 10, stop: &never)
    #expect(held.a == sought.a && held.b == sought.b && held.level == sought.level)
    #expect(held.logDensity == sought.logDensity && held.separationArcsec == sought.separationArcsec)
    func marked(_ lacking: [Bool]?, _ count: Int) -> [Bool] {
      (lacking ?? []) + Array(repeating: false, count: count - (lacking?.count ?? 0))
    }
    #expect(marked(held.lackingA, a.count) == marked(sought.lackingA, a.count))
    #expect(marked(held.lackingB, b.count) == marked(sought.lackingB, b.count))
  }

  private struct Stopped: Error {}

  @Test(arguments: [Int.max, 10])
  func theSearchEndsSoonAfterItIsToldTo(usualCandidates: Int) throws {
    let bench = try MatchBench(field(heapOf: 1500))
    let plan = try bench.plan(configuration(candidates: 100_000))
    let (a, b) = try placed(bench, plan)
    var stop = StopCheck { throw Stopped() }
    #expect(throws: Stopped.self) {
      try CandidateEdges(
        a.states, b.states, plan.likelihood, plan.configuration.candidateLimits, usualCandidates: usualCandidates,
        stop: &stop)
    }
  }

  @Test func pairsOfCrowdedSourcesArePartOfNoDensity() throws {
    var measured = configuration(candidates: 30)
    measured.priors = .measured
    let bench = try MatchBench(field(heapOf: 40))
    defer { withExtendedLifetime(bench) {} }
    var without = measured
    without.largestCandidates = 1000
    let (heaped, counted) = (try pairs(bench.plan(measured)), try pairs(bench.plan(without)))
    #expect(counted - heaped == 1600, "\(heaped) \(counted)")
  }

  /// The pairs from which densities are measured.
  private func pairs(_ plan: MatchPlan) throws -> Int64 {
    let counter = RegionCounter(plan: plan)
    var (sum, stop) = (plan.emptyCounts, StopCheck.never)
    for chunk in plan.chunks {
      for counts in try counter.counts(of: chunk, stop: &stop).values { sum += counts }
    }
    guard case .kinds(let kinds) = sum else { return -1 }
    return kinds.pairs.counts.reduce(0, +)
  }
}
