public import Indexing

/// Sums over all matchings of an island, and finds its best matching and the probability of every pair.
///
/// A solver owns the working memory of all methods, so that a loop over islands does not allocate for the common
/// small ones. Its answers depend on the problem and the limits alone, not on what was solved before. One per task.
///
/// The method is chosen by the island: closed forms for stars and 2×2; the subset programme while its tables are
/// small; the frontier programme while the frontier is narrow; else belief propagation, and the solution says
/// `.approximate`. No island is refused, and the best matching is exact in all cases.
///
/// Among equally good best matchings the choice is that of a fixed rule: pairs by falling ln R, equal ones by (smaller of row
/// and column, larger of them, row), each taken if some best matching contains it with those taken before.
///
/// - Source: docs/method.md §5.
public struct IslandSolver: Sendable {
  /// Where one method gives way to the next.
  public struct Limits: Sendable, Hashable {
    /// Whether stars and 2×2 are done by formula.
    public var usesClosedForms = true
    /// The largest number of nodes on the smaller side for the subset programme. At most 20.
    public var subsetBits = 8
    /// The most table entries of the subset programme.
    public var subsetEntries = 1 << 20
    /// The largest width of a frontier, 2^width states. At most 26. Islands of sparse sky have less than 16; wider ones come where
    /// all of it hangs together.
    public var frontierWidth = 18
    /// The most table entries the frontier programme may touch in a pass. Known before it begins: 5·10⁷ are about a quarter of a second.
    public var frontierWork = 5e7
    /// The forward tables the frontier programme keeps, in entries of 8 bytes. Beside them it needs a table of 2^width for
    /// each of two buffers and each halving of the steps, of which there are six at most: below 34 MB for a frontier of 18.
    public var frontierStore = 1 << 21

    /// The limits above.
    public init() {}
  }

  /// Where one method gives way to the next.
  public let limits: Limits
  private var graph = PairingGraph()
  private var assignment = Assignment()
  private var tieBreaker = TieBreaker()
  private var subset = SubsetProgramme()
  private var order = FrontierOrder()
  private var plan = FrontierPlan()
  private var frontier = FrontierProgramme()
  private var propagation = BeliefPropagation()
  private var marginals = Marginals()
  /// The best matching: the partner node of every node, or −1.
  private var partner: [Int32] = []

  /// A solver.
  ///
  /// - Precondition: `subsetBits` ≤ 20 and `frontierWidth` ≤ 26.
  public init(limits: Limits = Limits()) {
    precondition(limits.subsetBits <= 20, "IslandSolver: subsetBits is \(limits.subsetBits); allowed: up to 20")
    precondition(
      limits.frontierWidth <= 26, "IslandSolver: frontierWidth is \(limits.frontierWidth); allowed: up to 26")
    self.limits = limits
  }

  /// Solves one island, re-using the storage of a solution.
  ///
  /// - Parameters:
  ///   - problem: The island. No pair may have two edges.
  ///   - solution: Overwritten; of no use after an error.
  ///   - stop: Asked again and again, some milliseconds apart.
  /// - Throws: `MalformedIsland`; what `stop` throws.
  /// - Complexity: Memory is linear in nodes and edges but for the tables of exact sums, which `limits` bound: at most 90 bytes
  ///   an edge and 80 a node beside problem and solution.
  public mutating func solve(
    _ problem: IslandProblem, into solution: inout IslandSolution, stop: inout StopCheck
  ) throws {
    try stop.after(steps: 1 + problem.edges.count)
    solution.reset(for: problem)
    if limits.usesClosedForms && ClosedForms.covers(problem) {
      return try ClosedForms.solve(problem, into: &solution)
    }
    try graph.load(problem, &stop)
    try assignment.solve(&graph, partner: &partner, &stop)
    try tieBreaker.canonicalise(graph, partner: &partner, &stop)
    graph.scaleWeights()
    marginals.reset(for: graph)
    solution.method = try sum(problem, &stop)
    try stop.after(steps: problem.edges.count)
    write(into: &solution)
  }

  /// Runs the cheapest method that can do the island.
  private mutating func sum(_ problem: IslandProblem, _ stop: inout StopCheck) throws -> PairingMethod {
    let size = SubsetProgramme.tableSize(
      rows: problem.aCount, columns: problem.bCount, bitLimit: limits.subsetBits)
    if let size, size <= limits.subsetEntries {
      try subset.run(graph, into: &marginals, &stop)
      return .subset
    }
    let isNarrow = try order.plan(
      graph, widthLimit: limits.frontierWidth, workLimit: limits.frontierWork, into: &plan, &stop)
    if isNarrow {
      try frontier.run(graph, plan, storeEntries: limits.frontierStore, into: &marginals, &stop)
      return .frontier
    }
    try propagation.run(graph, into: &marginals, &stop)
    return .approximate
  }

  private func write(into solution: inout IslandSolution) {
    var sumOfPotentials = 0.0
    for potential in graph.potential { sumOfPotentials += potential }
    solution.logZ = sumOfPotentials + marginals.logScaledSum
    solution.logBestProbability = min(0, graph.scaledLogWeight(of: partner) - marginals.logScaledSum)
    for edge in 0..<graph.edgeCount { solution.pairProbability[edge] = min(1, marginals.pair[edge]) }
    for row in 0..<graph.rowCount {
      solution.aloneProbabilityA[row] = min(1, marginals.alone[row])
      if partner[row] >= 0 { solution.pair(row: Int32(row), column: partner[row] - Int32(graph.rowCount)) }
    }
    for column in graph.rowCount..<graph.nodeCount {
      solution.aloneProbabilityB[column - graph.rowCount] = min(1, marginals.alone[column])
    }
  }
}

extension IslandSolver {
  /// The frontier of the island last solved by the frontier programme: its width, for diagnosis.
  public var lastFrontierWidth: Int { plan.width }
}
