/// A column of a result table.
public struct ResultColumn: Sendable, Equatable {
  /// Its name in SQL.
  public let name: String
  /// The type it is declared with.
  public let sqlType: String
  /// Unit, in VOUnit spelling; nil for numbers without one.
  public let unit: String?
  /// What it says.
  public let description: String

  init(_ name: String, _ sqlType: String, _ unit: String?, _ description: String) {
    self.name = name
    self.sqlType = sqlType
    self.unit = unit
    self.description = description
  }
}

/// The tables that a run writes. Their columns are defined here once: for the files, for SQL and for the documents.
public enum ResultTable: String, Sendable, CaseIterable {
  /// Counterparts: the pairs of the most probable assignment of each island.
  case matches
  /// Sources of either catalogue without a counterpart in it.
  case nonmatches
  /// Every candidate pair.
  case pairs

  /// The columns, in order.
  public var columns: [ResultColumn] {
    switch self {
    case .matches: Self.matchColumns
    case .nonmatches: Self.nonmatchColumns
    case .pairs: Self.pairColumns
    }
  }

  private static let matchColumns: [ResultColumn] = [
    ResultColumn("a_id", "", nil, "identifier in the first catalogue"),
    ResultColumn("b_id", "", nil, "identifier in the second catalogue"),
    ResultColumn("a_ra_deg", "REAL", "deg", "right ascension of a, as catalogued"),
    ResultColumn("a_dec_deg", "REAL", "deg", "declination of a, as catalogued"),
    ResultColumn("b_ra_deg", "REAL", "deg", "right ascension of b, as catalogued"),
    ResultColumn("b_dec_deg", "REAL", "deg", "declination of b, as catalogued"),
    ResultColumn("match_p", "REAL", nil, "probability of the island's best assignment as a whole (report eq. 26)"),
    ResultColumn("pair_p", "REAL", nil, "probability that a and b are the same object, over all assignments"),
    ResultColumn("separation_arcsec", "REAL", "arcsec", "separation at the epoch of the match"),
    ResultColumn("eta", "REAL", nil, "log10 photometric likelihood ratio; 0 when photometry is not used"),
    ResultColumn("xi", "REAL", nil, "log10 astrometric likelihood ratio"),
    ResultColumn("a_avg_cont", "REAL", nil, "mean relative flux of unseen neighbours of a; NULL: not modelled"),
    ResultColumn("b_avg_cont", "REAL", nil, "mean relative flux of unseen neighbours of b; NULL: not modelled"),
    ResultColumn("a_cont_f1", "REAL", nil, "probability that a has a contaminant above 1 % relative flux"),
    ResultColumn("a_cont_f10", "REAL", nil, "probability that a has a contaminant above 10 % relative flux"),
    ResultColumn("b_cont_f1", "REAL", nil, "probability that b has a contaminant above 1 % relative flux"),
    ResultColumn("b_cont_f10", "REAL", nil, "probability that b has a contaminant above 10 % relative flux"),
    ResultColumn("a_sigma_used_arcsec", "REAL", "arcsec", "1-sigma position error of a in the match (larger axis)"),
    ResultColumn("b_sigma_used_arcsec", "REAL", "arcsec", "1-sigma position error of b in the match (larger axis)"),
    ResultColumn("a_runner_up_id", "", nil, "the next best counterpart of a; NULL: none"),
    ResultColumn("a_runner_up_p", "REAL", nil, "its probability"),
    ResultColumn("b_runner_up_id", "", nil, "the next best counterpart of b; NULL: none"),
    ResultColumn("b_runner_up_p", "REAL", nil, "its probability"),
    ResultColumn("match_p_without_photometry", "REAL", nil, "probability of this same assignment from positions alone"),
    ResultColumn("pair_p_without_photometry", "REAL", nil, "probability of this pair from positions alone"),
    ResultColumn("island", "INTEGER", nil, "island number"),
    ResultColumn("flags", "INTEGER", nil, "see xm_flags(flags)"),
    ResultColumn("a_rank", "INTEGER", nil, "position of a in its catalogue's sky order"),
    ResultColumn("b_rank", "INTEGER", nil, "position of b in its catalogue's sky order"),
  ]

