extension MatchRow: ResultRow {
  static let columns: [ValuedColumn<MatchRow>] = [
    .identifier("a_id", ucd: "meta.id", isIndexed: true, "identifier in the first catalogue") { .a($0.a) },
    .identifier("b_id", ucd: "meta.id", isIndexed: true, "identifier in the second catalogue") { .b($0.b) },
    .real("a_ra_deg", unit: "deg", ucd: "pos.eq.ra", "right ascension of a, as catalogued") {
      $1.a.raDegrees[Int($0.a)]
    },
    .real("a_dec_deg", unit: "deg", ucd: "pos.eq.dec", "declination of a, as catalogued") {
      $1.a.decDegrees[Int($0.a)]
    },
    .real("b_ra_deg", unit: "deg", ucd: "pos.eq.ra", "right ascension of b, as catalogued") {
      $1.b.raDegrees[Int($0.b)]
    },
    .real("b_dec_deg", unit: "deg", ucd: "pos.eq.dec", "declination of b, as catalogued") {
      $1.b.decDegrees[Int($0.b)]
    },
    .real(
      "match_p", ucd: "stat.probability", export: .quantity("MATCH_P"),
      "probability of the island's best assignment as a whole (report eq. 26)"
    ) { row, _ in row.matchP },
    .real("pair_p", ucd: "stat.probability", "probability that a and b are the same object, over all assignments") {
      row, _ in row.pairP
    },
    .real(
      "separation_arcsec", unit: "arcsec", ucd: "pos.angDistance", export: .quantity("SEPARATION"),
      "separation at the epoch of the match"
    ) { row, _ in row.separationArcsec },
    .real(
      "eta", ucd: "stat.likelihood", export: .quantity("ETA"),
      "log10 photometric likelihood ratio; 0 when photometry is not used"
    ) { row, _ in row.eta },
    .real("xi", ucd: "stat.likelihood", export: .quantity("XI"), "log10 astrometric likelihood ratio") { row, _ in
      row.xi
    },
    .real(
      "a_avg_cont", export: .quantity("A_AVG_CONT"), "mean relative flux of unseen neighbours of a; NULL: not modelled"
    ) { row, _ in row.contaminationOfA.meanFlux },
    .real(
      "b_avg_cont", export: .quantity("B_AVG_CONT"), "mean relative flux of unseen neighbours of b; NULL: not modelled"
    ) { row, _ in row.contaminationOfB.meanFlux },
    .real(
      "a_cont_f1", ucd: "stat.probability", export: .quantity("A_CONT_F1"),
      "probability that a has a contaminant above 1 % relative flux; NULL: not modelled"
    ) { row, _ in row.contaminationOfA.above1 },
    .real(
      "a_cont_f10", ucd: "stat.probability", export: .quantity("A_CONT_F10"),
      "probability that a has a contaminant above 10 % relative flux; NULL: not modelled"
    ) { row, _ in row.contaminationOfA.above10 },
    .real(
      "b_cont_f1", ucd: "stat.probability", export: .quantity("B_CONT_F1"),
      "probability that b has a contaminant above 1 % relative flux; NULL: not modelled"
    ) { row, _ in row.contaminationOfB.above1 },
    .real(
      "b_cont_f10", ucd: "stat.probability", export: .quantity("B_CONT_F10"),
      "probability that b has a contaminant above 10 % relative flux; NULL: not modelled"
    ) { row, _ in row.contaminationOfB.above10 },
    .real(
      "a_sigma_used_arcsec", unit: "arcsec", ucd: "stat.error;pos", export: .error("A_ASTRO_SIG_USED"),
      "1-sigma position error of a in the match (larger axis)"
    ) { $1.a.sigmaArcsec[Int($0.a)] },
    .real(
      "b_sigma_used_arcsec", unit: "arcsec", ucd: "stat.error;pos", export: .error("B_ASTRO_SIG_USED"),
      "1-sigma position error of b in the match (larger axis)"
    ) { $1.b.sigmaArcsec[Int($0.b)] },
    .identifier("a_runner_up_id", ucd: "meta.id", "the next best counterpart of a; NULL: none") {
      $0.runnerUpOfA.map { .b($0.place) }
    },
    .real("a_runner_up_p", ucd: "stat.probability", "its probability") { row, _ in row.runnerUpOfA?.probability ?? .nan
    },
    .identifier("b_runner_up_id", ucd: "meta.id", "the next best counterpart of b; NULL: none") {
      $0.runnerUpOfB.map { .a($0.place) }
    },
    .real("b_runner_up_p", ucd: "stat.probability", "its probability") { row, _ in row.runnerUpOfB?.probability ?? .nan
    },
    .real(
      "a_group_p", ucd: "stat.probability",
      "probability that the counterpart of a is b or another detection of b's object; NULL: no other"
    ) {
      row, _ in row.groupPOfA
    },
    .real(
      "b_group_p", ucd: "stat.probability",
      "probability that the counterpart of b is a or another detection of a's object; NULL: no other"
    ) {
      row, _ in row.groupPOfB
    },
    .real(
      "match_p_without_photometry", ucd: "stat.probability", "probability of this same assignment from positions alone"
    ) { row, _ in
      row.matchPWithoutPhotometry
    },
    .real("pair_p_without_photometry", ucd: "stat.probability", "probability of this pair from positions alone") {
      row, _ in
      row.pairPWithoutPhotometry
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
