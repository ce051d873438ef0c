import CSQLite
import CatalogStore

// One table per catalogue, named as it is:
//
//     SELECT source_id, g_mag FROM gaia WHERE ra BETWEEN 66 AND 67 AND dec > 16
//     SELECT g.* FROM xmatch('gaia', 'hip') AS m JOIN gaia AS g ON g.xm_rowid = m.a_rowid
//
// HOW IT WORKS. The table is defined when the connection learns of the catalogue. A scan goes through shards in the order
// of the sky and hands on the values of an inner query on each, unchanged (`CatalogueScan` says how rows are found). So
// the rows come sorted by xm_rowid and by xm_healpix29, and the first of them come before the last have been looked for.
//
// The plan takes the comparisons that the bridge offers (`ComparableValue.swift`) of any column with a declared type; those
// on rowid, index, position and id also say where to look. Its text in EXPLAIN QUERY PLAN lists what was taken.

/// The table of one catalogue.
final class CatalogueTable: VirtualTable {
  private let name: String
  private let columns: [TableColumn]
  private let context: XMDBContext

  init(_ name: String, columns: [TableColumn], context: XMDBContext) {
    self.name = name
    self.columns = columns
    self.context = context
  }

  /// The definition for the catalogue's present generation.
  static func definition(of files: CatalogueFiles) -> TableFunction {
    let (name, columns) = (files.info.name, files.columns)
    return TableFunction(
      name, in: .catalogues, columns: columns, summary: "The sources of the catalogue \(name).",
      example: "SELECT * FROM \(quoted(name)) LIMIT 5"
    ) { CatalogueTable(name, columns: columns, context: $0) }
  }

  /// The generation that is current when a statement begins is read until the statement ends.
  func open() throws -> any OpenTable {
    let view = try context.view()
    let contents = view.contents
    guard contents.names[name] != nil else {
      throw SQLFunctionError("the catalogue '\(name)' is no longer in \(contents.database.path)")
    }
    let current = try contents.catalogue(name)
    guard current.columns.map(\.shape) == columns.map(\.shape) else {
      // `refresh` has defined the table anew; SQLite compiles the statement again and asks that one.
      throw SQLFunctionError(
        "the catalogue '\(name)' was replaced by one with other columns; prepare the statement again",
        sqliteCode: SQLITE_SCHEMA)
    }
    return OpenCatalogue(current, view, context)
  }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor { try open().makeCursor(filter) }

  func plan(_ request: PlanRequest) throws -> Plan {
    let files = try context.contents().catalogue(name)
    let layout = files.layout
    var plan = Plan(cost: 0, rows: 0)
    for constraint in request.constraints where constraint.isUsable && takes(constraint) {
      plan.take(constraint, isExact: true)
    }
    let estimate = CatalogueEstimate(request, files, layout)
    plan.rows = Plan.count(estimate.rows)
    plan.cost = estimate.cost
    plan.isSingleRow = estimate.isSingleRow
    plan.isOrdered = request.order.isSkyOrder(rowid: layout.rowid, healpix29: layout.healpix)
    return plan
  }

  private func takes(_ constraint: PlanConstraint) -> Bool {
    guard constraint.operator.isPushable else { return false }
    if constraint.column < 0 { return true }
    switch columns[constraint.column].kind {
    case .integer, .real, .text, .unsigned: return true
    // Without a type to go by, how SQLite compares depends on the other side.
    case .blob, .any: return constraint.operator == .isNull || constraint.operator == .isNotNull
    }
  }
}

/// The generation of a catalogue that one execution of a statement reads.
private final class OpenCatalogue: OpenTable {
  private let files: CatalogueFiles
  private let view: StatementView
  private let context: XMDBContext
  /// That of the last scan: the scans of a join differ in their values only.
  private var lookup: CatalogueLookup?

  init(_ files: CatalogueFiles, _ view: StatementView, _ context: XMDBContext) {
    self.files = files
    self.view = view
    self.context = context
  }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    if lookup?.fits(filter) != true { lookup = CatalogueLookup(filter, files) }
    if let lookup, let cursor = try LookupCursor(lookup, filter.constraints, context) { return cursor }
    return try CatalogueCursor(CatalogueScan(filter, files), context)
  }
}

extension [OrderTerm] {
  /// Whether rows sorted along the curve have this order. No two rows have the same rowid, so whatever follows the rowid
  /// decides nothing; −1 is the rowid, too.
  func isSkyOrder(rowid: Int, healpix29: Int) -> Bool {
    for term in self {
      if term.isDescending { return false }
      if term.column == rowid || term.column == -1 { return true }
      if term.column != healpix29 { return false }
    }
    return !isEmpty
  }
}

extension TableColumn {
  /// What a statement compiled for the table depends on.
  fileprivate var shape: [String] { [name, kind.rawValue] }
}
