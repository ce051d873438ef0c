extension NonmatchRow: ResultRow {
  static let columns: [ValuedColumn<NonmatchRow>] = [
    .letter("side", "'a' or 'b': the catalogue the source belongs to") { UInt8(ascii: $0.isA ? "a" : "b") },
    .identifier("id", ucd: "meta.id", isIndexed: true, "identifier") { ChunkSource(isA: $0.isA, place: $0.source) },
    .real("ra_deg", unit: "deg", ucd: "pos.eq.ra", "right ascension, as catalogued") {
      $1.own($0).raDegrees[Int($0.source)]
    },
    .real("dec_deg", unit: "deg", ucd: "pos.eq.dec", "declination, as catalogued") {
      $1.own($0).decDegrees[Int($0.source)]
    },
    .real(
      "match_p", ucd: "stat.probability", export: .quantity("MATCH_P"),
      "probability of the island's best assignment as a whole; 1 without candidates"
    ) { row, _ in row.matchP },
    .real("alone_p", ucd: "stat.probability", "probability that the source has no counterpart, over all assignments") {
      row, _ in row.aloneP
    },
    .real(
      "nnm_separation_arcsec", unit: "arcsec", ucd: "pos.angDistance", export: .quantity("NNM_SEPARATION"),
      "separation to the nearest unmatched member of its island"
    ) { row, _ in row.nearest?.separationArcsec ?? .nan },
    .real(
      "nnm_eta", ucd: "stat.likelihood", export: .quantity("NNM_ETA"), "log10 photometric likelihood ratio with it"
    ) { row, _ in row.nearest?.eta ?? .nan },
    .real(
      "nnm_xi", ucd: "stat.likelihood", export: .quantity("NNM_XI"), "log10 astrometric likelihood ratio with it"
    ) { row, _ in row.nearest?.xi ?? .nan },
    .identifier("nnm_id", ucd: "meta.id", "its identifier") { row in
      row.nearest.map { ChunkSource(isA: !row.isA, place: $0.place) }
    },
    .real("avg_cont", export: .quantity("AVG_CONT"), "mean relative flux of unseen neighbours; NULL: not modelled") {
      row, _ in row.meanContamination
    },
    .real(
      "sigma_used_arcsec", unit: "arcsec", ucd: "stat.error;pos", export: .error("ASTRO_SIG_USED"),
      "1-sigma position error in the match (larger axis)"
    ) { $1.own($0).sigmaArcsec[Int($0.source)] },
    .real(
      "match_p_without_photometry", ucd: "stat.probability", "probability of this same assignment from positions alone"
    ) { row, _ in
      row.matchPWithoutPhotometry
    },
    .real("alone_p_without_photometry", ucd: "stat.probability", "probability of no counterpart from positions alone") {
      row, _ in
      row.alonePWithoutPhotometry
    },
    .integer("island", ucd: "meta.id", "island number") { row, _ in row.island },
    .integer("flags", ucd: "meta.code", "see xm_flags(flags)") { row, _ in row.flags.rawValue },
    .integer("xm_rowid", "position in its catalogue's sky order", formerly: "rank") {
      $1.own($0).columns.rowid[Int($0.source)]
    },
  ]
}

extension ChunkResult {
  /// The sources of the catalogue that a row is of.
  fileprivate func own(_ row: NonmatchRow) -> ResultSources { row.isA ? a : b }
}
