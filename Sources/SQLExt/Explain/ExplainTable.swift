import CatalogStore

/// `xm_explain`: the rows of the explanations of one id.
final class ExplainTable: VirtualTable {
  private let context: XMDBContext
  private let opened: StatementView?

  private init(_ context: XMDBContext, opened: StatementView? = nil) {
    self.context = context
    self.opened = opened
  }

  static let definition = TableFunction(
    "xm_explain", in: .matching,
    parameters: [
      .catalogue("a"), .catalogue("b"),
      .identifier("id", "identifier of a source of a or b; in a catalogue without any, xm_rowid"),
      .text("which", "name of a or of b").optional, .run.optional,
    ],
    columns: ExplainColumn.allCases.map(\.column),
    summary: """
      Every factor of one source's answer: a row for each of its candidates, the most probable first, then one for each \
      pair of its rivals, the other sources of its catalogue in the island; each with a `verdict` that says why it won or \
      lost. A source without candidates has one row that says so. Where both catalogues have the id, both sources are \
      explained, unless `which` names a catalogue. An unknown id has no rows. \(MatchTables.source)
      """,
    example: """
      SELECT role, b_id, separation_arcsec, log10_ratio, pair_p, verdict
      FROM xm_explain('gaia', 'hip', 1000000000000000000)
      """
  ) { ExplainTable($0) }

  func open() throws -> any OpenTable { ExplainTable(context, opened: try context.view()) }

  func plan(_ request: PlanRequest) throws -> Plan { Plan(cost: 10_000, rows: 5) }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    let match = try MatchSource(filter, runArgument: 4, opened?.contents ?? context.contents(), context)
    let id = filter.arguments[2] ?? .null
    if case .blob = id { throw filter.refusal(2) }
    let withCrowding = ExplainColumn.ofCrowding.contains { filter.uses(column: $0.rawValue) }
    let explainer = Explainer(match, context, withCrowding: withCrowding)
    return ListCursor(
      try match.sides(filter, which: 3).flatMap { try explainer.explanations(ofID: id, isA: $0 == "a") }
        .flatMap(ExplainColumn.rows))
  }
}

extension MatchSource {
  /// 'a' or 'b' as the optional argument says, else both.
  fileprivate func sides(_ filter: FilterRequest, which index: Int) throws -> [String] {
    guard let argument = filter.arguments[index] else { return ["a", "b"] }
    guard let side = side(named: try filter.text(index)) else { throw refusal(ofSide: argument, at: index) }
    return [side]
  }
}
