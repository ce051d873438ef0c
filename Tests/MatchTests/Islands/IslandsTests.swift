import Match
import Testing
import XMDBTestSupport

@Suite struct IslandsTests {
  @Test func setsMerge() {
    var sets = UnionFind(count: 6)
    let merged = [sets.union(0, 1), sets.union(2, 3), sets.union(1, 3), sets.union(0, 2)]
    #expect(merged == [true, true, true, false])
    let roots = (0..<6 as Range<Int32>).map { sets.find($0) }
    #expect(Set(roots[0..<4]).count == 1 && Set(roots).count == 3)
    let sizes = (0..<6 as Range<Int32>).map { sets.size(of: $0) }
    #expect(sizes == [4, 4, 4, 4, 1, 1])
  }

  @Test func everySourceIsInOneIslandInAFixedOrder() {
    // a0–b2–a3, a1–b0, alone: a2, b1, b3.
    let islands = Islands.components(aCount: 4, bCount: 4, edgesA: [3, 1, 0], edgesB: [2, 0, 2])
    #expect(islands.count == 5)
    #expect(islands.islandOfA == [0, 1, 2, 0] && islands.islandOfB == [1, 3, 0, 4])
    #expect(Array(islands.membersA(of: 0)) == [0, 3] && Array(islands.membersB(of: 0)) == [2])
    #expect(Array(islands.edges(of: 0)) == [0, 2] && Array(islands.edges(of: 1)) == [1])
    #expect(islands.membersB(of: 2).isEmpty && islands.membersA(of: 3).isEmpty && islands.edges(of: 4).isEmpty)
    #expect(islands.row(ofA: 3) == 1 && islands.column(ofB: 2) == 0)
    var problem = IslandProblem()
    islands.write(0, edgesA: [3, 1, 0], edgesB: [2, 0, 2], logRatios: [1, 2, 3], into: &problem)
    let expected = [IslandEdge(row: 1, column: 0, logRatio: 1), IslandEdge(row: 0, column: 0, logRatio: 3)]
    #expect(problem == IslandProblem(aCount: 2, bCount: 1, edges: expected))
  }

  @Test func emptyCataloguesHaveNoIslandsOrLoneOnes() {
    #expect(Islands.components(aCount: 0, bCount: 0, edgesA: [], edgesB: []).count == 0)
    #expect(Islands.components(aCount: 3, bCount: 0, edgesA: [], edgesB: []).count == 3)
    #expect(Islands.components(aCount: 0, bCount: 2, edgesA: [], edgesB: []).membersB(of: 1) == [1])
  }

  /// Two cases worked by hand, from their lists of edges.
  @Test func thePartitionOfTheReferenceField() {
    let partners: [Int32: [Int32]] = [3: [3, 18], 12: [12, 17], 18: [0], 19: [12], 15: [], 16: [], 17: []]
    var (edgesA, edgesB): ([Int32], [Int32]) = ([], [])
    for source in 0..<20 as Range<Int32> {
      for partner in partners[source] ?? [source] {
        edgesA.append(source)
        edgesB.append(partner)
      }
    }
    let islands = Islands.components(aCount: 20, bCount: 19, edgesA: edgesA, edgesB: edgesB)
    // The reference numbers them otherwise; the partition is the same.
    let namesA: [Int32] = [18, 1, 2, 19, 3, 4, 5, 6, 7, 8, 9, 10, 20, 11, 12, 13, 14, 15, 18, 20]
    let namesB: [Int32] = [18, 1, 2, 19, 3, 4, 5, 6, 7, 8, 9, 10, 20, 11, 12, 16, 17, 20, 19]
    #expect(islands.count == 20)
    let ours = islands.islandOfA + islands.islandOfB
    #expect(Set(zip(ours, namesA + namesB).map { "\($0) \($1)" }).count == 20)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func componentsAreThoseOfAFloodForEverySeed(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let (aCount, bCount) = (Int.random(in: 1...60, using: &generator), Int.random(in: 1...60, using: &generator))
    var (edgesA, edgesB): ([Int32], [Int32]) = ([], [])
    for _ in 0..<Int.random(in: 0...70, using: &generator) {
      edgesA.append(Int32.random(in: 0..<Int32(aCount), using: &generator))
      edgesB.append(Int32.random(in: 0..<Int32(bCount), using: &generator))
    }
    let islands = Islands.components(aCount: aCount, bCount: bCount, edgesA: edgesA, edgesB: edgesB)
    let (floodA, floodB) = flood(aCount, bCount, edgesA, edgesB)
    #expect(islands.islandOfA == floodA && islands.islandOfB == floodB)
    let reversed = Islands.components(
      aCount: aCount, bCount: bCount, edgesA: edgesA.reversed(), edgesB: edgesB.reversed())
    #expect(reversed.islandOfA == islands.islandOfA && reversed.islandOfB == islands.islandOfB)
    var members = 0
    for island in 0..<islands.count {
      members += islands.membersA(of: island).count + islands.membersB(of: island).count
      #expect(islands.membersA(of: island).allSatisfy { islands.islandOfA[Int($0)] == island })
      #expect(islands.membersB(of: island).allSatisfy { islands.islandOfB[Int($0)] == island })
      #expect(islands.edges(of: island).allSatisfy { islands.islandOfA[Int(edgesA[Int($0)])] == island })
    }
    #expect(members == aCount + bCount)
  }

  /// Labels spread along edges until nothing changes; then numbered by first member.
  private func flood(_ aCount: Int, _ bCount: Int, _ edgesA: [Int32], _ edgesB: [Int32]) -> ([Int32], [Int32]) {
    var label = Array(0..<(aCount + bCount))
    var isChanging = true
    while isChanging {
      isChanging = false
      for (a, b) in zip(edgesA, edgesB) where label[Int(a)] != label[aCount + Int(b)] {
        let smaller = min(label[Int(a)], label[aCount + Int(b)])
        (label[Int(a)], label[aCount + Int(b)], isChanging) = (smaller, smaller, true)
      }
    }
    var numbers: [Int: Int32] = [:]
    for root in label where numbers[root] == nil { numbers[root] = Int32(numbers.count) }
    let named = label.map { numbers[$0] ?? -1 }
    return (Array(named[..<aCount]), Array(named[aCount...]))
  }

  @Test func aChainOfAMillionSourcesIsOneIsland() {
    let count = 500_000
    let ends = [Int32](unsafeUninitializedCapacity: 2 * count - 1) { buffer, initialized in
      for index in 0..<(2 * count - 1) { buffer[index] = Int32(index / 2) }
      initialized = 2 * count - 1
    }
    let others = [Int32](unsafeUninitializedCapacity: 2 * count - 1) { buffer, initialized in
      for index in 0..<(2 * count - 1) { buffer[index] = Int32((index + 1) / 2) }
      initialized = 2 * count - 1
    }
    let islands = Islands.components(aCount: count, bCount: count, edgesA: ends, edgesB: others)
    #expect(islands.count == 1)
    #expect(islands.membersA(of: 0).count == count && islands.edges(of: 0).count == 2 * count - 1)
  }
}
