internal import Match

/// Sources of one catalogue that may be detections of one object: an object listed twice, or the parts of a blend.
///
/// Within an island they compete for the same counterpart, and each takes a share of its probability. How likely it is that the counterpart
/// is one of them is the sum of these shares, since at most one of them is it.
struct DetectionGroups {
  /// What is said of one end of a pair.
  struct Group {
    /// The probability that the counterpart is one of the group.
    var probability = 0.0
    /// Sources in the group.
    var members = 0
  }

  /// Edges of each row, then of each column: the places where they begin, and their positions.
  private var rows = Incidence()
  private var columns = Incidence()
  /// Sources that are one of several detections of a matched object.
  private(set) var isDuplicateA: [Bool] = []
  private(set) var isDuplicateB: [Bool] = []

  /// Takes up an island.
  /// - Complexity: O(edges + sources).
  mutating func reset(_ problem: IslandProblem) {
    rows.reset(problem.edges, count: problem.aCount) { $0.row }
    columns.reset(problem.edges, count: problem.bCount) { $0.column }
    isDuplicateA = Array(repeating: false, count: problem.aCount)
    isDuplicateB = Array(repeating: false, count: problem.bCount)
  }

  /// How often `pairs` of all edges asks for two sources of a, and of b.
  var questions: (ofA: Int, ofB: Int) { (columns.squares, rows.squares) }

  /// How many other edges the row and the column of an edge have.
  func neighbours(of edge: IslandEdge) -> Int { rows[edge.row].count + columns[edge.column].count }

  /// How many pairs of an edge's row and column are pairs of the same two objects: its detections of b times those of a.
  /// - Complexity: O(edges of its row and column).
  func pairs(
    of edge: IslandEdge, _ problem: IslandProblem, areOne: (_ isA: Bool, _ one: Int32, _ other: Int32) -> Bool
  ) -> Int {
    func count(_ positions: ArraySlice<Int32>, _ isOne: (IslandEdge) -> Bool) -> Int {
      positions.count == 1 ? 1 : positions.count { isOne(problem.edges[Int($0)]) }
    }
    let ofB = count(rows[edge.row]) { $0.column == edge.column || areOne(false, edge.column, $0.column) }
    let ofA = count(columns[edge.column]) { $0.row == edge.row || areOne(true, edge.row, $0.row) }
    return ofA * ofB
  }

  /// The sources of b among the candidates of a matched source of a that may be the object it is matched with.
  mutating func ofB(
    _ edge: IslandEdge, _ problem: IslandProblem, _ probability: [Double],
    areOne: (_ column: Int32, _ other: Int32) -> Bool
  ) -> Group {
    Self.group(rows[edge.row], probability, &isDuplicateB) { position in
      let other = problem.edges[position].column
      return (Int(other), other == edge.column || areOne(edge.column, other))
    }
  }

  /// The sources of a among the candidates of a matched source of b that may be the object it is matched with.
  mutating func ofA(
    _ edge: IslandEdge, _ problem: IslandProblem, _ probability: [Double],
    areOne: (_ row: Int32, _ other: Int32) -> Bool
  ) -> Group {
    Self.group(columns[edge.column], probability, &isDuplicateA) { position in
      let other = problem.edges[position].row
      return (Int(other), other == edge.row || areOne(edge.row, other))
    }
  }

  private static func group(
    _ positions: ArraySlice<Int32>, _ probability: [Double], _ isDuplicate: inout [Bool],
    member: (Int) -> (source: Int, belongs: Bool)
  ) -> Group {
    if positions.count == 1 { return Group(probability: probability[Int(positions[positions.startIndex])], members: 1) }
    var (group, members) = (Group(), [Int]())
    for position in positions {
      let (source, belongs) = member(Int(position))
      guard belongs else { continue }
      group.probability += probability[Int(position)]
      members.append(source)
    }
    group.members = members.count
    group.probability = min(1, group.probability)
    if members.count > 1 { for source in members { isDuplicate[source] = true } }
    return group
  }
}

/// The positions of the edges of each row or column of an island.
private struct Incidence {
  private var starts: [Int32] = []
  private var positions: [Int32] = []

  mutating func reset(_ edges: [IslandEdge], count: Int, _ end: (IslandEdge) -> Int32) {
    starts = Array(repeating: 0, count: count + 1)
    for edge in edges { starts[Int(end(edge)) + 1] += 1 }
    for index in 0..<count { starts[index + 1] += starts[index] }
    positions = Array(repeating: 0, count: edges.count)
    var next = starts
    for (position, edge) in edges.enumerated() {
      let index = Int(end(edge))
      positions[Int(next[index])] = Int32(position)
      next[index] += 1
    }
  }

  /// The sum of the squares of the numbers of edges.
  var squares: Int {
    zip(starts, starts.dropFirst()).reduce(0) { $0 + Int($1.1 - $1.0) * Int($1.1 - $1.0) }
  }

  subscript(index: Int32) -> ArraySlice<Int32> { positions[Int(starts[Int(index)])..<Int(starts[Int(index) + 1])] }
}
