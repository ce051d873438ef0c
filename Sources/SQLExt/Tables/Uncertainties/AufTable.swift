import CatalogStore
import Indexing
import MatchRun

// Position errors, of one catalogue or of two:
//
//     SELECT id, sigma_used_arcsec, pull_rms_arcsec FROM xm_auf('catwise') WHERE dec_deg < -87
//     SELECT variance_factor, floor_arcsec, weight FROM xm_auf('gaia', 'catwise')
//
// HOW IT WORKS. With one catalogue its sources are read piece by piece along the curve, as a match reads them, and each is a row. With two
// catalogues the rows are what a match of them has fitted (`WidthsTable`). The columns of the other form are NULL.

/// `xm_auf`: what positions are worth.
final class AufTable: VirtualTable {
  private let context: XMDBContext
  private let opened: StatementView?

  private init(_ context: XMDBContext, opened: StatementView? = nil) {
    self.context = context
    self.opened = opened
  }

  static let definition = TableFunction(
    "xm_auf", in: .matching, parameters: [.catalogue("a"), .catalogue("b").optional],
    columns: AufColumn.allCases.map(\.column) + WidthsTable.columns,
    summary: """
      What positions are worth. Of one catalogue, a row for each source: its error as it is quoted and with the corrections that a \
      match would apply, the density around it, and what neighbours hidden in its PSF do to it (docs/method.md, section 2). Of \
      two, by region: how counterparts are distributed about each other, as a mixture of these errors times factors and with \
      floors; from the newest finished run, or measured now, which takes a pass over both catalogues; a run with \
      `method: survivors` has no rows. The columns from `measured_order` on are of two catalogues, and NULL of one; the others \
      the other way round.
      """,
    example: "SELECT variance_factor, floor_arcsec, weight FROM xm_auf('gaia', 'hip') ORDER BY weight DESC LIMIT 3"
  ) { AufTable($0) }

  func open() throws -> any OpenTable { AufTable(context, opened: try context.view()) }

  func plan(_ request: PlanRequest) throws -> Plan {
    var plan = Plan(cost: 0, rows: 0)
    let source = AufColumn.layout.a
    let usable = request.constraints.filter(\.isUsable)
    let keys = usable.filter { [source.id, source.rowid].contains($0.column) && $0.operator.isEquality }
    let places = usable.filter { [source.ra, source.dec].contains($0.column) && $0.operator.isPushable }
    for constraint in keys + places { plan.take(constraint, isExact: false) }
    plan.rows = keys.isEmpty ? (places.isEmpty ? 1_000_000 : 10_000) : 1
    plan.cost = Self.opening + 2 * Double(plan.rows)
    return plan
  }

  private static let opening = 5000.0

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    let contents = try opened?.contents ?? context.contents()
    let catalogue = try filter.catalogue(0, in: contents)
    if filter.arguments[1] != nil {
      let before = [SQLValue](repeating: .null, count: AufColumn.allCases.count)
      return ListCursor(try WidthsTable.rows(filter, contents, context).map { before + $0 })
    }
    let region = try WantedSky(filter, AufColumn.layout, catalogue, catalogue, side: "a", context).region
    let uncertainties = try contents.uncertainties(catalogue.info.name, stop: context.stopCheck)
    return try AufCursor(uncertainties, region: region ?? .wholeSky, context)
  }
}

/// Goes through the sources of a catalogue, piece by piece.
final class AufCursor: VirtualCursor {
  private let uncertainties: CatalogueUncertainties
  private let context: XMDBContext
  private var pieces: ArraySlice<PixelRangeSet>
  private var sources: [SourceUncertainty] = []
  private var position = 0

  init(_ uncertainties: CatalogueUncertainties, region: PixelRangeSet, _ context: XMDBContext) throws {
    self.uncertainties = uncertainties
    self.context = context
    pieces = uncertainties.pieces(of: region)[...]
    super.init()
    try advance()
  }

  override var isAtEnd: Bool { sources.isEmpty }

  override func next() throws {
    position += 1
    if position == sources.count { try advance() }
  }

  private func advance() throws {
    (position, sources) = (0, [])
    while sources.isEmpty, let piece = pieces.popFirst() {
      try context.checkInterrupt()
      var stop = context.stopCheck
      sources = try uncertainties.sources(in: piece, stop: &stop)
    }
  }

  override func column(_ index: Int, into result: borrowing ResultContext) throws {
    guard let column = AufColumn(rawValue: index) else { return }
    result.set(column.value(sources[position], uncertainties))
  }

  override var rowid: Int64? { sources[position].rowid }
}
