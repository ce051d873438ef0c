import CatalogStore

// Which other sources lie inside the PSF of a matched one:
//
//     SELECT b_id, other_id, inside_p, flux_share FROM xm_blends('gaia', 'catwise') WHERE foreign_share > 0.1
//
// HOW IT WORKS. Islands are solved again, chunk by chunk, with the configuration and the densities of the run, so that the matches and
// their probabilities are those of the run; of those that have others inside, fluxes are shared when their rows are asked for. Ids,
// rowids and positions of the matched pair spare chunks, as in the other tables of a match.

/// The blends of a match.
final class BlendsTable: VirtualTable {
  private let context: XMDBContext
  private let opened: StatementView?

  private init(_ context: XMDBContext, opened: StatementView? = nil) {
    self.context = context
    self.opened = opened
  }

  static let definition = TableFunction(
    "xm_blends", in: .matching, parameters: [.catalogue("a"), .catalogue("b"), .run.optional],
    columns: BlendColumn.allCases.map(\.column),
    summary: """
      Beside the match of one source with one: the other sources of one catalogue that lie unresolved inside the PSF of a \
      matched source of the other, a row for each, and whose flux is whose (docs/method.md, section 6). Of the newest finished \
      run, whose islands are solved again; without one, of a match on the fly with the default configuration. No rows \
      where no PSF is known: the report of a match says which are.
      """,
    example:
      "SELECT b_id, other_id, inside_p, flux_share FROM xm_blends('gaia', 'hip') ORDER BY foreign_share DESC LIMIT 5"
  ) { BlendsTable($0) }

  func open() throws -> any OpenTable { BlendsTable(context, opened: try context.view()) }

  func plan(_ request: PlanRequest) throws -> Plan {
    var plan = Plan(cost: 0, rows: 0)
    let layout = BlendColumn.layout
    let keys = [layout.a, layout.b].flatMap { [$0.id, $0.rowid].compactMap(\.self) }
    let places = [layout.a, layout.b].flatMap { [$0.ra, $0.dec].compactMap(\.self) }
    for constraint in request.constraints where constraint.isUsable {
      let isKey = keys.contains(constraint.column) && constraint.operator.isEquality
      let isPlace = places.contains(constraint.column) && constraint.operator.isPushable
      if isKey || isPlace { plan.take(constraint, isExact: false) }
    }
    let estimate = MatchEstimate(request, .matches, layout, context)
    plan.rows = Plan.count(estimate.rows)
    plan.cost = estimate.cost * Self.costOfSolving
    return plan
  }

  private static let costOfSolving = 10.0

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    let match = try MatchSource(filter, runArgument: 2, opened?.contents ?? context.contents(), context)
    let region = try WantedSky(filter, BlendColumn.layout, match.a, match.b, side: nil, context).region
    return try BlendsCursor(match.blends(), region: region ?? .wholeSky, context)
  }
}
