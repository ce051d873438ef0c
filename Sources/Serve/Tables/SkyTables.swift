internal import ADQL
internal import CatalogStore

/// The tables that a database has for queries, as it was when they were listed.
struct SkyTables: Sendable {
  /// A catalogue, as simple cone search needs it.
  struct Catalogue: Sendable {
    let name: String
    let rows: Int64
    let columns: [ColumnDefinition]
    /// The column of identifiers.
    let id: String?
    /// The columns of the position, where they are in degrees.
    let position: (ra: String, dec: String)?
    /// Columns that have a role in a match.
    let roles: Set<String>
  }

  /// The key of a table that joins another one.
  struct Key: Sendable {
    let table: String
    let target: String
    let column: String
    let targetColumn: String
  }

  let catalogues: [Catalogue]
  /// All of them, those of TAP_SCHEMA too.
  let tables: [TableDefinition]
  let keys: [Key]

  /// Names and sentences of the schemas, in order.
  static let schemas = [
    ("catalogues", "The catalogues of the database."),
    ("matches", "The finished matches of two catalogues: counterparts, sources without one, and all candidate pairs."),
    ("tap_schema", "What tables and columns there are."),
  ]

  init(_ registry: Registry, _ database: SkyDatabase) throws {
    let names = try registry.catalogueNames()
    let infos = try names.map(registry.catalogue)
    var list = TableList()
    var catalogues: [Catalogue] = []
    for info in infos {
      let columns = try CatalogueColumns.all(info, database)
      let catalogue = Catalogue(
        name: info.name, rows: info.rows, columns: columns, id: info.column(role: "id"),
        position: CatalogueColumns.position(info, columns), roles: Set(info.roles.compactMap(\.column)))
      catalogues.append(catalogue)
      list.add(catalogue, info)
    }
    var seen: Set<[String]> = []
    for run in try registry.allRuns() where run.kind == .match && run.finished != nil {
      guard seen.insert([run.catalogueA, run.catalogueB]).inserted,
        let a = infos.first(where: { $0.name == run.catalogueA }),
        let b = infos.first(where: { $0.name == run.catalogueB })
      else { continue }
      list.add(run, a, b)
    }
    self.catalogues = catalogues
    tables = list.tables + TapSchema.tables
    keys = list.keys
  }

  /// The catalogue of a name, in any case.
  func catalogue(_ name: String) -> Catalogue? {
    catalogues.first { $0.name == name } ?? catalogues.first { $0.name.lowercased() == name.lowercased() }
  }
}

/// Makes tables of catalogues and runs, each with a name of its own.
private struct TableList {
  private(set) var tables: [TableDefinition] = []
  private(set) var keys: [SkyTables.Key] = []
  private var taken: Set<String> = []

  mutating func add(_ catalogue: SkyTables.Catalogue, _ info: CatalogueInfo) {
    let positions = catalogue.position.map {
      [PositionColumns(ra: $0.ra, dec: $0.dec, search: .cone(catalogue: info.name))]
    }
    var facts = "The \(info.rows) sources of the catalogue \(info.name), \(info.frame)"
    if let epoch = info.epochYears { facts += ", epoch \(epoch)" }
    tables.append(
      TableDefinition(
        schema: "catalogues", name: info.name, sql: SQLText.identifier(info.name), description: facts + ".",
        columns: catalogue.columns, positions: positions ?? []))
  }

  /// The newest run of two catalogues, which is what SQL reads where no number is given.
  mutating func add(_ run: RunInfo, _ a: CatalogueInfo, _ b: CatalogueInfo) {
    let (nameA, nameB) = (Self.text(a.name), Self.text(b.name))
    let pairColumns = [("a_rowid", a), ("b_rowid", b)]
    add(
      "matches_\(a.name)_\(b.name)", "xmatch(\(nameA), \(nameB))", .matches, run, (a, b), pairColumns,
      "The counterparts of \(a.name) (a) and \(b.name) (b): the pairs of the most probable assignment of each island")
    add(
      "nonmatches_\(a.name)_\(b.name)", "xm_nonmatches(\(nameA), \(nameB), \(nameA))", .nonmatches, run,
      (a, b), [("xm_rowid", a)], "The sources of \(a.name) without a counterpart in \(b.name)")
    add(
      "nonmatches_\(b.name)_\(a.name)", "xm_nonmatches(\(nameA), \(nameB), \(nameB))", .nonmatches, run,
      (b, a), [("xm_rowid", b)], "The sources of \(b.name) without a counterpart in \(a.name)")
    add(
      "pairs_\(a.name)_\(b.name)", "xm_pairs(\(nameA), \(nameB))", .pairs, run, (a, b), pairColumns,
      "Every candidate pair of \(a.name) (a) and \(b.name) (b) with its likelihoods and its probability")
  }

  private mutating func add(
    _ wanted: String, _ sql: String, _ kind: ResultTable, _ run: RunInfo, _ of: (CatalogueInfo, CatalogueInfo),
    _ rowids: [(column: String, of: CatalogueInfo)], _ what: String
  ) {
    // 'a_b' with 'c' and 'a' with 'b_c' would have one name.
    let name = taken.insert(wanted.lowercased()).inserted ? wanted : "\(wanted)_run\(run.id)"
    let columns = kind.columns.map { CatalogueColumns.ofResult($0, kind, of.0, of.1) }
    let names = Set(columns.map(\.name))
    let positions = [("a_ra_deg", "a_dec_deg"), ("b_ra_deg", "b_dec_deg"), ("ra_deg", "dec_deg")]
      .filter { names.contains($0.0) }.map { PositionColumns(ra: $0.0, dec: $0.1, search: .bounds) }
    let table = TableDefinition(
      schema: "matches", name: name, sql: sql, description: "\(what); run \(run.id).", columns: columns,
      positions: positions)
    tables.append(table)
    for (column, catalogue) in rowids {
      keys.append(
        SkyTables.Key(
          table: table.fullName, target: "catalogues." + ADQL.spelling(of: catalogue.name), column: column,
          targetColumn: "xm_rowid"))
    }
  }

  private static func text(_ name: String) -> String {
    "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
