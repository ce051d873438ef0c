import CatalogStore

/// Tables about what a match measured before it paired anything.
enum MeasurementTables {
  static let all = [priors, photometry, CorrectionsTable.definition, MatchCountsTable.definition]

  private static let measuredOrder = TableColumn(
    "measured_order", .integer, "order of the pixel whose pairs were counted; -1: the whole sky")

  private static let priors = ListTable.definition(
    "xm_priors", in: .matching, parameters: [.catalogue("a"), .catalogue("b")],
    columns: [
      TableColumn("healpix_order", .integer, "order of the region's pixel"),
      TableColumn("healpix_pixel", .integer, "nested index"),
      TableColumn("area_deg2", .real, "area that both catalogues cover in it"),
      TableColumn("count_a", .real, "sources of a in that area"), TableColumn("count_b", .real, "sources of b in it"),
      TableColumn("a_band", .text, "band of a; NULL: the densities are the same for all bands"),
      TableColumn("b_band", .text, "likewise of b"),
      TableColumn("n_c", .real, "density of counterparts, deg**-2"),
      TableColumn("n_c_error", .real, "its 1-sigma error; NULL: from counts"),
      TableColumn("n_a", .real, "density of sources of a without counterpart, deg**-2"),
      TableColumn("n_b", .real, "density of sources of b without counterpart, deg**-2"),
      measuredOrder,
      TableColumn("measured_pixel", .integer, "nested index of that pixel; NULL: not measured, from counts"),
      TableColumn("flags", .integer, "see xm_flags(flags)"),
    ],
    summary: """
      The prior densities of a match, by region: from the newest finished run, or measured now with the default \
      configuration, which takes a pass over both catalogues. A region with too few pairs has those of a coarser pixel. \
      A run with `method: survivors` has a row for each band pair of a region.
      """,
    example: "SELECT * FROM xm_priors('gaia', 'hip') WHERE area_deg2 > 0"
  ) { filter, contents, context in
    try measurement(filter, contents, context).regions.flatMap { region in
      region.bandPairs.isEmpty ? [row(region, nil)] : region.bandPairs.map { row(region, $0) }
    }
  }

  private static func row(_ region: RunRegion, _ pair: RunBandPair?) -> [SQLValue] {
    let place = region.measuredIn?.orderAndIndex
    return [
      SQLValue(region.pixel.order), SQLValue(region.pixel.index), SQLValue(region.areaDegrees2),
      SQLValue(region.countA), SQLValue(region.countB), SQLValue(pair?.bandA), SQLValue(pair?.bandB),
      SQLValue(pair?.counterparts ?? region.counterparts),
      SQLValue(pair == nil ? region.counterpartsError : pair?.counterpartsError),
      SQLValue(pair?.unmatchedA ?? region.unmatchedA), SQLValue(pair?.unmatchedB ?? region.unmatchedB),
      place.map { SQLValue($0.order) } ?? .null,
      place.map { SQLValue($0.index) } ?? .null, SQLValue(region.flags.rawValue),
    ]
  }

  private static let photometry = ListTable.definition(
    "xm_photometry", in: .matching, parameters: [.catalogue("a"), .catalogue("b")],
    columns: [
      measuredOrder, TableColumn("measured_pixel", .integer, "nested index of that pixel"),
      TableColumn("kind", .text, "'c': counterparts; 'f_a', 'f_b': sources of a or b without one"),
      TableColumn("a_band", .text, "band of a"), TableColumn("a_brightest", .real, "bright limit, mag, inclusive"),
      TableColumn("a_faintest", .real, "faint limit, mag, exclusive"), TableColumn("b_band", .text, "band of b"),
      TableColumn("b_brightest", .real, "bright limit, mag, inclusive"),
      TableColumn("b_faintest", .real, "faint limit, mag, exclusive"),
      TableColumn(
        "share", .real,
        "share of all sources of this kind; the shares of a kind, or of a kind and band pair, add up to 1"),
      TableColumn("density", .real, "share per mag, or per mag**2 for 'c'"),
    ],
    summary: """
      The magnitudes of counterparts (c) and of sources without (f), as measured in each part of the sky. eta of a pair is \
      log10(c / (f_a f_b)) in shares. From the newest finished run, or measured now. A run with `method: survivors` has \
      shares by band pair: f of a source then has a row for each band of the other catalogue. A run with \
      `method: mixture`, the default, has none: its eta is a ratio for each pair of classes.
      """,
    example: "SELECT * FROM xm_photometry('gaia', 'hip') WHERE kind = 'f_a' LIMIT 10"
  ) { filter, contents, context in
    let found = try measurement(filter, contents, context)
    return found.photometry.flatMap { PhotometryRows($0, RunShares($0, classes: found.classes)).rows }
  }

  private static func measurement(
    _ filter: FilterRequest, _ contents: SkyContents, _ context: XMDBContext
  ) throws -> RunMeasurement {
    let (a, b) = (try filter.catalogue(0, in: contents), try filter.catalogue(1, in: contents))
    return try contents.measurement(a.info.name, b.info.name, check: context.checkInterrupt)
  }
}

/// The rows of `xm_photometry` for one part of the sky.
private struct PhotometryRows {
  let photometry: RunPhotometry
  let shares: RunShares

  init(_ photometry: RunPhotometry, _ shares: RunShares) {
    (self.photometry, self.shares) = (photometry, shares)
  }

  var rows: [[SQLValue]] {
    let (a, b) = (shares.classesA, shares.classesB)
    var rows: [[SQLValue]] = []
    for (i, classA) in a.enumerated() {
      for (j, classB) in b.enumerated() {
        rows.append(row("c", limits(classA), limits(classB), shares.counterparts(i, j)))
      }
    }
    for (i, classA) in a.enumerated() {
      for (k, band) in shares.bandsB.enumerated() {
        rows.append(row("f_a", limits(classA), only(band), shares.fieldA(i, beside: k)))
      }
    }
    for (j, classB) in b.enumerated() {
      for (k, band) in shares.bandsA.enumerated() {
        rows.append(row("f_b", only(band), limits(classB), shares.fieldB(j, beside: k)))
      }
    }
    return rows
  }

  private struct Limits {
    var band: String?
    var brightest: Double?
    var faintest: Double?

    var width: Double { brightest.flatMap { low in faintest.map { $0 - low } } ?? 1 }
    var values: [SQLValue] { [SQLValue(band), SQLValue(brightest), SQLValue(faintest)] }
  }

  private func limits(_ one: RunClass) -> Limits {
    Limits(band: one.band, brightest: one.brightest, faintest: one.faintest)
  }

  private func only(_ band: String?) -> Limits { Limits(band: band) }

  private func row(_ kind: String, _ a: Limits, _ b: Limits, _ share: Double) -> [SQLValue] {
    let place = photometry.sky.orderAndIndex
    return [SQLValue(place.order), SQLValue(place.index), .text(kind)] + a.values + b.values + [
      .real(share), .real(share / (a.width * b.width)),
    ]
  }
}
