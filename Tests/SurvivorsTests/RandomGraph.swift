import Match
import Survivors
import XMDBTestSupport

/// Sources of two bands each with some magnitudes missing, and edges between them without any geometry.
struct RandomGraph {
  let a: SurvivorSources
  let b: SurvivorSources
  let edges: SurvivorEdges
  let design: SurvivorDesign

  init(seed: UInt64, countA: Int = 300, countB: Int = 400, edgeCount: Int = 1500) {
    var generator = SeededGenerator(seed: seed)
    func sources(_ count: Int) -> SurvivorSources {
      let magnitudes = (0..<2).map { _ in
        (0..<count).map { _ in
          generator.uniform(0...1) < 0.2 ? Double.nan : generator.uniform(100...160).rounded() / 10
        }
      }
      return SurvivorSources(
        magnitudes: magnitudes, varianceArcsec2: (0..<count).map { _ in generator.uniform(0.01...4) },
        isOwned: [Bool](repeating: true, count: count),
        isCounted: (0..<count).map { _ in generator.uniform(0...1) < 0.9 })
    }
    (a, b) = (sources(countA), sources(countB))
    let pairs = Set(
      (0..<edgeCount).map { _ in
        [
          Int32.random(in: 0..<Int32(countA), using: &generator),
          Int32.random(in: 0..<Int32(countB), using: &generator),
        ]
      }
    ).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    edges = SurvivorEdges(
      a: pairs.map { $0[0] }, b: pairs.map { $0[1] }, cdf: pairs.map { _ in generator.uniform(0...0.999) })
    let cuts = [9.9, 11, 11.5, 13, 14.2, 16.1]
    design = SurvivorDesign(
      binsA: [MagnitudeBins(edges: cuts), MagnitudeBins(edges: [9.9, 12, 16.1])],
      binsB: [MagnitudeBins(edges: [9.9, 13, 14, 16.1]), MagnitudeBins(edges: cuts)], partnersOnEdge: .lowerBin)
  }

  /// The counts in one piece.
  var counts: SurvivorCounts {
    var counts = SurvivorCounts(design: design)
    counts.add(a: a, b: b, edges: edges)
    return counts
  }

  /// The counts of a chunk that owns some sources and sees no more than two steps beyond them.
  func counts(ownedA: Set<Int>, ownedB: Set<Int>) -> SurvivorCounts {
    var (seenA, seenB) = (ownedA, ownedB)
    for _ in 0..<2 {
      let (previousA, previousB) = (seenA, seenB)
      for edge in edges.a.indices {
        let (i, j) = (Int(edges.a[edge]), Int(edges.b[edge]))
        if previousA.contains(i) { seenB.insert(j) }
        if previousB.contains(j) { seenA.insert(i) }
      }
    }
    let (listA, listB) = (seenA.sorted(), seenB.sorted())
    let (indexA, indexB) = (Self.positions(listA), Self.positions(listB))
    let kept = edges.a.indices.filter { indexA[Int(edges.a[$0])] != nil && indexB[Int(edges.b[$0])] != nil }
    var counts = SurvivorCounts(design: design)
    counts.add(
      a: Self.part(a, listA, ownedA), b: Self.part(b, listB, ownedB),
      edges: SurvivorEdges(
        a: kept.map { indexA[Int(edges.a[$0])]! }, b: kept.map { indexB[Int(edges.b[$0])]! },
        cdf: kept.map { edges.cdf[$0] }))
    return counts
  }

  private static func positions(_ list: [Int]) -> [Int: Int32] {
    Dictionary(uniqueKeysWithValues: list.enumerated().map { ($1, Int32($0)) })
  }

  private static func part(_ sources: SurvivorSources, _ list: [Int], _ owned: Set<Int>) -> SurvivorSources {
    SurvivorSources(
      magnitudes: sources.magnitudes.map { band in list.map { band[$0] } },
      varianceArcsec2: list.map { sources.varianceArcsec2[$0] }, isOwned: list.map { owned.contains($0) },
      isCounted: list.map { sources.isCounted[$0] })
  }
}
