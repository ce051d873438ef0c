import CatalogStore

// The answers of a match as tables:
//
//     SELECT a_id, b_id, pair_p FROM xmatch('gaia', 'hip') WHERE match_p > 0.9 LIMIT 10
//     SELECT id, alone_p FROM xm_nonmatches('gaia', 'hip', 'gaia') WHERE dec_deg > 16
//     SELECT * FROM xm_pairs('gaia', 'hip') WHERE a_id = 47917816253918720
//
// HOW THEY WORK. If the registry knows a finished run of the two catalogues, its result files are read one by one (a run
// goes when one of its catalogues is replaced, so it is never stale). Otherwise the catalogues are matched with the default
// configuration, chunk by chunk along the curve, and each chunk's rows are handed on before the next is matched. Both ways the
// rows go through the same SQL table, of a file or in memory, so that they are equal in every bit.
//
// Every comparison becomes a condition on that table. `WantedSky` says how ids, rowids, islands and positions spare chunks.

/// The definitions of the tables of match results.
enum MatchTables {
  static let all = [matches, nonmatches, pairs]

  private static let catalogues: [Parameter] = [.catalogue("a"), .catalogue("b")]

  /// Where the rows come from.
  static let source = """
    Read from the newest finished run of the two catalogues; without one, matched on the fly with the default \
    configuration and streamed.
    """

  private static let matches = TableFunction(
    "xmatch", in: .matching, parameters: catalogues + [.run.optional], columns: columns(.matches),
    summary: "The counterparts of two catalogues: the pairs of the most probable assignment of each island. \(source)",
    example: """
      SELECT a_id, b_id, round(pair_p, 3) AS p, round(separation_arcsec, 3) AS sep
      FROM xmatch('gaia', 'hip') WHERE match_p > 0.9 LIMIT 10
      """
  ) { MatchTable(.matches, $0) }

  private static let nonmatches = TableFunction(
    "xm_nonmatches", in: .matching,
    parameters: catalogues + [.text("which", "name of a or of b")] + [.run.optional], columns: columns(.nonmatches),
    summary: "The sources of one of two catalogues without a counterpart in the other. \(source)",
    example: """
      SELECT id, alone_p, nnm_separation_arcsec
      FROM xm_nonmatches('gaia', 'hip', 'gaia') WHERE dec_deg > 16 ORDER BY alone_p LIMIT 10
      """
  ) { MatchTable(.nonmatches, $0) }

  private static let pairs = TableFunction(
    "xm_pairs", in: .matching, parameters: catalogues + [.run.optional], columns: columns(.pairs),
    summary: "Every candidate pair of two catalogues with its likelihoods and its probability. \(source)",
    example: """
      SELECT a_id, b_id, chi2, xi, pair_p, matched FROM xm_pairs('gaia', 'hip') WHERE pair_p BETWEEN 0.1 AND 0.9
      """
  ) { MatchTable(.pairs, $0) }

  private static func columns(_ table: ResultTable) -> [TableColumn] {
    table.columns.map(column)
  }

  /// A column of a result table, by its name, as a column in SQL.
  static func column(_ name: String, of table: ResultTable) -> TableColumn {
    column(table.columns[table.place(of: name)])
  }

  /// A column of a result table as a column in SQL.
  private static func column(_ column: ResultColumn) -> TableColumn {
    let unit = column.unit.map { " [\($0)]" } ?? ""
    return TableColumn(
      column.name, TableColumn.Kind(column.kind), column.description + unit,
      formerly: column.formerName)
  }
}

extension TableColumn.Kind {
  fileprivate init(_ kind: ResultColumn.Kind) {
    switch kind {
    case .identifier: self = .any
    case .real: self = .real
    case .integer: self = .integer
    case .text: self = .text
    }
  }
}
