import CatalogStore

/// One of the tables of match results.
final class MatchTable: VirtualTable {
  private let kind: ResultTable
  private let context: XMDBContext
  private let layout: MatchLayout
  private let opened: StatementView?

  init(_ kind: ResultTable, _ context: XMDBContext, opened: StatementView? = nil) {
    self.kind = kind
    self.context = context
    self.opened = opened
    layout = MatchLayout(kind)
  }

  private var whichArgument: Int? { kind == .nonmatches ? 2 : nil }

  func open() throws -> any OpenTable { MatchTable(kind, context, opened: try context.view()) }

  // MARK: Plan

  func plan(_ request: PlanRequest) throws -> Plan {
    var plan = Plan(cost: 0, rows: 0)
    for constraint in request.constraints where constraint.isUsable && constraint.column >= 0 {
      if kind.columns[constraint.column].kind == .identifier {
        // Identifiers have no declared type; SQLite looks again whether they are equal its way.
        if constraint.operator.isEquality { plan.take(constraint, isExact: false) }
      } else if constraint.operator.isPushable {
        plan.take(constraint, isExact: true)
      }
    }
    let estimate = MatchEstimate(request, kind, layout, context)
    plan.rows = Plan.count(estimate.rows)
    plan.cost = estimate.cost
    return plan
  }

  // MARK: Scan

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    let match = try MatchSource(
      filter, runArgument: kind == .nonmatches ? 3 : 2, opened?.contents ?? context.contents(), context)
    return try match.rows(kind, side: whichArgument.map { try side(filter, $0, match) }, filter)
  }

  /// 'a' or 'b', as the result table has it.
  private func side(_ filter: FilterRequest, _ index: Int, _ match: MatchSource) throws(SQLFunctionError) -> String {
    guard let side = match.side(named: try filter.text(index)) else {
      throw match.refusal(ofSide: filter.arguments[index] ?? .null, at: index)
    }
    return side
  }
}
