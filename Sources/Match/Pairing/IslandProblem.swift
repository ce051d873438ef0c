/// A pair of sources of an island that may be one object, with ln R.
public struct IslandEdge: Sendable, Hashable {
  /// The source of a: its position among the island's sources of a.
  public var row: Int32
  /// The source of b: its position among the island's sources of b.
  public var column: Int32
  /// ln R = ln[C / (a b)]; −∞ for a pair that cannot be. Within ±`IslandProblem.largestLogRatio` otherwise.
  public var logRatio: Double

  /// An edge between a row and a column.
  @inlinable public init(row: Int32, column: Int32, logRatio: Double) {
    self.row = row
    self.column = column
    self.logRatio = logRatio
  }
}

/// One island to be paired: rows are its sources of a, columns those of b, edges the pairs that may be one object.
///
/// Pairs without an edge are impossible. Each pair has at most one edge. Give rows and columns in sky order: the
/// order breaks ties, and helps large islands. The graph need not be connected.
///
/// Storage is re-used by `reset`, so a loop over many islands does not allocate.
public struct IslandProblem: Sendable, Equatable {
  /// The number of rows.
  public private(set) var aCount: Int
  /// The number of columns.
  public private(set) var bCount: Int
  /// The edges, in the order they were added.
  public private(set) var edges: [IslandEdge]

  /// A problem with these edges.
  public init(aCount: Int = 0, bCount: Int = 0, edges: [IslandEdge] = []) {
    self.aCount = aCount
    self.bCount = bCount
    self.edges = []
    self.edges.reserveCapacity(edges.count)
    for edge in edges { add(row: edge.row, column: edge.column, logRatio: edge.logRatio) }
  }

  /// Forgets the edges and sets the size, keeping the storage.
  public mutating func reset(aCount: Int, bCount: Int) {
    self.aCount = aCount
    self.bCount = bCount
    edges.removeAll(keepingCapacity: true)
  }

  /// No finite ln R is larger, of either sign: rounding of sums then changes no weight by more than a few parts in 10⁷. What the
  /// sky gives stays below 10⁴; e^(10⁹) is certainty.
  public static let largestLogRatio = 1e9

  /// Adds an edge.
  ///
  /// Every `logRatio` has a meaning: one beyond ±`largestLogRatio` counts as that, −∞ is a pair that cannot be, and so is NaN,
  /// for which nothing speaks.
  /// - Precondition: Row and column are in the island. The solver refuses a second edge of a pair.
  public mutating func add(row: Int32, column: Int32, logRatio: Double) {
    precondition(
      row >= 0 && row < aCount && column >= 0 && column < bCount,
      "IslandProblem: edge (\(row), \(column)) is outside an island of \(aCount) × \(bCount)")
    edges.append(IslandEdge(row: row, column: column, logRatio: Self.limited(logRatio)))
  }

  static func limited(_ logRatio: Double) -> Double {
    logRatio > -.infinity ? min(largestLogRatio, max(-largestLogRatio, logRatio)) : -.infinity
  }

  /// The same island with the catalogues exchanged.
  public var swapped: IslandProblem {
    IslandProblem(
      aCount: bCount, bCount: aCount,
      edges: edges.map { IslandEdge(row: $0.column, column: $0.row, logRatio: $0.logRatio) })
  }
}
