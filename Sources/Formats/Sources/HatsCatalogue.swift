/// A catalogue in the HATS format: a folder with `hats.properties` or `properties` and the data in `dataset/`, or, as in
/// its predecessor HiPSCat, directly in it.
///
/// The data of a pixel is the file `Norder=K/Dir=D/Npix=N.parquet`, or the Parquet files in the folder `Npix=N`. Nothing
/// else is data: not `_metadata`, not `data_thumbnail.parquet`, which repeats a row of every pixel.
///
/// Source: IVOA Note "HATS: A Standard for the Hierarchical Adaptive Tiling Scheme in the Virtual Observatory".
struct HatsCatalogue {
  /// The folder of the catalogue.
  let path: String
  /// Rows, as the properties say.
  let rowCount: Int64?
  /// The file that says so.
  let propertiesPath: String?

  private let dataPath: String

  private static let propertiesLimit = 1 << 20
  private static let listLimit = 1 << 28

  /// The catalogue in a folder, or the primary one of a collection; nil if it is neither.
  init?(_ directory: String) throws(FormatError) {
    guard let path = try Self.primary(directory) else { return nil }
    let properties = try Self.properties(path)
    let dataset = path + "/dataset"
    let isHats = properties.map { Self.property("hats_nrows", in: $0.text) != nil } ?? false
    dataPath = Folder.Kind(dataset) == .directory && (properties != nil || path != directory) ? dataset : path
    guard isHats || Self.hasPixels(dataPath) else { return nil }
    (self.path, propertiesPath) = (path, properties?.path)
    let rows = properties.flatMap { Self.property("hats_nrows", in: $0.text) }
    rowCount = rows.flatMap { Int64($0) }
    if let rows, rowCount == nil {
      throw FormatError(.damaged, subject: properties?.path ?? path, "has hats_nrows = \(rows), which is no number")
    }
  }

  /// `directory` itself unless it is a collection.
  private static func primary(_ directory: String) throws(FormatError) -> String? {
    let list = directory + "/collection.properties"
    guard let collection = try Folder.text(list, limit: propertiesLimit) else { return directory }
    guard let primary = property("hats_primary_table_url", in: collection) else {
      throw FormatError(
        .damaged, subject: list, "has no hats_primary_table_url; name the catalogue's own directory instead")
    }
    let path = primary.hasPrefix("/") ? primary : directory + "/" + primary
    guard Folder.Kind(path) == .directory else {
      throw FormatError(
        .damaged, subject: list,
        "has hats_primary_table_url = \(primary), which is no folder here; is the copy complete?")
    }
    return path
  }

  private static func properties(_ path: String) throws(FormatError) -> (path: String, text: String)? {
    for name in ["hats.properties", "properties"] {
      let file = path + "/" + name
      if let text = try Folder.text(file, limit: propertiesLimit) { return (file, text) }
    }
    return nil
  }

  private static func hasPixels(_ path: String) -> Bool {
    guard let names = try? Folder.names(path) else { return false }
    return names.contains { $0.hasPrefix("Norder=") && Folder.Kind(path + "/" + $0) == .directory }
  }

  /// The value of `key` in a Java properties file.
  private static func property(_ key: String, in text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, trimSpaces(parts[0]) == key else { continue }
      return trimSpaces(parts[1])
    }
    return nil
  }

  private static func trimSpaces(_ text: Substring) -> String {
    String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }

  // MARK: Files

  /// The files of all pixels, compared with `partition_info.csv` where there is one.
  func files() throws(FormatError) -> [String] {
    var files: [String] = []
    var pixels: Set<Pixel> = []
    for order in try folders(dataPath, "Norder=") {
      for group in try folders(order.path, "Dir=") + [(path: order.path, number: 0)] {
        for (name, pixel) in try Self.numbered(group.path, "Npix=") {
          let path = group.path + "/" + name
          let isFolder = Folder.Kind(path) == .directory
          let found = try isFolder ? Self.parts(path) : TableFormat.parquet.matches(name) ? [path] : []
          files += found
          if !found.isEmpty { pixels.insert(Pixel(order: order.number, index: pixel)) }
        }
      }
    }
    try compare(pixels)
    return files
  }

  private func folders(_ path: String, _ prefix: String) throws(FormatError) -> [(path: String, number: Int64)] {
    try Self.numbered(path, prefix).map { (path + "/" + $0.name, $0.number) }.filter { Folder.Kind($0.0) == .directory }
  }

  /// Names such as `Npix=12.parquet` with their numbers.
  private static func numbered(
    _ path: String, _ prefix: String
  ) throws(FormatError) -> [(name: String, number: Int64)] {
    try Folder.names(path).compactMap { name in
      guard name.hasPrefix(prefix) else { return nil }
      return Int64(name.dropFirst(prefix.count).prefix { $0.isASCII && $0.isNumber }).map { (name, $0) }
    }
  }

  private static func parts(_ path: String) throws(FormatError) -> [String] {
    try Folder.names(path).filter { !$0.hasPrefix("_") && TableFormat.parquet.matches($0) }.map { path + "/" + $0 }
  }

  // MARK: partition_info.csv

  private struct Pixel: Hashable {
    let order: Int64
    let index: Int64
    var description: String { "Norder=\(order), Npix=\(index)" }
  }

  private func compare(_ found: Set<Pixel>) throws(FormatError) {
    let path = self.path + "/partition_info.csv"
    guard let text = try Folder.text(path, limit: Self.listLimit) else { return }
    let listed = try Self.pixels(text, path)
    let order = { (a: Pixel, b: Pixel) in (a.order, a.index) < (b.order, b.index) }
    let missing = listed.subtracting(found).sorted(by: order)
    if let first = missing.first {
      throw FormatError(
        .damaged, subject: path,
        "lists \(listed.count) pixels, of which \(missing.count) have no file here, such as \(first.description); "
          + "copy the catalogue again")
    }
    if let first = found.subtracting(listed).sorted(by: order).first {
      throw FormatError(
        .damaged, subject: path,
        "does not list \(first.description), of which there is a file; take the file away or correct the list")
    }
  }

  private static func pixels(_ text: String, _ path: String) throws(FormatError) -> Set<Pixel> {
    var lines = text.split(whereSeparator: \.isNewline).makeIterator()
    let names = (lines.next() ?? "").split(separator: ",", omittingEmptySubsequences: false).map(trimSpaces)
    guard let order = names.firstIndex(of: "Norder"), let index = names.firstIndex(of: "Npix") else {
      throw FormatError(.damaged, subject: path, "has no columns Norder and Npix")
    }
    var pixels: Set<Pixel> = []
    while let line = lines.next() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(trimSpaces)
      guard cells.count > max(order, index), let order = Int64(cells[order]), let index = Int64(cells[index]) else {
        throw FormatError(.damaged, subject: path, "has the line '\(line.prefix(80))', which names no pixel")
      }
      pixels.insert(Pixel(order: order, index: index))
    }
    return pixels
  }
}
