import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@Suite struct OrderedWorkTests {
  /// What was passed on, and how far the making ran ahead of it.
  private final class Log: Sendable {
    private struct State {
      var begun = 0
      var passed: [Int] = []
      var farthestAhead = 0
    }
    private let state = Guarded(State())

    var passed: [Int] { state.withLock { $0.passed } }
    var farthestAhead: Int { state.withLock { $0.farthestAhead } }

    func begin() {
      state.withLock {
        $0.begun += 1
        $0.farthestAhead = max($0.farthestAhead, $0.begun - $0.passed.count)
      }
    }
    func pass(_ piece: Int) { state.withLock { $0.passed.append(piece) } }
  }

  private struct Failure: Error, Equatable { var piece: Int }

  @Test(arguments: [1, 2, 5]) func piecesComeInOrderAndOnlyAFewAhead(_ threads: Int) throws {
    let log = Log()
    let room = threads + 2
    let work = OrderedWork<Int>(count: 300, room: room) { log.pass($0) }
    try WorkerThreads.run(count: threads, threads: threads) { thread in
      var random = SplitMix64(seed: UInt64(thread))
      try work.help { number in
        log.begin()
        usleep(UInt32(random.next() % 300))
        return number
      }
    }
    #expect(log.passed == Array(0..<300))
    // A piece leaves its room just after it was passed on.
    #expect(log.farthestAhead <= room + 1)
  }

  @Test func nothingToDoEnds() throws {
    let work = OrderedWork<Int>(count: 0, room: 1) { _ in Issue.record("there is no piece") }
    try WorkerThreads.run(count: 2, threads: 2) { _ in try work.help { $0 } }
  }

  @Test(arguments: [0, 17, 99]) func anErrorEndsAllThreads(_ bad: Int) throws {
    let log = Log()
    let work = OrderedWork<Int>(count: 100, room: 4) { log.pass($0) }
    #expect(throws: Failure(piece: bad)) {
      try WorkerThreads.run(count: 3, threads: 3) { _ in
        try work.help { number in
          if number == bad { throw Failure(piece: number) }
          return number
        }
      }
    }
    #expect(log.passed == Array(0..<log.passed.count) && log.passed.count <= bad)
  }

  @Test func anErrorInPassingOnEndsAllThreads() throws {
    let work = OrderedWork<Int>(count: 100, room: 4) { if $0 == 20 { throw Failure(piece: 20) } }
    #expect(throws: Failure(piece: 20)) {
      try WorkerThreads.run(count: 3, threads: 3) { _ in try work.help { $0 } }
    }
  }
}
