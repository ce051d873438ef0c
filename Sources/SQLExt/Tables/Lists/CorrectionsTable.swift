import CatalogStore
import Indexing
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
      TableColumn(
        "motion_scale", .real,
        "speed of sources of unknown motion over that of the model of the Galaxy: 0.5, 1 or 2; 0: none has moved"),
      TableColumn(
        "covariate", .text,
        "the column on which m and n may depend (correct --by); NULL: none, or the law of all sources"),
      TableColumn("covariate_range", .text, "the range of it that this row is of; NULL: all sources"),
      TableColumn(
        "covariate_gain", .real,
        "ln L over that of one m and n for all ranges: of this range, or of all together where covariate_range is NULL"),
      TableColumn("reference", .text, "the better catalogue"), TableColumn("run", .integer, "see xm_runs"),
    ],
    summary: """
      The errors that positions of a catalogue really have, by sightline, as `xmdb correct` has found them against a better \
      catalogue, and the offsets of its positions. Where they depend on a column (--by), one row more for each of its ranges. A \
      match applies them. No rows: the catalogue has no corrections.
      """,
    example: "SELECT healpix_pixel, m, m_error, n_arcsec, n_error_arcsec, pairs FROM xm_corrections('hip')"
  ) { filter, contents, _ in
    let catalogue = try filter.catalogue(0, in: contents)
    guard let found = try CatalogueCorrections(of: catalogue.info.name, in: contents.registry) else { return [] }
    return found.sightlines.flatMap { pixel, correction in
      let all = row(found, pixel, correction, correction.record, found.map, range: nil)
      return [all]
        + correction.ranges.enumerated().map { place, range in
          row(found, pixel, correction, range.record, found.rangeMaps[place] ?? found.map, range: place)
        }
    }
  }

  /// - Parameter range: The place of a range; nil: all sources.
  private static func row(
    _ found: CatalogueCorrections, _ pixel: HealpixPixel, _ correction: SightlineCorrection, _ record: CorrectionRecord,
    _ map: CorrectionMap, range: Int?
  ) -> [SQLValue] {
    let estimate = map.estimate(at: pixel.center)
    func ifMeasured(_ value: Double) -> SQLValue { record.isMeasured ? SQLValue(value) : .null }
    // Of all pairs of the sightline, whatever their range.
    func ofAll(_ value: Double) -> SQLValue { range == nil ? ifMeasured(value) : .null }
    let hasFitness = record.isMeasured && !record.groups.isEmpty
    let covariate = correction.covariate
    let gain = range.map { correction.ranges[$0].gain } ?? correction.covariateGain
    return [
      SQLValue(pixel.order), SQLValue(pixel.index), SQLValue(record.raDegrees), SQLValue(record.decDegrees),
      .text(record.relation == .quadratic ? "quadratic" : "linear"), ifMeasured(record.correction.factor),
      ifMeasured(record.factorError), ifMeasured(record.correction.floorArcsec),
      ifMeasured(record.floorErrorArcsec), ofAll(correction.correlation),
      SQLValue(estimate.correction.factor), SQLValue(estimate.correction.floorArcsec),
      SQLValue(!record.isMeasured || estimate.isBorrowed ? 1 : 0), SQLValue(record.pairs),
      SQLValue(correction.limitArcsec), ofAll(correction.chanceShare), ofAll(correction.eastMas),
      ofAll(correction.northMas), ofAll(correction.offsetErrorMas),
      hasFitness ? SQLValue(record.fitness.reducedChiSquare) : .null,
      ifMeasured(record.logLikelihood - record.logLikelihoodAsQuoted),
      ofAll(correction.motionScale), covariate.map { .text($0.column) } ?? .null,
      covariate.flatMap { covariate in range.map { .text(covariate.name($0)) } } ?? .null,
      covariate == nil || !record.isMeasured ? .null : SQLValue(gain), SQLValue(found.run.catalogueB),
      SQLValue(found.run.id),
    ]
  }
}
