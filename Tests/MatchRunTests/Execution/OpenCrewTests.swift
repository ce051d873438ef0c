import CatalogStore
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Processes that join in the middle of a run, leave it and are lost: the answer is that of one process.
@Suite struct OpenCrewTests {
  private let pair = SimulatedSky.allSky.pair(seed: 7)
  private let transport = OpenMailTransport()

  private func configuration() -> MatchConfiguration {
    var configuration = MatchConfiguration()
    configuration.sourcesPerRegion = 1000
    return configuration
  }

  /// A run of process 0 with one thread; `atFirst` is called when the first piece of a stage is done.
  private func run(
    _ bench: MatchBench, _ stage: RunProgress.Stage, atFirst: @escaping @Sendable () -> Void,
    progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) throws -> MatchDriver.Outcome {
    let crew = Crew(transport: transport, threads: 1)
    defer { try? crew.dismiss() }
    let plan = try bench.plan(configuration(), sourcesPerChunk: 40)
    let hasCalled = Guarded(false)
    return try MatchDriver(plan: plan, crew: crew, cancellation: Cancellation()).run(redo: true) { told in
      progress(told)
      guard case .done = told.event, told.stage == stage else { return }
      let isFirst = hasCalled.withLock { called in
        defer { called = true }
        return !called
      }
      if isFirst { atFirst() }
    }
  }

  /// A process that takes what it is given and does nothing, until it has a piece; then something happens.
  private func idler(_ transport: OpenMailTransport, threads: Int, then body: @escaping @Sendable (Int) -> Void)
    -> PlainThread?
  {
    let member = transport.join()
    try? member.send(ProcessMessage.joined(threads: threads).bytes, to: 0)
    return PlainThread {
      while let message = member.box.take(waiting: 30) {
        if case .piece = try? ManagerMessage(message) { return body(member.rank) }
      }
    }
  }

  private func requireAll(_ outcome: MatchDriver.Outcome, _ bench: MatchBench) throws {
    #expect(outcome.isComplete)
    let expected = try MatchBench(pair).run(configuration(), sourcesPerChunk: 100_000_000)
    #expect(try bench.rows(of: outcome).text == expected.text)
  }

  @Test(arguments: [RunProgress.Stage.counting, .estimating, .matching])
  func whoComesLateTakesPart(stage: RunProgress.Stage) throws {
    let bench = try MatchBench(pair, shardBytes: 30_000)
    let helpers = Guarded<[PlainThread]>([])
    let pieces = Guarded(0)
    let events = Guarded<[Int]>([])
    let transport = transport
    let outcome = try run(bench, stage) {
      let member = transport.join()
      // The message is there before the run goes on.
      let helper = PlainThread {
        let done = (try? Crew(transport: member, threads: 2).serve()) ?? -1
        pieces.withLock { $0 = done }
      }
      if let helper { helpers.withLock { $0.append(helper) } }
      while transport.inboxIsEmpty {}
    } progress: {
      if case .joined(let rank, let threads) = $0.event { events.withLock { $0 += [rank, threads] } }
    }
    for helper in helpers.withLock({ $0 }) { helper.join() }
    try requireAll(outcome, bench)
    #expect(events.withLock { $0 } == [1, 2])
    #expect(pieces.withLock { $0 } > 0)
  }

  @Test func whatALostProcessHadIsDoneByOthers() throws {
    let bench = try MatchBench(pair)
    let transport = transport
    let idlers = Guarded<[PlainThread]>([])
    let left = Guarded<[String]>([])
    let outcome = try run(bench, .counting) {
      for _ in 0..<3 {
        let idler = idler(transport, threads: 2) { transport.lose($0) }
        if let idler { idlers.withLock { $0.append(idler) } }
      }
    } progress: {
      if case .left(let rank, let reason) = $0.event { left.withLock { $0.append("\(rank) \(reason)") } }
    }
    for idler in idlers.withLock({ $0 }) { idler.join() }
    try requireAll(outcome, bench)
    #expect(Set(left.withLock { $0 }) == Set((1...3).map { "\($0) killed by a test" }))
  }

  @Test func whatAProcessThatLeavesHadIsDoneByOthers() throws {
    let bench = try MatchBench(pair)
    let transport = transport
    let idlers = Guarded<[PlainThread]>([])
    let left = Guarded(0)
    let outcome = try run(bench, .matching) {
      let member = transport.join()
      try? member.send(ProcessMessage.joined(threads: 4).bytes, to: 0)
      let idler = PlainThread {
        while let message = member.box.take(waiting: 30) {
          guard case .piece(let piece) = try? ManagerMessage(message) else { continue }
          try? member.send(ProcessMessage.leaving.bytes, to: 0)
          // What it says afterwards changes nothing.
          try? member.send(ProcessMessage.returned(piece).bytes, to: 0)
          try? member.send(ProcessMessage.leaving.bytes, to: 0)
          return transport.lose(member.rank)
        }
      }
      if let idler { idlers.withLock { $0.append(idler) } }
    } progress: {
      if case .left = $0.event { left.withLock { $0 += 1 } }
    }
    for idler in idlers.withLock({ $0 }) { idler.join() }
    try requireAll(outcome, bench)
    #expect(left.withLock { $0 } == 1)
  }

  @Test func whoIsNotUnderstoodIsLeftOut() throws {
    let bench = try MatchBench(pair)
    let transport = transport
    let outcome = try run(bench, .counting) {
      for bytes: [UInt8] in [[255, 255, 255], [], [1], [9, 9], Array(repeating: 1, count: 5000)] {
        try? transport.join().send(bytes, to: 0)
      }
      // Twice the same, and more threads than there can be.
      let member = transport.join()
      for _ in 0..<2 { try? member.send(ProcessMessage.joined(threads: .max).bytes, to: 0) }
      transport.lose(member.rank)
    }
    try requireAll(outcome, bench)
    #expect(transport.disconnected.withLock { $0 } == [1, 2, 3, 4, 5])
  }

  @Test func aProcessWithoutItsManagerEnds() throws {
    let lonely = LostTransport()
    #expect {
      try Crew(transport: lonely, threads: 1).serve()
    } throws: {
      ($0 as? StoreError)?.description == "match: process 0 is lost: it has ended"
    }
  }

  @Test func aProcessThatIsAskedToStopLeaves() throws {
    let cancellation = Cancellation()
    cancellation.request()
    let member = transport.join()
    #expect {
      try Crew(transport: member, threads: 1, cancellation: cancellation).serve()
    } throws: {
      ($0 as? StoreError)?.code == .interrupted
    }
    let said = try (0..<2).compactMap { _ -> ProcessMessage? in
      guard case .message(1, let bytes) = try transport.receive() else { return nil }
      return try ProcessMessage(bytes)
    }
    guard said.count == 2, case .joined = said[0], case .leaving = said[1] else {
      Issue.record("said \(said)")
      return
    }
  }

  private struct LostTransport: Transport {
    let rank = 1
    let isShared = true
    let isOpen = true
    let others = [0]
    func send(_ message: [UInt8], to rank: Int) throws {}
    func receive() throws -> Arrival? { .lost(0, reason: "it has ended") }
  }
}
