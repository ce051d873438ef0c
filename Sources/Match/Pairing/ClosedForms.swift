import Glibc

/// Islands small enough for a formula: stars (one source against any number) and two against two.
///
/// Every sum is taken relative to its largest term, which is left out of it: with others = Σ_{M ≠ M*} W(M)/W(M*),
/// ln Z = ln W(M*) + ln(1 + others) and ln P(M*) = −ln(1 + others). Probabilities are quotients of sums of positive terms.
enum ClosedForms {
  static func covers(_ problem: IslandProblem) -> Bool {
    let (rows, columns) = (problem.aCount, problem.bCount)
    return problem.edges.isEmpty || rows == 1 || columns == 1 || (rows == 2 && columns == 2)
  }

  /// - Precondition: `covers(problem)`; `solution` was reset for it.
  /// - Throws: `MalformedIsland` where a pair has two edges, unless the island is a star, in which each is then counted.
  static func solve(_ problem: IslandProblem, into solution: inout IslandSolution) throws(MalformedIsland) {
    if problem.edges.isEmpty { return }
    if problem.aCount == 1 && problem.bCount == 1 {
      try solvePair(problem, &solution)
    } else if problem.aCount == 1 || problem.bCount == 1 {
      solveStar(problem, &solution)
    } else {
      try TwoByTwo(problem).solve(problem, &solution)
    }
  }

  private static func solvePair(
    _ problem: IslandProblem, _ solution: inout IslandSolution
  ) throws(MalformedIsland) {
    guard problem.edges.count == 1 else { throw MalformedIsland(row: 0, column: 0) }
    let answer = LonePair(logRatio: problem.edges[0].logRatio)
    solution.logZ = answer.logZ
    solution.logBestProbability = answer.logBestProbability
    solution.pairProbability[0] = answer.pairProbability
    solution.aloneProbabilityA[0] = answer.aloneProbability
    solution.aloneProbabilityB[0] = answer.aloneProbability
    if answer.isMatched { solution.pair(row: 0, column: 0) }
  }

  /// The hub is the side with one source; exactly one of its edges, or none, is a match.
  private static func solveStar(_ problem: IslandProblem, _ solution: inout IslandSolution) {
    let best = bestOfStar(problem)
    let logBest = best < 0 ? 0 : problem.edges[best].logRatio
    var others = best < 0 ? 0 : exp(-logBest)
    let emptyTerm = best < 0 ? 1 : others
    for (index, edge) in problem.edges.enumerated() where index != best { others += exp(edge.logRatio - logBest) }
    let sum = 1 + others
    solution.logZ = logBest + log1p(others)
    solution.logBestProbability = -log1p(others)
    for (index, edge) in problem.edges.enumerated() {
      let term = index == best ? 1 : exp(edge.logRatio - logBest)
      let rest = (index == best ? others : sum - term) / sum
      solution.pairProbability[index] = term / sum
      if problem.aCount == 1 {
        solution.aloneProbabilityB[Int(edge.column)] = rest
      } else {
        solution.aloneProbabilityA[Int(edge.row)] = rest
      }
    }
    if problem.aCount == 1 { solution.aloneProbabilityA[0] = emptyTerm / sum }
    if problem.bCount == 1 { solution.aloneProbabilityB[0] = emptyTerm / sum }
    if best >= 0 { solution.pair(row: problem.edges[best].row, column: problem.edges[best].column) }
  }

  /// The edge of largest ln R ≥ 0, the lowest partner of equal ones; −1 if none reaches 0.
  private static func bestOfStar(_ problem: IslandProblem) -> Int {
    var best = -1
    for (index, edge) in problem.edges.enumerated() where edge.logRatio >= 0 {
      let isBetter =
        best < 0 || edge.logRatio > problem.edges[best].logRatio
        || (edge.logRatio == problem.edges[best].logRatio
          && edge.row + edge.column < problem.edges[best].row + problem.edges[best].column)
      if isBetter { best = index }
    }
    return best
  }
}

