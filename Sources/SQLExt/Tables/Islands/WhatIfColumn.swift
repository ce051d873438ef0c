import CatalogStore

/// The columns of `xm_what_if`, in order.
enum WhatIfColumn: Int, CaseIterable {
  case idA, idB, separation, ratio, newRatio, pairP, newPairP, matched, newMatched, matchP, newMatchP
  case island, flags, rowidA, rowidB

  var column: TableColumn {
    switch self {
    case .idA: Self.asInPairs("a_id")
    case .idB: Self.asInPairs("b_id")
    case .separation: Self.asInPairs("separation_arcsec")
    case .ratio: TableColumn("log10_ratio", .real, "log10 of the likelihood ratio R in the run: eta + xi, not limited")
    case .newRatio: TableColumn("new_log10_ratio", .real, "the same with the likelihoods asked for")
    case .pairP: Self.asInPairs("pair_p")
    case .newPairP: TableColumn("new_pair_p", .real, "the same with the likelihoods asked for")
    case .matched: Self.asInPairs("matched")
    case .newMatched: TableColumn("new_matched", .integer, "1: part of the best assignment with them")
    case .matchP: TableColumn("match_p", .real, "probability of the island's best assignment as a whole, in the run")
    case .newMatchP: TableColumn("new_match_p", .real, "that of the best assignment with the likelihoods asked for")
    case .island: Self.asInPairs("island")
    case .flags: TableColumn("flags", .integer, "see xm_flags(flags); approximate: the new probabilities are")
    case .rowidA: Self.asInPairs("a_rowid")
    case .rowidB: Self.asInPairs("b_rowid")
    }
  }

  private static func asInPairs(_ name: String) -> TableColumn { MatchTables.column(name, of: .pairs) }

  /// The place in `xm_pairs` of a column that finds islands.
  static func keyPlace(_ column: Int) -> Int? {
    guard let column = WhatIfColumn(rawValue: column), [.idA, .idB, .rowidA, .rowidB, .island].contains(column) else {
      return nil
    }
    return ResultTable.pairs.place(of: column.column.name)
  }
}
