/// The best partner of a source other than the one it has in the best matching.
public struct RunnerUp: Sendable, Hashable {
  /// The row or column of the other catalogue; −1 if there is no other edge.
  public var partner: Int32
  /// The probability of that pair; 0 if there is none.
  public var probability: Double

  /// No other partner.
  public static let none = RunnerUp(partner: -1, probability: 0)
}

extension IslandSolution {
  /// The runner-up of every source: its most probable partner outside M*. For a source that M* leaves alone this is
  /// its most probable partner of all. Equal probabilities go to the lower partner.
  ///
  /// - Parameters:
  ///   - problem: The problem this solves.
  ///   - ofA: Overwritten: one per row.
  ///   - ofB: Overwritten: one per column.
  /// - Complexity: O(rows + columns + edges); allocates only if the arrays are too small.
  public func writeRunnersUp(of problem: IslandProblem, ofA: inout [RunnerUp], ofB: inout [RunnerUp]) {
    ofA.refill(with: .none, count: problem.aCount)
    ofB.refill(with: .none, count: problem.bCount)
    for (index, edge) in problem.edges.enumerated() where partnerOfA[Int(edge.row)] != edge.column {
      ofA[Int(edge.row)].improve(partner: edge.column, probability: pairProbability[index])
      ofB[Int(edge.column)].improve(partner: edge.row, probability: pairProbability[index])
    }
  }

  /// The runner-up of every row and every column.
  public func runnersUp(of problem: IslandProblem) -> (ofA: [RunnerUp], ofB: [RunnerUp]) {
    var result: (ofA: [RunnerUp], ofB: [RunnerUp]) = ([], [])
    writeRunnersUp(of: problem, ofA: &result.ofA, ofB: &result.ofB)
    return result
  }
}

extension RunnerUp {
  fileprivate mutating func improve(partner: Int32, probability: Double) {
    let better =
      self.partner < 0 || probability > self.probability
      || (probability == self.probability && partner < self.partner)
    if better { self = RunnerUp(partner: partner, probability: probability) }
  }
}
