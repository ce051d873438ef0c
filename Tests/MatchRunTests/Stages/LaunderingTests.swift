import CatalogStore
import Foundation
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Damage never passes into a new run: what is taken over or resumed is what was written, or is computed again.
@Suite struct LaunderingTests {
  private let pair = SimulatedSky.clusters.pair(seed: 12)

  private func flip(_ path: String, at share: Double) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[Int(Double(bytes.count) * share)] ^= 1
    // A new file: other names of the old one keep what they have.
    try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  private func chunks(_ bench: MatchBench) throws -> [RunChunk] {
    let registry = try bench.database.registry()
    return try registry.allRuns().first.map { try registry.chunks(of: $0.id) } ?? []
  }

  private func file(_ chunk: RunChunk, _ bench: MatchBench) -> String { bench.database.path + "/" + chunk.path }

  @Test(arguments: [0.1, 0.5, 0.9])
  func damagedChunksAreNotTakenOver(place: Double) throws {
    // Densities are those of a region: a sky of many regions, so that one source less leaves most chunks as they were.
    let pair = SimulatedSky.allSky.pair(seed: 3)
    let size = pair.a.sources.count / 20
    let bench = try MatchBench(pair)
    _ = try MatchDriver(plan: bench.plan(sourcesPerChunk: size), threads: 1).run()
    let damaged = try chunks(bench).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    for chunk in damaged { try flip(file(chunk, bench), at: place) }
    var changed = pair
    changed.a.sources.remove(at: pair.a.sources.count / 2)
    try bench.ingest(changed.a, replace: true)
    let outcome = try MatchDriver(plan: bench.plan(sourcesPerChunk: size), threads: 2).run()
    #expect(!outcome.damages.isEmpty && outcome.chunksReused > 0)
    #expect(Set(outcome.damages.map(\.subject)).isSubset(of: damaged.map { file($0, bench) }))
    let pixels = Set(damaged.map(\.pixel))
    #expect(try chunks(bench).allSatisfy { !$0.cost.isReused || !pixels.contains($0.pixel) })
    #expect(try bench.rows(of: outcome).text == MatchBench(changed).run(sourcesPerChunk: size).text)
    #expect(try DatabaseVerifier(database: bench.database, threads: 1).verify(run: outcome.run).damages.isEmpty)
  }

  @Test(arguments: [true, false])
  func aResumedRunComputesDamagedChunksAgain(isMissing: Bool) throws {
    let bench = try MatchBench(pair)
    let expected = try MatchBench(pair).run(sourcesPerChunk: 40)
    let cancellation = Cancellation()
    let driver = MatchDriver(plan: try bench.plan(sourcesPerChunk: 40), threads: 1, cancellation: cancellation)
    #expect(throws: StoreError.self) { try driver.run { if $0.done - $0.resumed >= 4 { cancellation.request() } } }
    let done = try chunks(bench)
    #expect(done.count >= 4)
    if isMissing {
      try FileManager.default.removeItem(atPath: file(done[1], bench))
    } else {
      try flip(file(done[1], bench), at: 0.6)
    }
    let outcome = try MatchDriver(plan: bench.plan(sourcesPerChunk: 40), threads: 1).run()
    #expect(outcome.damages.count == 1 && outcome.chunksResumed == done.count - 1)
    #expect(outcome.damages[0].subject == file(done[1], bench))
    #expect(try bench.rows(of: outcome).text == expected.text)
    #expect(outcome.totals == expected.outcome.totals)
    #expect(try DatabaseVerifier(database: bench.database, threads: 1).verify(run: outcome.run).damages.isEmpty)
  }

  /// Counts of another chunk, and counts that have changed, are as good as none.
  @Test func countsAreThoseOfTheirChunk() throws {
    let bench = try MatchBench(PhotometricSky.pair(seed: 5))
    var configuration = MatchConfiguration()
    configuration.sourcesPerRegion = 1000
    let size = 300
    let expected = try bench.run(configuration, sourcesPerChunk: size)
    let run = try #require(try bench.database.registry().allRuns().first)
    let pixels = try bench.database.registry().plannedPixels(of: run.id)
    let paths = pixels.map { bench.database.path + "/" + SkyDatabase.countsPath(run: run.id, $0) }
    let whole = try paths.filter(FileSystem.exists).map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    try #require(whole.count == paths.count && whole.count > 2)
    func damages() throws -> Int {
      try DatabaseVerifier(database: bench.database, threads: 1).verify(run: run.id).damages.count
    }
    #expect(try damages() == 0)
    try? FileManager.default.removeItem(atPath: paths[1])
    try FileManager.default.copyItem(atPath: paths[0], toPath: paths[1])
    try flip(paths[2], at: 0.5)
    #expect(try damages() == 2)
    let changed = PhotometricSky.pair(seed: 5).a
    try bench.ingest(changed, replace: true)
    let outcome = try MatchDriver(plan: bench.plan(configuration, sourcesPerChunk: size), threads: 1).run()
    #expect(try bench.rows(of: outcome).text == expected.text)
  }
}
