import Testing
import XMDBTestSupport

@testable import MatchRun

/// Who works on what: the state machine by itself, without threads, files or time.
@Suite struct RunManagerTests {
  private func pieces(_ count: Int) -> [RunPiece] { (0..<count).map { RunPiece(stage: .matching, position: $0) } }

  @Test func piecesAreHandedOutInOrderToThreadsFirst() {
    var manager = RunManager(attempts: 3)
    manager.join(0, threads: 2)
    manager.join(1, threads: 1)
    manager.begin(pieces(40))
    let given = manager.assignments()
    #expect(given.map(\.piece.position) == Array(0..<6))
    #expect(given.prefix(3).map(\.rank) == [0, 0, 1], "every thread has something before anyone has more")
    #expect(manager.inFlight == 6 && manager.left == 34)
    manager.finish(given[2].piece, by: 1)
    #expect(manager.assignments().map(\.rank) == [1])
  }

  @Test func nobodyHoardsTheLastPieces() {
    var manager = RunManager(attempts: 3)
    for rank in 0..<4 { manager.join(rank, threads: 1) }
    manager.begin(pieces(6))
    let given = manager.assignments()
    #expect(given.map(\.rank) == [0, 1, 2, 3])
    manager.finish(given[3].piece, by: 3)
    #expect(manager.assignments().map(\.rank) == [3])
  }

  @Test func aFailedPieceGoesToAnotherProcessAndIsThenSetAside() throws {
    var manager = RunManager(attempts: 3)
    manager.join(0, threads: 1)
    manager.join(1, threads: 1)
    manager.begin(pieces(1))
    var processes: [Int] = []
    var verdict = RunManager.Verdict.again(failures: 0)
    while case .again = verdict {
      guard let given = manager.assignments().first else { break }
      processes.append(given.rank)
      verdict = manager.fail(given.piece, on: given.rank)
    }
    #expect(processes.count == 3 && processes[0] != processes[1])
    #expect(verdict == .setAside(failures: 3))
    #expect(manager.isOver)
  }

  @Test func suspectsComeLastAndAlone() {
    var manager = RunManager(attempts: 3)
    for rank in 0..<3 { manager.join(rank, threads: 2) }
    let all = pieces(12)
    let suspects: Set = [all[0], all[5]]
    manager.begin(all, suspects: suspects)
    var order: [RunPiece] = []
    var flying: [(piece: RunPiece, rank: Int)] = []
    while !manager.isOver {
      flying += manager.assignments()
      if flying.contains(where: { suspects.contains($0.piece) }) { #expect(flying.count == 1) }
      guard let done = flying.popLast() else { break }
      order.append(done.piece)
      manager.finish(done.piece, by: done.rank)
    }
    #expect(Set(order.suffix(2)) == suspects && Set(order) == Set(all))
  }

  @Test func aProcessThatLeavesGivesItsPiecesBack() {
    var manager = RunManager(attempts: 3)
    manager.join(0, threads: 1)
    manager.join(1, threads: 1)
    manager.begin(pieces(2))
    let given = manager.assignments()
    manager.leave(1)
    // What it still has to say about its piece changes nothing.
    manager.takeBack(given[1].piece, from: 1)
    let late = manager.finish(given[1].piece, by: 1)
    #expect(!late && manager.left == 1)
    manager.finish(given[0].piece, by: 0)
    let again = manager.assignments()
    #expect(again.map(\.rank) == [0] && again[0].piece == given[1].piece)
    manager.leave(0)
    #expect(manager.isStranded)
  }

  @Test func nothingIsHandedOutAfterAStop() {
    var manager = RunManager(attempts: 3)
    manager.join(0, threads: 1)
    manager.begin(pieces(9))
    let given = manager.assignments()
    manager.stop()
    #expect(manager.assignments().isEmpty && !manager.isOver)
    for (piece, rank) in given { manager.takeBack(piece, from: rank) }
    #expect(manager.isOver)
  }

  /// Processes come and go, pieces fail and come back at random: each piece is done exactly once or set aside, nobody is idle
  /// while there is work for it.
  @Test(arguments: 0..<200)
  func everyPieceIsDoneOnceWhateverHappens(seed: UInt64) {
    var rng = SplitMix64(seed: seed)
    var manager = RunManager(attempts: 3)
    manager.join(0, threads: 2)
    let all = pieces(Int.random(in: 1...60, using: &rng))
    manager.begin(all, suspects: Set(all.filter { _ in Int.random(in: 0..<9, using: &rng) == 0 }))
    var flying: [(piece: RunPiece, rank: Int)] = []
    var done: [RunPiece] = []
    var setAside: Set<RunPiece> = []
    var processes = [0]
    var steps = 0
    while !manager.isOver {
      steps += 1
      if Int.random(in: 0..<8, using: &rng) == 0, processes.count < 9 {
        processes.append(processes.max()! + 1)
        manager.join(processes.last!, threads: Int.random(in: 1...3, using: &rng))
      }
      flying += manager.assignments()
      guard let index = flying.indices.randomElement(using: &rng) else { break }
      let (piece, rank) = flying.remove(at: index)
      switch Int.random(in: 0..<10, using: &rng) {
      case 0: if case .setAside = manager.fail(piece, on: rank) { setAside.insert(piece) }
      case 1: manager.takeBack(piece, from: rank)
      case 2 where processes.count > 1 && rank != 0:
        manager.leave(rank)
        flying.removeAll { $0.rank == rank }
        processes.removeAll { $0 == rank }
      default:
        manager.finish(piece, by: rank)
        done.append(piece)
      }
    }
    #expect(manager.isOver, "stuck after \(steps) steps, seed \(seed)")
    #expect(Set(done).count == done.count && Set(done).union(setAside) == Set(all), "seed \(seed)")
  }

  @Test func whatALostProcessHadComesAgainOrLast() {
    var manager = RunManager(attempts: 3)
    manager.join(0, threads: 1)
    manager.join(1, threads: 2)
    manager.begin(pieces(6))
    _ = manager.assignments()
    let lost = manager.lose(1)
    #expect(lost.map(\.position) == [1, 2] && manager.inFlight == 1 && manager.threads == 1)
    #expect(manager.lose(1).isEmpty)
    manager.putBack(lost[0])
    manager.putBack(lost[1], isSuspect: true)
    manager.finish(pieces(1)[0], by: 0)
    var order: [Int] = []
    while !manager.isOver {
      for given in manager.assignments() {
        order.append(given.piece.position)
        manager.finish(given.piece, by: given.rank)
      }
    }
    #expect(Set(order) == [1, 2, 3, 4, 5] && order.count == 5 && order.last == 2)
  }
}
