import CatalogStore
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Several processes in one process, talking in bytes: each plans from the copy of the registry that process 0 made.
@Suite struct CrewTests {
  private let pair = SimulatedSky.allSky.pair(seed: 7)

  private func run(
    _ bench: MatchBench, _ configuration: MatchConfiguration, processes: Int, threads: Int,
    limits: RunLimits = RunLimits(),
    progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) throws -> MatchDriver.Outcome {
    let transports = MailTransport.all(processes)
    let failures = Guarded<[String]>([])
    let others = transports.dropFirst().compactMap { transport in
      PlainThread {
        do { try Crew(transport: transport, threads: threads).serve() } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    let crew = Crew(transport: transports[0], threads: threads)
    defer {
      try? crew.dismiss()
      for thread in others { thread.join() }
      #expect(failures.withLock { $0 }.isEmpty)
    }
    let plan = try bench.plan(configuration, sourcesPerChunk: 40)
    return try MatchDriver(plan: plan, crew: crew, limits: limits, cancellation: Cancellation())
      .run(redo: true, progress: progress)
  }

  @Test(arguments: [1, 2, 4], [1, 2])
  func anyNumberOfProcessesAndThreadsGivesTheSameBytes(processes: Int, threads: Int) throws {
    var configuration = MatchConfiguration()
    configuration.sourcesPerRegion = 1000
    let expected = try MatchBench(pair).run(configuration, sourcesPerChunk: 100_000_000)
    let bench = try MatchBench(pair, shardBytes: 30_000)
    let workers = Guarded<Set<Int>>([])
    let outcome = try run(bench, configuration, processes: processes, threads: threads) { progress in
      if case .done(_, let rank, _) = progress.event { _ = workers.withLock { $0.insert(rank) } }
    }
    #expect(outcome.isComplete)
    #expect(try bench.rows(of: outcome).text == expected.text)
    #expect(workers.withLock { $0 } == Set(0..<processes), "every process does something")
  }

  @Test func severalRunsWithOneCrewAndTheReportsOwnMethod() throws {
    var configuration = MatchConfiguration()
    configuration.method = .survivors
    let expected = try MatchBench(pair).run(configuration)
    let bench = try MatchBench(pair)
    let transports = MailTransport.all(2)
    let other = PlainThread { _ = try? Crew(transport: transports[1], threads: 1).serve() }
    let crew = Crew(transport: transports[0], threads: 1)
    for (settings, text) in [
      (configuration, expected.text), (MatchConfiguration.positionsOnly, try MatchBench(pair).run().text),
    ] {
      let plan = try bench.plan(settings, sourcesPerChunk: 60)
      let outcome = try MatchDriver(plan: plan, crew: crew, cancellation: Cancellation()).run()
      #expect(try bench.rows(of: outcome).text == text)
    }
    try crew.dismiss()
    other?.join()
  }

  @Test func aDeadlineEndsTheRunInTime() throws {
    let bench = try MatchBench(pair)
    var limits = RunLimits()
    limits.deadline = Program.seconds()
    let cut = try run(bench, .positionsOnly, processes: 2, threads: 1, limits: limits)
    #expect(cut.isCutShort && !cut.isComplete)
    let outcome = try MatchDriver(plan: bench.plan(), threads: 1).run()
    #expect(outcome.isComplete && outcome.run == cut.run)
    #expect(try bench.rows(of: outcome).text == MatchBench(pair).run().text)
  }

  /// Counts that were cut off are counted again; those that are whole are not.
  @Test func countsAreTakenUpAndMendedWhenDamaged() throws {
    let configuration = MatchConfiguration()
    let bench = try MatchBench(pair)
    let cancellation = Cancellation()
    let plan = try bench.plan(configuration, sourcesPerChunk: 40)
    #expect(throws: StoreError.self) {
      try MatchDriver(plan: plan, threads: 1, cancellation: cancellation).run {
        if $0.stage == .counting, $0.done == 5 { cancellation.request() }
      }
    }
    let run = try #require(try bench.database.registry().allRuns().first)
    let files = RunFiles(bench.database, run: run.id)
    let written = plan.chunks.filter { FileSystem.exists(files.counts($0.pixel)) }
    #expect(written.count >= 5 && written.count < plan.chunks.count)
    let damaged = files.counts(written[2].pixel)
    let contents = try FileSystem.contents(of: damaged)
    let writer = try FileWriter(path: damaged)
    try writer.write(bytes: Array(contents.dropLast(3)))
    _ = try writer.publish()
    let resumed = Guarded(0)
    let outcome = try MatchDriver(plan: plan, threads: 1).run { progress in
      if progress.stage == .counting { resumed.withLock { $0 = progress.resumed } }
    }
    #expect(resumed.withLock { $0 } == written.count)
    #expect(try bench.rows(of: outcome).text == MatchBench(pair).run(configuration).text)
    #expect(try FileSystem.contents(of: damaged) == contents)
  }
}
