import CatalogStore
import Foundation
import Indexing
import MatchRun
import Synchronization
import Testing
import XMDBTestSupport

/// A run that was stopped goes on where it was.
@Suite struct ResumeTests {
  private let pair = SimulatedSky.clusters.pair(seed: 12)

  /// Runs until `count` chunks are done, then asks to stop.
  private func stop(_ bench: MatchBench, after count: Int, threads: Int) throws -> StoreError? {
    let cancellation = Cancellation()
    let driver = MatchDriver(plan: try bench.plan(sourcesPerChunk: 40), threads: threads, cancellation: cancellation)
    return #expect(throws: StoreError.self) {
      try driver.run { if $0.done - $0.resumed >= count { cancellation.request() } }
    }
  }

  /// Counts the pieces of work that are done.
  private func counting(_ count: borrowing Atomic<Int>, _ progress: RunProgress) {
    if case .done = progress.event { count.add(1, ordering: .relaxed) }
  }

  @Test(arguments: [1, 3, 7])
  func aStoppedRunGoesOnToTheSameBytes(chunksBefore: Int) throws {
    let bench = try MatchBench(pair)
    let expected = try MatchBench(pair).run(sourcesPerChunk: 40)
    let error = try stop(bench, after: chunksBefore, threads: 1)
    #expect(error?.code == .interrupted)
    #expect(throws: StoreError.self, "a run that is not finished is not visible") { try bench.export() }
    let files = try finishedFiles(bench)
    #expect(files.count >= chunksBefore)
    let computed = Atomic<Int>(0)
    let outcome = try MatchDriver(plan: bench.plan(sourcesPerChunk: 40), threads: 1).run { counting(computed, $0) }
    let rows = try bench.rows(of: outcome)
    #expect(outcome.chunksResumed == files.count && !outcome.wasThere)
    #expect(computed.load(ordering: .relaxed) == rows.chunks.count - files.count)
    #expect(
      try finishedFiles(bench).filter { files.keys.contains($0.key) } == files, "finished chunks were written again")
    #expect(rows.text == expected.text)
    #expect(outcome.totals == expected.outcome.totals)
    #expect(rows.chunks.map(\.fingerprint) == expected.chunks.map(\.fingerprint))
  }

  /// Modification times of the result shards that the registry knows, by path.
  private func finishedFiles(_ bench: MatchBench) throws -> [String: Date] {
    let registry = try bench.database.registry()
    guard let run = try registry.allRuns().first else { return [:] }
    return try Dictionary(
      uniqueKeysWithValues: registry.chunks(of: run.id).map {
        let attributes = try FileManager.default.attributesOfItem(atPath: bench.database.path + "/" + $0.path)
        return ($0.path, attributes[.modificationDate] as! Date)
      })
  }

  @Test func manyStopsWithTwoThreadsGiveTheSameBytes() throws {
    let bench = try MatchBench(pair, shardBytes: 20_000)
    let expected = try MatchBench(pair).run(sourcesPerChunk: 40)
    for _ in 0..<3 { _ = try stop(bench, after: 1, threads: 2) }
    let outcome = try MatchDriver(plan: bench.plan(sourcesPerChunk: 40), threads: 2).run()
    #expect(outcome.chunksResumed >= 3)
    #expect(try bench.rows(of: outcome).text == expected.text)
  }

  @Test func aFinishedRunIsFoundAgainAndRedoneWhenAsked() throws {
    let bench = try MatchBench(pair)
    let first = try MatchDriver(plan: bench.plan(), threads: 1).run()
    let again = try MatchDriver(plan: bench.plan(), threads: 2).run()
    #expect(again.wasThere && again.run == first.run && again.totals == first.totals)
    let text = try bench.rows(of: first).text
    let redone = try MatchDriver(plan: bench.plan(), threads: 1).run(redo: true)
    #expect(!redone.wasThere)
    #expect(try bench.rows(of: redone).text == text)
    #expect(try bench.database.registry().allRuns().count == 1)
    var other = MatchConfiguration.positionsOnly
    other.candidateFraction = 0.99
    let different = try MatchDriver(plan: bench.plan(other), threads: 1).run()
    #expect(!different.wasThere && different.run != redone.run)
  }

  /// The chunks of a run are fixed when it begins: whatever size a later attempt would choose, it goes on with them.
  @Test(arguments: [39, 60, 1000])
  func aResumedRunKeepsItsChunks(size: Int) throws {
    let bench = try MatchBench(pair)
    let expected = try MatchBench(pair).run(sourcesPerChunk: 60)
    _ = try stop(bench, after: 3, threads: 1)
    let outcome = try MatchDriver(plan: bench.plan(sourcesPerChunk: size), threads: 1).run()
    #expect(outcome.chunksResumed >= 3)
    let rows = try bench.rows(of: outcome)
    #expect(rows.chunks.map(\.pixel) == (try bench.plan(sourcesPerChunk: 40).chunks.map(\.pixel)))
    #expect(rows.text == expected.text)
  }

  @Test func replacingACatalogueForgetsItsRuns() throws {
    let bench = try MatchBench(pair)
    _ = try MatchDriver(plan: bench.plan(), threads: 1).run()
    let stale = try bench.plan()
    var changed = pair.a
    changed.sources.removeLast()
    try bench.ingest(changed, replace: true)
    #expect(try bench.database.registry().allRuns().isEmpty)
    let error = #expect(throws: StoreError.self) { try bench.export() }
    #expect(error?.code == .usage)
    let busy = #expect(throws: StoreError.self) { try MatchDriver(plan: stale, threads: 1).run() }
    #expect(busy?.code == .busy)
    let outcome = try MatchDriver(plan: bench.plan(), threads: 1).run()
    #expect(outcome.totals.matches + outcome.totals.nonmatchesA == changed.sources.count)
  }

  @Test(arguments: ["empty", "rubbish", "missing", "cut off"])
  func aDamagedResultShardIsAClearError(damage: String) throws {
    let bench = try MatchBench(pair)
    let rows = try bench.run(sourcesPerChunk: 200)
    let path = bench.database.path + "/" + rows.chunks[0].path
    let contents = try Data(contentsOf: URL(fileURLWithPath: path))
    switch damage {
    case "empty": try Data().write(to: URL(fileURLWithPath: path))
    case "rubbish": try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
    case "missing": try FileManager.default.removeItem(atPath: path)
    default: try contents.prefix(contents.count / 2).write(to: URL(fileURLWithPath: path))
    }
    let error = #expect(throws: StoreError.self) { try bench.export() }
    let expected: [StoreError.Code?] = damage == "missing" ? [.damaged, .system] : [.damaged]
    #expect(expected.contains(error?.code), "\(String(describing: error))")
    #expect(error?.description.contains(rows.chunks[0].path) == true, "\(String(describing: error))")
  }

  /// A chunk that fails is set aside after three attempts and the others are done; once its input is whole again, the same
  /// command does only what is missing.
  @Test(arguments: [1, 2])
  func aFailedChunkIsSetAsideAndDoneLater(threads: Int) throws {
    var rng = SplitMix64(seed: 2)
    var objects = Sky()
    for pixel in HealpixPixel.basePixels.prefix(8) {
      let (ra, dec) = (pixel.center.raDegrees, pixel.center.decDegrees)
      objects.append(.cap(600, raDegrees: ra, decDegrees: dec, radiusDegrees: 0.2, using: &rng))
    }
    let pair = SimulatedPair(objects: objects, using: &rng)
    let bench = try MatchBench(pair, shardBytes: 1 << 14)
    let expected = try MatchBench(pair).run(sourcesPerChunk: 1000)
    let info = try bench.database.registry().catalogue("left")
    let shard = bench.database.path + "/" + info.shards[info.shards.count / 4].path
    let contents = try Data(contentsOf: URL(fileURLWithPath: shard))
    try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: shard))
    let plan = try bench.plan(sourcesPerChunk: 1000)
    #expect(plan.chunks.count == 8 && info.shards.count > 16)
    let outcome = try MatchDriver(plan: plan, threads: threads).run()
    // Chunks beside it read the shard for their halo.
    let missing = outcome.problems.count
    #expect(!outcome.isComplete && (1...4).contains(missing))
    let problem = try #require(outcome.problems.first)
    #expect(problem.code == .damaged && problem.attempts == 3 && problem.stage == "matching")
    #expect(problem.reason.contains(shard.suffix(20)), "\(problem.reason)")
    let registry = try bench.database.registry()
    #expect(try registry.problems(of: outcome.run) == outcome.problems.sorted { $0.position < $1.position })
    #expect(throws: StoreError.self, "a run with something missing is not visible") { try bench.export() }
    try contents.write(to: URL(fileURLWithPath: shard))
    let again = try MatchDriver(plan: bench.plan(sourcesPerChunk: 1000), threads: threads).run()
    #expect(again.isComplete && again.chunksResumed == 8 - missing)
    #expect(try bench.database.registry().problems(of: again.run).isEmpty)
    #expect(try bench.rows(of: again).text == expected.text)
  }
}
