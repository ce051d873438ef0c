import CatalogStore

// The candidate pairs of a match under other likelihoods:
//
//     SELECT a_id, b_id, pair_p, new_pair_p FROM xm_what_if('gaia', 'hip', 0) WHERE new_matched <> matched
//     SELECT * FROM xm_what_if('gaia', 'hip') WHERE prior_factor = 2 AND a_id = 47917816253918720
//
// HOW IT WORKS. Pairs with their likelihoods are read as `xm_pairs` has them, stored or on the fly, island by island; each
// island is solved again by the solver of the match. An island decides together, so a constraint on one of its sources
// first finds the island, and then all of it is read. Nothing is matched anew: positions, candidates and islands stay.

/// Other likelihoods for the pairs of a match.
final class WhatIfTable: VirtualTable {
  private let context: XMDBContext
  private let opened: StatementView?

  private init(_ context: XMDBContext, opened: StatementView? = nil) {
    self.context = context
    self.opened = opened
  }

  static let definition = TableFunction(
    "xm_what_if", in: .matching,
    parameters: [
      .catalogue("a"), .catalogue("b"),
      .real("photometry", "weight of the magnitudes: 0 without, 1 as in the run", NumberRange(from: 0, to: 1000))
        .optional,
      .density("n_c").optional, .density("n_a").optional, .density("n_b").optional,
      .real("prior_factor", "multiplies the odds before position and magnitudes, n_c / (n_a n_b)", .positive).optional,
      .run.optional,
    ],
    columns: WhatIfColumn.allCases.map(\.column),
    summary: """
      What the probabilities would be with other likelihoods, without a new run: the pairs of `xm_pairs`, each island \
      solved again. What is left out stays as it was in the run; \
      `WHERE prior_factor = 2` gives an argument by its name. \(MatchTables.source)
      """,
    example: """
      SELECT a_id, b_id, pair_p, new_pair_p FROM xm_what_if('gaia', 'hip', 0) WHERE new_matched <> matched
      """
  ) { WhatIfTable($0) }

  func open() throws -> any OpenTable { WhatIfTable(context, opened: try context.view()) }

  // MARK: Plan

  func plan(_ request: PlanRequest) throws -> Plan {
    var plan = Plan(cost: 0, rows: 0)
    var keys: [PlanConstraint] = []
    for constraint in request.constraints where constraint.isUsable && constraint.operator == .equal {
      guard let place = WhatIfColumn.keyPlace(constraint.column) else { continue }
      plan.take(constraint, isExact: false)
      keys.append(
        PlanConstraint(
          index: constraint.index, column: place, operator: constraint.operator, isUsable: true,
          value: constraint.value))
    }
    let pairs = PlanRequest(
      constraints: keys, order: [], arguments: request.arguments, columnsUsed: request.columnsUsed)
    let estimate = MatchEstimate(pairs, .pairs, MatchLayout(.pairs), context)
    plan.rows = Plan.count(estimate.rows)
    plan.cost = estimate.cost * Self.costOfSolving
    return plan
  }

  private static let costOfSolving = 2.0

  // MARK: Scan

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    let match = try MatchSource(filter, runArgument: 7, opened?.contents ?? context.contents(), context)
    let choice = try LikelihoodChoice(filter)
    let readers = try islands(filter, match).map { constraints in
      { IslandReader(try match.rows(.pairs, where: constraints)) }
    }
    return try WhatIfCursor(
      readers, choice, comparesBest: filter.uses(column: WhatIfColumn.matchP.rawValue), stop: context.stopCheck)
  }

  /// Constraints on the rows of `xm_pairs` that give whole islands, one after the other: those that hold the pairs asked for.
  private func islands(_ filter: FilterRequest, _ match: MatchSource) throws -> [[FilterConstraint]] {
    let keys = filter.constraints.compactMap { constraint in
      WhatIfColumn.keyPlace(constraint.column).map {
        FilterConstraint(column: $0, operator: constraint.operator, value: constraint.value)
      }
    }
    if keys.isEmpty { return [[]] }
    let island = ResultTable.pairs.place(of: "island")
    let named = keys.filter { $0.column == island }
    if !named.isEmpty { return [named] }
    let row = try match.rows(.pairs, where: keys)
    var numbers: [Int64] = []
    while !row.isAtEnd {
      let number = row.int64(island)
      if numbers.last != number { numbers.append(number) }
      try row.next()
    }
    return numbers.map { [FilterConstraint(column: island, operator: .equal, value: .integer($0))] }
  }
}

extension LikelihoodChoice {
  /// From arguments 3 to 7 of `xm_what_if`.
  fileprivate init(_ filter: FilterRequest) throws(SQLFunctionError) {
    photometryWeight = try filter.real(2) ?? 1
    counterpartsPerDegree2 = try filter.real(3)
    unmatchedAPerDegree2 = try filter.real(4)
    unmatchedBPerDegree2 = try filter.real(5)
    priorFactor = try filter.real(6) ?? 1
  }
}
