internal import Indexing
internal import Match

/// Finds out whether an island that owns something in the core has a member whose neighbourhood is not complete.
struct RimIslands {
  private let islands: Islands
  private let core: PixelRangeSet
  private let skyA: [Int64]
  private let skyB: [Int64]
  private var isSeen: [Bool]

  init(_ islands: Islands, core: PixelRangeSet, skyA: [Int64], skyB: [Int64]) {
    self.islands = islands
    self.core = core
    self.skyA = skyA
    self.skyB = skyB
    isSeen = Array(repeating: false, count: islands.count)
  }

  /// Whether an island with a member outside `complete`, which holds the core, has one in the core.
  mutating func reachCore(fromOutside complete: PixelRangeSet) -> Bool {
    reachCore(skyA, islands.islandOfA, complete) || reachCore(skyB, islands.islandOfB, complete)
  }

  private mutating func reachCore(_ sky: [Int64], _ islandOf: [Int32], _ complete: PixelRangeSet) -> Bool {
    var isComplete = AscendingSweep(complete)
    for (source, index) in sky.enumerated() where !isComplete.contains(index) {
      let island = Int(islandOf[source])
      if isSeen[island] { continue }
      isSeen[island] = true
      if touchesCore(island) { return true }
    }
    return false
  }

  private func touchesCore(_ island: Int) -> Bool {
    islands.membersA(of: island).contains { core.contains(skyA[Int($0)]) }
      || islands.membersB(of: island).contains { core.contains(skyB[Int($0)]) }
  }
}
