import CatalogStore
import Match
import MatchRun

/// `xm_corrections(cat)`: what a catalogue's errors are, as another one shows.
enum CorrectionsTable {
  static let definition = ListTable.definition(
    "xm_corrections", in: .matching, parameters: [.catalogue("cat")],
    columns: [
      TableColumn("healpix_order", .integer, "order of the sightline's pixel"),
      TableColumn("healpix_pixel", .integer, "nested index"),
      TableColumn("ra_deg", .real, "its middle"), TableColumn("dec_deg", .real, "its middle"),
      TableColumn(
        "relation", .text, "'quadratic': sigma**2 = (m sigma_quoted)**2 + n**2; 'linear': sigma = m sigma_quoted + n"),
      TableColumn("m", .real, "as fitted to the pairs of this sightline; NULL: too few"),
      TableColumn("m_error", .real, "its 1-sigma error"),
      TableColumn("n_arcsec", .real, "likewise"), TableColumn("n_error_arcsec", .real, "its 1-sigma error"),
      TableColumn(
        "correlation", .real, "of the two numbers that are fitted: m**2 and n**2, or m and n of the linear relation"),
      TableColumn("m_used", .real, "m in the middle, of the smooth map through all sightlines: what a match applies"),
      TableColumn("n_used_arcsec", .real, "likewise n"),
      TableColumn("is_borrowed", .integer, "1: mostly what the neighbours say"),
      TableColumn("pairs", .integer, "mutually nearest pairs that took part"),
      TableColumn("limit_arcsec", .real, "pairs were looked for within this separation"),
      TableColumn("chance_share", .real, "share of them that are chance"),
      TableColumn("east_mas", .real, "where the catalogue lies, seen from the reference"),
      TableColumn("north_mas", .real, "likewise"), TableColumn("offset_error_mas", .real, "1-sigma error of either"),
      TableColumn(
        "reduced_chi2", .real, "of separations in 20 bins of equal probability, 17 degrees of freedom; NULL: binned"),
      TableColumn("log_likelihood_gain", .real, "ln L of m and n over that of errors as they are quoted"),
      TableColumn("reference", .text, "the better catalogue"), TableColumn("run", .integer, "see xm_runs"),
    ],
    summary: """
      The errors that positions of a catalogue really have, by sightline, as `xmdb correct` has found them against a better \
      catalogue, and the offsets of its positions. A match applies them. No rows: the catalogue has no corrections.
      """,
    example: "SELECT healpix_pixel, m, m_error, n_arcsec, n_error_arcsec, pairs FROM xm_corrections('hip')"
  ) { filter, contents, _ in
    let catalogue = try filter.catalogue(0, in: contents)
    guard let found = try CatalogueCorrections(of: catalogue.info.name, in: contents.registry) else { return [] }
    return found.sightlines.map { pixel, correction in
      let (record, estimate) = (correction.record, found.map.estimate(at: pixel.center))
      func ifMeasured(_ value: Double) -> SQLValue { record.isMeasured ? SQLValue(value) : .null }
      let hasFitness = record.isMeasured && !record.groups.isEmpty
      return [
        SQLValue(pixel.order), SQLValue(pixel.index), SQLValue(record.raDegrees), SQLValue(record.decDegrees),
        .text(record.relation == .quadratic ? "quadratic" : "linear"), ifMeasured(record.correction.factor),
        ifMeasured(record.factorError), ifMeasured(record.correction.floorArcsec),
        ifMeasured(record.floorErrorArcsec), ifMeasured(correction.correlation),
        SQLValue(estimate.correction.factor), SQLValue(estimate.correction.floorArcsec),
        SQLValue(!record.isMeasured || estimate.isBorrowed ? 1 : 0), SQLValue(record.pairs),
        SQLValue(correction.limitArcsec), ifMeasured(correction.chanceShare), ifMeasured(correction.eastMas),
        ifMeasured(correction.northMas), ifMeasured(correction.offsetErrorMas),
        hasFitness ? SQLValue(record.fitness.reducedChiSquare) : .null,
        ifMeasured(record.logLikelihood - record.logLikelihoodAsQuoted), SQLValue(found.run.catalogueB),
        SQLValue(found.run.id),
      ]
    }
  }
}
