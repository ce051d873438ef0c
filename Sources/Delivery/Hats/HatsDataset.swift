internal import CatalogStore
internal import Formats
internal import Indexing

/// The files of one HATS catalogue while they are made aside: a Parquet file for each partition, and what tells of them all.
struct HatsDataset: Sendable {
  /// The folder of the catalogue below that of the export, with a slash; empty: it is that.
  let prefix: String
  private let folder: String
  private let drafts: DraftFolder
  private let columns: [TableColumn]
  private let facts: TableNotes

  init(prefix: String, in folder: String, columns: [TableColumn], facts: TableNotes) throws {
    (self.prefix, self.folder, self.columns, self.facts) = (prefix, folder, columns, facts)
    drafts = try DraftFolder(in: folder)
  }

  /// What the files of a catalogue are called below its folder, beside `dataset/`.
  static let single = ["hats.properties", "properties", "partition_info.csv"]

  private func path(_ pixel: HealpixPixel) -> String {
    "\(drafts.path)/Norder=\(pixel.order)/Npix=\(pixel.index).parquet"
  }

  // MARK: Partitions

  /// Writes the rows of a partition, sorted by their HEALPix index, which is their first column.
  /// - Returns: Their number. Without rows there is no file.
  func write(_ pixel: HealpixPixel, _ batches: [TableBatch]) throws -> Int64 {
    var order: [(key: Int64, place: TableBatch.Place)] = []
    for (number, batch) in batches.enumerated() {
      for (row, key) in batch.integers(column: 0).enumerated() {
        order.append((key, TableBatch.Place(batch: number, row: row)))
      }
    }
    if order.isEmpty { return 0 }
    order.sort { ($0.key, $0.place.batch, $0.place.row) < ($1.key, $1.place.batch, $1.place.row) }
    let path = path(pixel)
    try FileSystem.createDirectories(FileSystem.parent(path))
    let file = try OutputFormat.parquet.writer(path: path, columns: columns, notes: facts)
    let places = order.map(\.place)
    for start in stride(from: 0, to: places.count, by: Self.rowsAtATime) {
      let part = places[start..<min(start + Self.rowsAtATime, places.count)]
      try TableBatch.gathered(part, of: batches, columns).append(to: file)
    }
    try file.publish()
    return Int64(order.count)
  }

  private static let rowsAtATime = 32_768

  // MARK: The catalogue as a whole

  /// Completes the catalogue.
  /// - Parameters:
  ///   - partitions: Those that have been written, in order.
  ///   - properties: The text of its properties; given the bytes of all partitions.
  func stage(
    _ partitions: [HatsPartition], into files: inout StagedFiles, properties: (Int64) -> String
  ) throws {
    var bytes: Int64 = 0
    for partition in partitions {
      bytes += try files.add(
        "\(prefix)dataset/\(partition.name)", rows: partition.rows, path: path(partition.pixel), drafts)
    }
    let metadata = try Draft(in: folder)
    try ParquetFooters.gather(partitions.map { (path($0.pixel), $0.name) }, into: metadata)
    _ = try files.add("\(prefix)dataset/_metadata", rows: 0, path: metadata.path, metadata)
    // A file without rows: its footer is that of all.
    let common = "\(drafts.path)/Norder=0/Npix=12.parquet"
    try FileSystem.createDirectories(FileSystem.parent(common))
    try OutputFormat.parquet.writer(path: common, columns: columns, notes: facts).publish()
    _ = try files.add("\(prefix)dataset/_common_metadata", rows: 0, path: common, drafts)
    let list = "Norder,Npix\n" + partitions.map { "\($0.pixel.order),\($0.pixel.index)\n" }.joined()
    let text = properties(bytes)
    for (name, text) in [("partition_info.csv", list), ("properties", text), ("hats.properties", text)] {
      try files.add(prefix + name, text: text, in: folder)
    }
  }
}

/// Files of an export that are complete, and what its manifest says of them.
struct StagedFiles {
  private(set) var staged: [StagedFile] = []
  private(set) var listed: [MatchExport.File] = []

  /// Adds a file.
  /// - Returns: Its size, bytes.
  mutating func add(_ name: String, rows: Int64, path: String, _ draft: any Sendable) throws -> Int64 {
    let file = MatchExport.File(
      name: name, rows: rows, bytes: FileSystem.size(path) ?? 0, fingerprint: try Fingerprint(ofFile: path).description)
    listed.append(file)
    staged.append(StagedFile(try file.listed, path: path, draft: draft))
    return file.bytes
  }

  /// Writes a small text aside, and adds it.
  mutating func add(_ name: String, text: String, in folder: String) throws {
    let writer = try FileWriter(path: "\(folder)/\(FileSystem.name(name))")
    try writer.write(text)
    _ = try writer.finish()
    _ = try add(name, rows: 0, path: writer.draft.path, writer.draft)
  }
}
