import Formats
import Simulation

/// A column of a simulated catalogue: how it is described in the file, and where its values are.
struct SimulatedColumn: Sendable {
  let field: TableColumn
  let values: @Sendable (CatalogueRows) -> ColumnData

  /// Every column of a catalogue, in the order of the file.
  static func all(of catalogue: CatalogueModel) -> [SimulatedColumn] {
    identity + errors(catalogue) + catalogue.bands.enumerated().flatMap { magnitude(in: $1, at: $0) }
      + motions(catalogue) + [epoch(catalogue), truth]
  }

  /// Every column of a catalogue of a crowded sky.
  static func all(of catalogue: CrowdedCatalogueModel) -> [SimulatedColumn] {
    var plain = CatalogueModel(bands: [SimulatedBand(catalogue.band)])
    plain.epochYears = catalogue.epochYears
    return all(of: plain) + blends(catalogue.band)
  }

  private static let identity = [
    SimulatedColumn(
      field: TableColumn(
        "id", .int64, ucd: "meta.id;meta.main", description: "Identifier; tells nothing of the object")
    ) { .int64($0.ids) },
    SimulatedColumn(
      field: TableColumn(
        "ra", .float64, unit: "deg", ucd: "pos.eq.ra;meta.main", description: "Measured right ascension, ICRS")
    ) { .float64($0.raDegrees) },
    SimulatedColumn(
      field: TableColumn(
        "dec", .float64, unit: "deg", ucd: "pos.eq.dec;meta.main", description: "Measured declination, ICRS")
    ) { .float64($0.decDegrees) },
  ]

  private static func errors(_ catalogue: CatalogueModel) -> [SimulatedColumn] {
    if catalogue.position.largestAxisRatio == 1 {
      let field = TableColumn(
        "sigma", .float32, unit: "arcsec", ucd: "stat.error;pos.eq", description: "1-sigma error of either coordinate")
      return [SimulatedColumn(field: field) { .float32($0.sigmaRA) }]
    }
    return [
      SimulatedColumn(
        field: TableColumn(
          "sigma_ra", .float32, unit: "arcsec", ucd: "stat.error;pos.eq.ra",
          description: "1-sigma error along right ascension, cos(dec) included")
      ) { .float32($0.sigmaRA) },
      SimulatedColumn(
        field: TableColumn(
          "sigma_dec", .float32, unit: "arcsec", ucd: "stat.error;pos.eq.dec",
          description: "1-sigma error along declination")
      ) { .float32($0.sigmaDec) },
      SimulatedColumn(
        field: TableColumn(
          "ra_dec_corr", .float32, ucd: "stat.correlation;pos.eq.ra;pos.eq.dec",
          description: "Correlation of the two position errors")
      ) { .float32($0.correlation) },
    ]
  }

  private static func magnitude(in band: SimulatedBand, at index: Int) -> [SimulatedColumn] {
    [
      SimulatedColumn(
        field: TableColumn(
          "mag_" + band.name, .float32, unit: "mag", ucd: "phot.mag", description: "Magnitude in \(band.name)",
          isNullable: true)
      ) { .float32($0.magnitudes[index]) },
      SimulatedColumn(
        field: TableColumn(
          "mag_\(band.name)_error", .float32, unit: "mag", ucd: "stat.error;phot.mag",
          description: "1-sigma error of the magnitude in \(band.name)", isNullable: true)
      ) { .float32($0.magnitudeErrors[index]) },
    ]
  }

  private static func motions(_ catalogue: CatalogueModel) -> [SimulatedColumn] {
    guard let error = catalogue.motionErrorMasPerYear else { return [] }
    return [
      SimulatedColumn(
        field: TableColumn(
          "pm_ra", .float64, unit: "mas/yr", ucd: "pos.pm;pos.eq.ra",
          description: "Proper motion along right ascension, cos(dec) included")
      ) { .float64($0.motionRA) },
      SimulatedColumn(
        field: TableColumn(
          "pm_dec", .float64, unit: "mas/yr", ucd: "pos.pm;pos.eq.dec", description: "Proper motion along declination")
      ) { .float64($0.motionDec) },
      constant(
        TableColumn(
          "pm_ra_error", .float64, unit: "mas/yr", ucd: "stat.error;pos.pm;pos.eq.ra",
          description: "1-sigma error of pm_ra"), error),
      constant(
        TableColumn(
          "pm_dec_error", .float64, unit: "mas/yr", ucd: "stat.error;pos.pm;pos.eq.dec",
          description: "1-sigma error of pm_dec"), error),
    ]
  }

  private static func epoch(_ catalogue: CatalogueModel) -> SimulatedColumn {
    constant(
      TableColumn(
        "ref_epoch", .float64, unit: "yr", ucd: "meta.ref;time.epoch", description: "Epoch of the position, Julian year"
      ), catalogue.epochYears)
  }

  private static let truth = SimulatedColumn(
    field: TableColumn("truth", .int64, description: "Number of the object: the same in both catalogues")
  ) { .int64($0.truth) }

  private static func blends(_ band: String) -> [SimulatedColumn] {
    [
      SimulatedColumn(
        field: TableColumn(
          "truth_ra", .float64, unit: "deg", description: "True right ascension of the brightest object, ICRS")
      ) { .float64($0.blends.raDegrees) },
      SimulatedColumn(
        field: TableColumn(
          "truth_dec", .float64, unit: "deg", description: "True declination of the brightest object, ICRS")
      ) { .float64($0.blends.decDegrees) },
      SimulatedColumn(
        field: TableColumn(
          "truth_magnitude", .float32, unit: "mag", description: "True magnitude of the brightest object in \(band)")
      ) { .float32($0.blends.magnitude) },
      SimulatedColumn(field: TableColumn("truth_hidden", .int64, description: "Objects hidden behind it")) {
        .int64($0.blends.hidden)
      },
      SimulatedColumn(
        field: TableColumn(
          "truth_hidden_brightest", .float32,
          description: "Flux of the brightest hidden object, relative to the brightest object")
      ) { .float32($0.blends.brightest) },
      SimulatedColumn(
        field: TableColumn(
          "truth_hidden_flux", .float32, description: "Flux of all hidden objects, relative to the brightest object")
      ) { .float32($0.blends.total) },
      SimulatedColumn(
        field: TableColumn(
          "truth_pull", .float32, unit: "arcsec",
          description: "How far the hidden objects move the measured position, without noise")
      ) { .float32($0.blends.pullArcsec) },
    ]
  }

  private static func constant(_ field: TableColumn, _ value: Double) -> SimulatedColumn {
    var field = field
    field.hasFewValues = true
    return SimulatedColumn(field: field) { .float64(Array(repeating: value, count: $0.count)) }
  }
}
