import CatalogStore
import MatchRun

/// Tables about the database itself.
enum ListTables {
  static let all = [catalogues, columns, runs, tables]

  private static let catalogues = ListTable.definition(
    "xm_catalogues", in: .database,
    columns: [
      TableColumn("name", .text, "its table's name"), TableColumn("rows", .integer, "sources"),
      TableColumn("input_rows", .integer, "rows of the input: sources and problem rows"),
      TableColumn("problem_rows", .integer, "rows kept aside, with the reason"),
      TableColumn("duplicate_ids", .integer, "rows whose id another row has too"),
      TableColumn("null_ids", .integer, "rows without id"),
      TableColumn("epoch_yr", .real, "epoch of all positions, Julian years; NULL: unknown, or each row has its own"),
      TableColumn("earliest_epoch_yr", .real, ""), TableColumn("latest_epoch_yr", .real, ""),
      TableColumn("frame", .text, "reference frame"), TableColumn("area_deg2", .real, "area covered"),
      TableColumn("largest_sigma_arcsec", .real, "largest 1-sigma position error"),
      TableColumn("known_motions", .integer, "sources with a proper motion"),
      TableColumn("largest_pm_mas_yr", .real, "largest proper motion"),
      TableColumn(
        "psf", .text, "the PSF that its survey profile stated: full width in arcsec, band, or none; NULL: by its bands"),
      TableColumn("id_type", .text, "integer, text, or none"), TableColumn("columns", .integer, "columns of the input"),
      TableColumn("shards", .integer, ""), TableColumn("bytes", .integer, "size of all shards"),
      TableColumn("generation", .integer, "1, 2, … within the catalogue"), TableColumn("created", .text, "UTC"),
      TableColumn("program", .text, "version of xmdb that ingested it"),
    ],
    summary: "The catalogues of the database.",
    example: "SELECT name, rows, epoch_yr, area_deg2 FROM xm_catalogues"
  ) { _, contents, _ in
    try contents.names.keys.sorted().map { name in
      let info = try contents.catalogue(name).info
      return [
        SQLValue(info.name), SQLValue(info.rows), SQLValue(info.inputRows), SQLValue(info.problemRows),
        SQLValue(info.duplicateIDs), SQLValue(info.nullIDs), SQLValue(info.epochYears),
        SQLValue(info.epochRange?.lowerBound), SQLValue(info.epochRange?.upperBound), SQLValue(info.frame),
        SQLValue(try contents.registry.coveredArea(of: info)), SQLValue(info.largestSigmaArcsec),
        SQLValue(info.knownMotions), SQLValue(info.largestMotionMasPerYear), SQLValue(info.psf),
        SQLValue(info.layout.id.rawValue),
        SQLValue(info.columns.count), SQLValue(info.shards.count), SQLValue(info.bytes), SQLValue(info.number),
        SQLValue(info.created), SQLValue(info.program),
      ]
    }
  }

  private static let columns = ListTable.definition(
    "xm_columns", in: .database,
    columns: [
      TableColumn("catalogue", .text, ""), TableColumn("position", .integer, "from 1"),
      TableColumn("name", .text, "in the catalogue's table"),
      TableColumn("source_name", .text, "in the input; differs where SQL could not tell two names apart"),
      TableColumn("type", .text, "in the input"), TableColumn("unit", .text, ""),
      TableColumn("ucd", .text, "Unified Content Descriptor"),
      TableColumn("role", .text, "what the match reads it as, with the unit; NULL: not read"),
      TableColumn("description", .text, ""),
    ],
    summary: "The columns of all catalogues.",
    example: "SELECT name, unit, role FROM xm_columns WHERE catalogue = 'gaia' AND role IS NOT NULL"
  ) { _, contents, _ in
    try contents.names.keys.sorted().flatMap { name in
      let info = try contents.catalogue(name).info
      return info.columns.enumerated().map { position, column in
        [
          SQLValue(name), SQLValue(position + 1), SQLValue(column.name), SQLValue(column.sourceName),
          SQLValue(column.type), SQLValue(column.unit), SQLValue(column.ucd), SQLValue(role(of: column, info)),
          SQLValue(column.description),
        ]
      }
    }
  }