  private static let nonmatchColumns: [ResultColumn] = [
    ResultColumn("side", "TEXT", nil, "'a' or 'b': the catalogue the source belongs to"),
    ResultColumn("id", "", nil, "identifier"),
    ResultColumn("ra_deg", "REAL", "deg", "right ascension, as catalogued"),
    ResultColumn("dec_deg", "REAL", "deg", "declination, as catalogued"),
    ResultColumn(
      "match_p", "REAL", nil, "probability of the island's best assignment as a whole; 1 without candidates"),
    ResultColumn("alone_p", "REAL", nil, "probability that the source has no counterpart, over all assignments"),
    ResultColumn("nnm_separation_arcsec", "REAL", "arcsec", "separation to the nearest unmatched member of its island"),
    ResultColumn("nnm_eta", "REAL", nil, "log10 photometric likelihood ratio with it"),
    ResultColumn("nnm_xi", "REAL", nil, "log10 astrometric likelihood ratio with it"),
    ResultColumn("nnm_id", "", nil, "its identifier"),
    ResultColumn("avg_cont", "REAL", nil, "mean relative flux of unseen neighbours; NULL: not modelled"),
    ResultColumn("sigma_used_arcsec", "REAL", "arcsec", "1-sigma position error in the match (larger axis)"),
    ResultColumn("match_p_without_photometry", "REAL", nil, "probability of this same assignment from positions alone"),
    ResultColumn("alone_p_without_photometry", "REAL", nil, "probability of no counterpart from positions alone"),
    ResultColumn("island", "INTEGER", nil, "island number"),
    ResultColumn("flags", "INTEGER", nil, "see xm_flags(flags)"),
    ResultColumn("rank", "INTEGER", nil, "position in its catalogue's sky order"),
  ]

  private static let pairColumns: [ResultColumn] = [
    ResultColumn("a_id", "", nil, "identifier in the first catalogue"),
    ResultColumn("b_id", "", nil, "identifier in the second catalogue"),
    ResultColumn("separation_arcsec", "REAL", "arcsec", "separation at the epoch of the match"),
    ResultColumn(
      "chi2", "REAL", nil,
      "-2 ln(1 - F), F the fraction of true counterparts that lie closer: chi squared for Gaussian errors"),
    ResultColumn("log10_density", "REAL", "log(deg**-2)", "log10 of the density G at this separation"),
    ResultColumn("n_c", "REAL", "deg**-2", "prior density of counterparts"),
    ResultColumn("n_a", "REAL", "deg**-2", "prior density of sources of a without counterpart"),
    ResultColumn("n_b", "REAL", "deg**-2", "prior density of sources of b without counterpart"),
    ResultColumn("eta", "REAL", nil, "log10 photometric likelihood ratio; 0 when photometry is not used"),
    ResultColumn("xi", "REAL", nil, "log10 astrometric likelihood ratio"),
    ResultColumn("pair_p", "REAL", nil, "probability that a and b are the same object, over all assignments"),
    ResultColumn("matched", "INTEGER", nil, "1: part of the island's best assignment"),
    ResultColumn("pair_p_without_photometry", "REAL", nil, "probability of this pair from positions alone"),
    ResultColumn("matched_without_photometry", "INTEGER", nil, "1: part of the best assignment from positions alone"),
    ResultColumn("a_class", "INTEGER", nil, "photometric class of a, see xm_photometry; NULL: no usable magnitude"),
    ResultColumn("b_class", "INTEGER", nil, "photometric class of b; NULL: no usable magnitude"),
    ResultColumn("island", "INTEGER", nil, "island number"),
    ResultColumn("flags", "INTEGER", nil, "see xm_flags(flags)"),
    ResultColumn("a_rank", "INTEGER", nil, "position of a in its catalogue's sky order"),
    ResultColumn("b_rank", "INTEGER", nil, "position of b in its catalogue's sky order"),
  ]

  /// Columns with an index, for questions about one source.
  public var indexedColumns: [String] { self == .nonmatches ? ["id"] : ["a_id", "b_id"] }
}
