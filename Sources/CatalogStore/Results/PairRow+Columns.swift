extension PairRow: ResultRow {
  static let columns: [ValuedColumn<PairRow>] = [
    .identifier("a_id", ucd: "meta.id", isIndexed: true, "identifier in the first catalogue") { .a($0.a) },
    .identifier("b_id", ucd: "meta.id", isIndexed: true, "identifier in the second catalogue") { .b($0.b) },
    .real("separation_arcsec", unit: "arcsec", ucd: "pos.angDistance", "separation at the epoch of the match") {
      row, _ in
      row.separationArcsec
    },
    .real(
      "chi2", ucd: "stat.fit.chi2",
      "-2 ln(1 - F), F the fraction of true counterparts that lie closer: chi squared for Gaussian errors"
    ) {
      row, _ in row.chiSquared
    },
    .real("log10_density", unit: "log(deg**-2)", "log10 of the density G at this separation") { row, _ in
      row.log10Density
    },
    .real("n_c", unit: "deg**-2", "prior density of counterparts") { row, _ in row.priorBoth },
    .real("n_a", unit: "deg**-2", "prior density of sources of a without counterpart") { row, _ in row.priorA },
    .real("n_b", unit: "deg**-2", "prior density of sources of b without counterpart") { row, _ in row.priorB },
    .real("eta", ucd: "stat.likelihood", "log10 photometric likelihood ratio; 0 when photometry is not used") {
      row, _ in row.eta
    },
    .real("xi", ucd: "stat.likelihood", "log10 astrometric likelihood ratio") { row, _ in row.xi },
    .real("pair_p", ucd: "stat.probability", "probability that a and b are the same object, over all assignments") {
      row, _ in row.pairP
    },
    .integer("matched", "1: part of the island's best assignment") { row, _ in row.isMatched ? 1 : 0 },
    .real("pair_p_without_photometry", ucd: "stat.probability", "probability of this pair from positions alone") {
      row, _ in
      row.pairPWithoutPhotometry
    },
    .integer("matched_without_photometry", "1: part of the best assignment from positions alone") { row, _ in
      row.isMatchedWithoutPhotometry ? 1 : 0
    },
    .integer("a_class", "photometric class of a, see xm_photometry; NULL: no usable magnitude") { row, _ in
      row.classes.a < 0 ? nil : Int64(row.classes.a)
    },
    .integer("b_class", "photometric class of b; NULL: no usable magnitude") { row, _ in
      row.classes.b < 0 ? nil : Int64(row.classes.b)
    },
    .integer("island", ucd: "meta.id", "island number") { row, _ in row.island },
    .integer("flags", ucd: "meta.code", "see xm_flags(flags)") { row, _ in row.flags.rawValue },
    .integer("a_rowid", "position of a in its catalogue's sky order", formerly: "a_rank") {
      $1.a.columns.rowid[Int($0.a)]
    },
    .integer("b_rowid", "position of b in its catalogue's sky order", formerly: "b_rank") {
      $1.b.columns.rowid[Int($0.b)]
    },
  ]
}