  private static let tables = ListTable.definition(
    "xm_tables", in: .database,
    columns: [
      TableColumn("name", .text, "of the table"), TableColumn("kind", .text, "'catalogue' or 'operator'"),
      TableColumn("call", .text, "how it is used behind FROM; what is within [ ] may be left out"),
      TableColumn("rows", .integer, "sources of a catalogue; NULL: they follow from the arguments"),
      TableColumn("columns", .integer, "how many, without arguments"), TableColumn("summary", .text, "what it gives"),
    ],
    summary: """
      What this connection has beside its own tables: the catalogues, then the operators. `sqlite_schema` and `pragma table_list` \
      do not list them, since no file has them; `pragma table_xinfo(NAME)` gives the columns of each.
      """,
    example: "SELECT call, rows FROM xm_tables WHERE kind = 'catalogue' OR name = 'xmatch'"
  ) { _, contents, context in
    let catalogues = try contents.names.keys.sorted().compactMap { name -> [SQLValue]? in
      guard let table = context.definedTable(name) else { return nil }
      let call = SQLText.isPlain(name) ? name : SQLText.identifier(name)
      return row(table, kind: "catalogue", call: call, rows: try contents.catalogue(name).info.rows)
    }
    return catalogues + context.operators.map { row($0, kind: "operator", call: $0.callForm, rows: nil) }
  }

  private static func row(_ table: TableFunction, kind: String, call: String, rows: Int64?) -> [SQLValue] {
    [
      SQLValue(table.name), SQLValue(kind), SQLValue(call), rows.map { SQLValue($0) } ?? .null,
      SQLValue(table.columns.count), SQLValue(table.summary),
    ]
  }

  private static func role(of column: ColumnInfo, _ info: CatalogueInfo) -> String? {
    let roles = info.roles.filter { $0.column == column.name }
    if roles.isEmpty { return nil }
    return roles.map { $0.role + ($0.unit.map { " [\($0)]" } ?? "") }.joined(separator: ", ")
  }

  private static let runs = ListTable.definition(
    "xm_runs", in: .database,
    columns: [
      TableColumn("run", .integer, "its number"),
      TableColumn("kind", .text, "'match', or 'corrections' of the errors of a by b"),
      TableColumn("a", .text, "the first catalogue"), TableColumn("b", .text, "the second catalogue"),
      TableColumn("started", .text, "UTC"),
      TableColumn("finished", .text, "UTC; NULL while it is not: such a run can be resumed and is not read"),
      TableColumn("matches", .integer, "counterparts"),
      TableColumn("nonmatches_a", .integer, "sources of a without one"),
      TableColumn("nonmatches_b", .integer, "sources of b without one"),
      TableColumn("pairs", .integer, "candidate pairs that took part in the pairing"),
      TableColumn("islands", .integer, "islands with members of both catalogues"),
      TableColumn("negligible_pairs", .integer, "candidate pairs that took no part: too improbable in any island"),
      TableColumn("negligible_p", .real, "at most so many of them are real"),
      TableColumn("configuration", .text, "YAML"),
      TableColumn("fingerprint", .text, "of the inputs, the configuration and the program"),
    ],
    summary: "The stored runs, oldest first: matches, and corrections of errors.",
    example: "SELECT run, a, b, finished, matches, nonmatches_a, nonmatches_b FROM xm_runs"
  ) { _, contents, _ in
    try contents.registry.allRuns().reversed().map { run in
      let isCounted = run.finished != nil && run.kind == .match
      func total(_ value: Int64) -> SQLValue { isCounted ? .integer(value) : .null }
      return [
        SQLValue(run.id), .text(run.kind.rawValue), SQLValue(run.catalogueA), SQLValue(run.catalogueB),
        SQLValue(run.started),
        SQLValue(run.finished), total(run.totals.matches), total(run.totals.nonmatchesA), total(run.totals.nonmatchesB),
        total(run.totals.pairs), total(run.totals.islands), total(run.totals.negligiblePairs),
        isCounted ? SQLValue(run.totals.negligibleProbability) : .null, SQLValue(run.configuration),
        SQLValue(run.fingerprint),
      ]
    }
  }
}