/// The seven matchings of two against two.
private struct TwoByTwo {
  /// ln R, row by row; −∞ where there is no edge.
  private var logRatio = SIMD4<Double>(repeating: -.infinity)

  init(_ problem: IslandProblem) throws(MalformedIsland) {
    var seen = SIMD4<Int32>()
    for edge in problem.edges {
      let slot = Int(2 * edge.row + edge.column)
      guard seen[slot] == 0 else { throw MalformedIsland(row: edge.row, column: edge.column) }
      seen[slot] = 1
      logRatio[slot] = edge.logRatio
    }
  }

  func solve(_ problem: IslandProblem, _ solution: inout IslandSolution) {
    let (straight, crossed) = (logRatio[0] + logRatio[3], logRatio[1] + logRatio[2])
    let logBest = max(0, logRatio.max(), straight, crossed)
    let best = bestSlots(straight, crossed, logBest)
    let none = exp(-logBest)
    let single = SIMD4(
      exp(logRatio[0] - logBest), exp(logRatio[1] - logBest), exp(logRatio[2] - logBest), exp(logRatio[3] - logBest))
    let (two, cross) = (exp(straight - logBest), exp(crossed - logBest))
    let others = sumWithoutBest(none, single, two, cross, best)
    let sum = 1 + others
    solution.logZ = logBest + log1p(others)
    solution.logBestProbability = -log1p(others)
    for (index, edge) in problem.edges.enumerated() {
      let slot = Int(2 * edge.row + edge.column)
      solution.pairProbability[index] = (single[slot] + (slot == 0 || slot == 3 ? two : cross)) / sum
      if best & (8 >> slot) != 0 { solution.pair(row: edge.row, column: edge.column) }
    }
    solution.aloneProbabilityA[0] = (none + single[2] + single[3]) / sum
    solution.aloneProbabilityA[1] = (none + single[0] + single[1]) / sum
    solution.aloneProbabilityB[0] = (none + single[1] + single[3]) / sum
    solution.aloneProbabilityB[1] = (none + single[0] + single[2]) / sum
  }

  /// The best matching as a set of slots, bit 8 >> slot; equal ones by the rule of `TieBreaker`.
  private func bestSlots(_ straight: Double, _ crossed: Double, _ logBest: Double) -> Int {
    var best = -1
    consider(0b1001, straight == logBest, &best)
    consider(0b0110, crossed == logBest, &best)
    for slot in 0..<4 { consider(8 >> slot, logRatio[slot] == logBest, &best) }
    consider(0, logBest == 0, &best)
    return best
  }

  private func consider(_ slots: Int, _ isBest: Bool, _ best: inout Int) {
    guard isBest else { return }
    if best < 0 || isPreferred(slots, to: best) { best = slots }
  }

  /// Whether the first set holds the first edge, in the order of the rule, in which the sets differ.
  private func isPreferred(_ slots: Int, to other: Int) -> Bool {
    let differing = slots ^ other
    var leader = -1
    for slot in [0, 1, 2, 3] where differing & (8 >> slot) != 0 {
      // Slots 0, 1, 2, 3 are in the order (0,0), (0,1), (1,0), (1,1) of equal ratios.
      if leader < 0 || logRatio[slot] > logRatio[leader] { leader = slot }
    }
    return slots & (8 >> leader) != 0
  }

  /// The sum of all seven terms but the best, whose own value is 1.
  private func sumWithoutBest(
    _ none: Double, _ single: SIMD4<Double>, _ two: Double, _ cross: Double, _ best: Int
  ) -> Double {
    var sum = 0.0
    if best != 0 { sum += none }
    for slot in 0..<4 where best != 8 >> slot { sum += single[slot] }
    if best != 0b1001 { sum += two }
    if best != 0b0110 { sum += cross }
    return sum
  }
}
