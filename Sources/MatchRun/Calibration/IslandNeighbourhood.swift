internal import Indexing
internal import Match

/// The part of an island that a meeting is solved with: all of it, or of a large one the sources around those that take part.
///
/// What a pair says about another one fades from pair to pair along an island; beyond `mostSources` sources it is not heard.
/// So a meeting costs no more than that, however large the islands are.
struct IslandNeighbourhood {
  /// Sources of a, ascending.
  private(set) var membersA: [Int32] = []
  /// Sources of b, ascending.
  private(set) var membersB: [Int32] = []
  /// Edges between them, ascending.
  private(set) var edges: [Int32] = []

  /// An island of no more sources is taken whole. Of a larger one as many are taken at least, and twice as many as take part.
  static let mostSources = 256
  /// Sources with many candidates are not asked for all of them: the most edges looked at.
  static let mostEdges = 8192

  /// The row of a source of a.
  func row(ofA source: Int) -> Int32? { Self.position(of: Int32(source), in: membersA) }

  /// The column of a source of b.
  func column(ofB source: Int) -> Int32? { Self.position(of: Int32(source), in: membersB) }

  private static func position(of source: Int32, in members: [Int32]) -> Int32? {
    let place = members.binarySearch { $0 >= source }
    return place < members.count && members[place] == source ? Int32(place) : nil
  }

  /// All of an island.
  mutating func take(_ island: Int, of islands: Islands) {
    membersA = Array(islands.membersA(of: island))
    membersB = Array(islands.membersB(of: island))
    edges = Array(islands.edges(of: island))
  }

  /// The sources around some of an island's, breadth first.
  mutating func take(aroundA a: [Int32], b: [Int32], _ graph: EdgesBySource) {
    var seenA = Set(a)
    var seenB = Set(b)
    let enough = max(Self.mostSources, 2 * (seenA.count + seenB.count))
    var queue = a.map { (true, $0) } + b.map { (false, $0) }
    var (head, looksLeft) = (0, Self.mostEdges)
    while head < queue.count, seenA.count + seenB.count < enough, looksLeft > 0 {
      let (isA, source) = queue[head]
      head += 1
      for edge in graph.edges(isA: isA, Int(source)).prefix(looksLeft) {
        looksLeft -= 1
        let other = graph.partner(isA: isA, Int(edge))
        if isA ? seenB.insert(other).inserted : seenA.insert(other).inserted { queue.append((!isA, other)) }
      }
    }
    membersA = seenA.sorted()
    membersB = seenB.sorted()
    edges = membersA.flatMap { source in
      graph.edges(isA: true, Int(source)).prefix(Self.mostEdges).filter {
        seenB.contains(graph.partner(isA: true, Int($0)))
      }
    }
  }
}

/// The edges of a chunk by source of either catalogue.
struct EdgesBySource {
  private let a: [Int32]
  private let b: [Int32]
  private let startA: [Int32]
  private let startB: [Int32]
  /// Edges by source of b; those by source of a are in their own order.
  private let ofB: [Int32]

  /// - Parameter edges: Sorted by source of a.
  init(_ edges: CandidateEdges, countA: Int, countB: Int) {
    (a, b) = (edges.a, edges.b)
    startA = Self.starts(edges.a, count: countA)
    startB = Self.starts(edges.b, count: countB)
    var next = startB
    var ofB = [Int32](repeating: 0, count: edges.count)
    for (edge, source) in edges.b.enumerated() {
      ofB[Int(next[Int(source)])] = Int32(edge)
      next[Int(source)] += 1
    }
    self.ofB = ofB
  }

  private static func starts(_ sources: [Int32], count: Int) -> [Int32] {
    var starts = [Int32](repeating: 0, count: count + 1)
    for source in sources { starts[Int(source) + 1] += 1 }
    for source in 0..<count { starts[source + 1] += starts[source] }
    return starts
  }

  /// The edges of a source.
  func edges(isA: Bool, _ source: Int) -> [Int32] {
    let starts = isA ? startA : startB
    let range = Int(starts[source])..<Int(starts[source + 1])
    return isA ? range.map { Int32($0) } : Array(ofB[range])
  }

  /// The other end of an edge.
  func partner(isA: Bool, _ edge: Int) -> Int32 { isA ? b[edge] : a[edge] }
}
