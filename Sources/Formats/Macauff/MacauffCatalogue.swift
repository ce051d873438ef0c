internal import CatalogStore

/// What a catalogue file of macauff's says of the tables of one catalogue: CSV without a line of names, one file for each chunk of the sky,
/// columns by number from 0. A chunk holds its own rows, and those of a halo around them that other chunks have, too.
public struct MacauffCatalogue: Sendable {
  /// The epoch of the positions.
  public enum Epoch: Sendable, Hashable {
    /// A text: `J2016.0`, `2016-01-01`.
    case text(String)
    /// A column with one for each row.
    case column(Int)
  }

  /// The YAML file.
  public let path: String
  /// How macauff calls the catalogue.
  public let name: String
  /// The chunks.
  public let chunks: [String]
  /// The file of each chunk.
  public let files: [String]
  /// Longitude and latitude, degrees.
  public let position: (longitude: Int, latitude: Int)
  /// The circular error of the position, arcsec; nil where magnitudes tell it.
  public let sigma: Int?
  /// The bands, with the columns of their magnitudes.
  public let bands: [(name: String, magnitude: Int)]
  /// Signal to noise, band by band; nil: not given.
  public let snr: [Int]?
  /// The column with the band to use.
  public let bestBand: Int
  /// The column that is 1 in the rows of the halo; nil: there is none.
  public let overlap: Int?
  /// Proper motions, arcsec/yr, the first times the cosine of the latitude; nil: not to be used.
  public let motions: (longitude: Int, latitude: Int)?
  /// The epoch; nil: not given.
  public let epoch: Epoch?
  /// Whether positions are galactic, not equatorial.
  public let isGalactic: Bool
  /// The columns that results repeat, in order.
  public let output: [(name: String, column: Int)]
  private let extra: [(name: String, column: Int)]

  /// Whether a path is that of such a file.
  public static func isOne(_ path: String) -> Bool {
    guard MacauffParameters.isNamed(path), let parameters = try? MacauffParameters(path) else { return false }
    return parameters.has("cat_csv_file_path")
  }

  /// Reads the file.
  /// - Throws: `StoreError.usage` that names file and key.
  public init(_ path: String) throws {
    let parameters = try MacauffParameters(path)
    self.path = path
    name = try parameters.text("cat_name")
    chunks = try parameters.texts("chunk_id_list")
    let template = try parameters.text("cat_csv_file_path")
    files = chunks.map { parameters.file(template, chunk: $0) }
    let places = try parameters.columns("pos_and_err_indices")
    let names = try parameters.texts("filt_names")
    let magnitudes = try parameters.columns("mag_indices")
    guard magnitudes.count == names.count, !names.isEmpty else {
      throw StoreError(
        .usage, path, "has \(names.count) filt_names and \(magnitudes.count) mag_indices; one for each is expected")
    }
    guard [3, 6, names.count + 5].contains(places.count) else {
      throw StoreError(
        .usage, "\(path), pos_and_err_indices",
        "has \(places.count) numbers; expected 3 (longitude, latitude, error), 6, or \(names.count + 5)")
    }
    bands = Array(zip(names, magnitudes)).map { (name: $0, magnitude: $1) }
    position = (places[0], places[1])
    // With an error for each band there is none of the position itself.
    let isByBand =
      places.count == names.count + 5 && (places.count != 6 || parameters.flag("use_photometric_uncertainties"))
    sigma = isByBand ? nil : places[2]
    snr = parameters.has("snr_indices") ? try parameters.columns("snr_indices") : nil
    guard snr.map({ $0.count == names.count }) ?? true else {
      throw StoreError(.usage, "\(path), snr_indices", "has \(snr?.count ?? 0) numbers for \(names.count) filt_names")
    }
    guard let best = try parameters.optionalColumn("best_mag_index_col") else {
      throw StoreError(.usage, path, "needs the key best_mag_index_col with the number of a column")
    }
    bestBand = best
    overlap = try parameters.optionalColumn("chunk_overlap_col")
    (motions, epoch) = try Self.motion(parameters)
    isGalactic = parameters.optionalText("auf_region_frame") == "galactic"
    output = try Self.list(parameters, "cat_col")
    extra = try Self.list(parameters, "extra_col")
    guard Set(chunks).count == chunks.count, Set(files).count == files.count else {
      throw StoreError(
        .usage, path,
        "names a chunk or a file twice; chunk_id_list has each once, and cat_csv_file_path has _{} in its place")
    }
  }

  private static func motion(_ parameters: MacauffParameters) throws -> ((longitude: Int, latitude: Int)?, Epoch?) {
    let epoch: Epoch? = parameters.optionalText("ref_epoch_or_index").map { text in
      Int(text).map { $0 < 1000 ? .column($0) : .text("J\($0)") } ?? .text(text)
    }
    guard parameters.flag("apply_proper_motion") else { return (nil, epoch) }
    let places = try parameters.columns("pm_indices")
    guard places.count == 2 else {
      throw StoreError(.usage, "\(parameters.path), pm_indices", "has \(places.count) numbers; expected 2")
    }
    return ((places[0], places[1]), epoch)
  }

  private static func list(_ parameters: MacauffParameters, _ key: String) throws -> [(name: String, column: Int)] {
    guard let names = try parameters.optionalTexts(key + "_names") else { return [] }
    let columns = try parameters.columns(key + "_nums")
    guard names.count == columns.count else {
      throw StoreError(
        .usage, parameters.path,
        "has \(names.count) \(key)_names and \(columns.count) \(key)_nums; one for each is expected")
    }
    return Array(zip(names, columns)).map { (name: $0, column: $1) }
  }

  // MARK: Names

  /// The column that identifies a source: the first of those that results repeat which is neither a position nor a magnitude; nil: none is
  /// known.
  public var identifier: Int? {
    let others = Set([position.longitude, position.latitude] + bands.map(\.magnitude))
    return output.first { !others.contains($0.column) }?.column
  }

  /// The highest number of a column that is used.
  private var last: Int {
    let some = [position.longitude, position.latitude, bestBand] + bands.map(\.magnitude) + output.map(\.column)
    let others = [sigma, overlap, motions?.longitude, motions?.latitude].compactMap(\.self)
    var all = some + others + extra.map(\.column) + (snr ?? [])
    if case .column(let column)? = epoch { all.append(column) }
    return all.max() ?? 0
  }

  /// A name for each column: as results call it, else by what it is, else by its number from 1.
  public var columnNames: [String] {
    var names = [String?](repeating: nil, count: last + 1)
    var taken: Set<String> = []
    func give(_ column: Int?, _ name: String) {
      guard let column, names[column] == nil, taken.insert(ColumnNames.folded(name)).inserted else { return }
      names[column] = name
    }
    for (name, column) in output + extra { give(column, name) }
    give(position.longitude, isGalactic ? "l" : "ra")
    give(position.latitude, isGalactic ? "b" : "dec")
    give(sigma, "pos_err")
    for (index, band) in bands.enumerated() {
      give(band.magnitude, band.name)
      give(snr?[index], band.name + "_snr")
    }
    give(bestBand, "best_band")
    give(overlap, "chunk_overlap")
    give(motions?.longitude, "pm_lon")
    give(motions?.latitude, "pm_lat")
    return names.enumerated().map { $1 ?? "column_\($0 + 1)" }
  }
}
