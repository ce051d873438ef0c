internal import CatalogStore
internal import Formats

/// An ingest of the chunks that a catalogue file of macauff's names, by the roles that it gives.
struct MacauffInput {
  /// The same ingest with roles, epoch and frame; what the user has said wins.
  let options: IngestOptions
  /// What a user should know.
  let notes: [String]

  /// Leaves other ingests as they are.
  /// - Throws: `IngestError.usage` for such a file beside others, `StoreError.usage` for one that is wrong.
  init(_ given: IngestOptions) throws {
    guard given.paths.contains(where: MacauffCatalogue.isOne) else {
      (options, notes) = (given, [])
      return
    }
    guard given.paths.count == 1 else {
      throw IngestError(
        .usage, subject: given.paths.first(where: MacauffCatalogue.isOne) ?? "",
        "describes a catalogue of macauff's and comes alone; ingest the other files apart")
    }
    let catalogue = try MacauffCatalogue(given.paths[0])
    var options = given
    let (mappings, notes) = try Self.mappings(catalogue)
    let said = Set(given.mappings.compactMap { $0.split(separator: "=").first })
    options.mappings = given.mappings + mappings.filter { !said.contains($0.prefix { $0 != "=" }) }
    if options.name == nil { options.name = CatalogueName.suggested(by: catalogue.name) }
    if options.frame == nil, catalogue.isGalactic { options.frame = try SkyFrame(option: "galactic") }
    if options.epochYears == nil, !said.contains("epoch"), case .text(let text)? = catalogue.epoch {
      guard let years = EpochText.julianYears(text) else {
        throw IngestError(
          .usage, subject: "\(catalogue.path), ref_epoch_or_index",
          "is '\(text)'; read are J2016.0 and 2016-01-01; give --epoch YEAR")
      }
      options.epochYears = years
    }
    (self.options, self.notes) = (options, notes)
  }

  private static func mappings(_ catalogue: MacauffCatalogue) throws -> (mappings: [String], notes: [String]) {
    let names = catalogue.columnNames
    var (mappings, notes): ([String], [String]) = ([], [])
    func map(_ role: ColumnRole, _ column: Int?, _ unit: String = "") {
      if let column { mappings.append("\(role)=\(names[column])" + (unit.isEmpty ? "" : ":\(unit)")) }
    }
    map(.id, catalogue.identifier)
    map(.ra, catalogue.position.longitude, "deg")
    map(.dec, catalogue.position.latitude, "deg")
    map(.sigma, catalogue.sigma, "arcsec")
    map(.pmRA, catalogue.motions?.longitude, "arcsec/yr")
    map(.pmDec, catalogue.motions?.latitude, "arcsec/yr")
    for (index, band) in catalogue.bands.enumerated() {
      map(.mag(band: band.name), band.magnitude, "mag")
      map(.snr(band: band.name), catalogue.snr?[index])
    }
    if zip(catalogue.bands, catalogue.bands.dropFirst()).allSatisfy({ $0.magnitude < $1.magnitude }) {
      map(.bestBand, catalogue.bestBand)
    } else {
      notes.append("\(catalogue.path): mag_indices do not ascend, so best_mag_index_col is not used.")
    }
    map(.halo, catalogue.overlap)
    if case .column(let column)? = catalogue.epoch {
      notes.append(
        "\(catalogue.path): the epochs in column '\(names[column])' are texts and not used; --epoch YEAR gives one.")
    }
    if catalogue.sigma == nil {
      notes.append("\(catalogue.path): pos_and_err_indices names no error of the position; --map sigma=… gives one.")
    }
    return (mappings, notes)
  }
}

/// Epochs as texts.
enum EpochText {
  /// A Julian year with or without J, or a date; nil for anything else.
  ///
  /// A date counts from its beginning: J = 2000 + (JD − 2451545) / 365.25.
  static func julianYears(_ text: String) -> Double? {
    let digits = text.first == "J" ? text.dropFirst() : text[...]
    if let years = Double(digits), RoleRange.epoch.contains(years) { return years }
    let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1500...2500).contains(parts[0]), (1...12).contains(parts[1]), (1...31).contains(parts[2])
    else {
      return nil
    }
    return 2000 + (Double(julianDay(year: parts[0], month: parts[1], day: parts[2])) - 0.5 - 2_451_545) / 365.25
  }

  /// The Julian day number of noon of a date of the Gregorian calendar.
  ///
  /// Source: Fliegel & Van Flandern (1968).
  private static func julianDay(year: Int, month: Int, day: Int) -> Int {
    let shift = (month - 14) / 12
    return (1461 * (year + 4800 + shift)) / 4 + (367 * (month - 2 - 12 * shift)) / 12
      - (3 * ((year + 4900 + shift) / 100)) / 4 + day - 32_075
  }
}
