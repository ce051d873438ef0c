internal import Indexing

/// Reading the lists that belong to a generation.
extension Registry {
  func readParts(of info: inout CatalogueInfo) throws {
    info.columns = try rows(
      "SELECT name, source_name, type, unit, ucd, description FROM \"column\" WHERE generation = ? ORDER BY position",
      info.generation
    ) {
      ColumnInfo(
        name: $0.text(0), sourceName: $0.text(1), type: $0.text(2), unit: $0.optionalText(3), ucd: $0.optionalText(4),
        description: $0.optionalText(5))
    }
    info.roles = try rows(
      "SELECT role, \"column\", constant, unit, reason FROM role WHERE generation = ? ORDER BY position",
      info.generation
    ) {
      RoleInfo(
        role: $0.text(0), column: $0.optionalText(1), constant: $0.optionalDouble(2), unit: $0.optionalText(3),
        reason: $0.text(4))
    }
    info.inputs = try rows(
      "SELECT path, bytes, rows, fingerprint FROM input_file WHERE generation = ? ORDER BY position", info.generation
    ) {
      InputFile(
        path: $0.text(0), bytes: try count($0, 1, info.name), rows: try count($0, 2, info.name),
        fingerprint: $0.text(3))
    }
    info.problems = try rows(
      "SELECT reason, rows FROM problem WHERE generation = ? ORDER BY rows DESC, reason", info.generation
    ) {
      (reason: $0.text(0), rows: try count($0, 1, info.name))
    }
    info.shards = try shards(info.generation)
    info.magnitudes = try magnitudes(of: info)
    info.medianEpochYears = try medianEpoch(of: info.generation)
    info.psf = try psf(of: info.generation)
  }

  /// One histogram per band; empty where the generation was made before they were kept.
  private func magnitudes(of info: CatalogueInfo) throws -> [MagnitudeHistogram] {
    var histograms = Array(repeating: MagnitudeHistogram(), count: info.layout.bands.count)
    let bins = try rows(
      "SELECT band, bin, sources FROM magnitude_count WHERE generation = ? ORDER BY band, bin", info.generation
    ) { (band: $0.int(0), bin: $0.int(1), sources: $0.int64(2)) }
    for row in bins where histograms.indices.contains(row.band) {
      guard MagnitudeHistogram.bins.contains(row.bin), row.sources >= 0, row.sources <= info.rows else {
        throw StoreError(.damaged, info.name, "has an impossible histogram of magnitudes; run `xmdb verify`")
      }
      histograms[row.band].add(row.sources, inBin: row.bin)
    }
    return histograms
  }

  private func shards(_ generation: Int64) throws -> [ShardInfo] {
    try rows(
      """
      SELECT "order", pixel, first_rowid, rows, path, bytes, fingerprint, smallest_id, largest_id
      FROM shard WHERE generation = ? ORDER BY first_rowid
      """, generation
    ) {
      ShardInfo(
        pixel: try pixel(order: $0.int(0), index: $0.int64(1)),
        firstRowid: try count($0, 2, "a shard"), rows: try count($0, 3, "a shard"), path: $0.text(4),
        bytes: try count($0, 5, "a shard"), fingerprint: $0.text(6), smallestID: $0.sourceID(7),
        largestID: $0.sourceID(8))
    }
  }

  /// A pixel that the registry names.
  func pixel(order: Int, index: Int64) throws -> HealpixPixel {
    guard (0...29).contains(order), (0..<(Int64(12) << Int64(2 * order))).contains(index) else {
      throw StoreError(.damaged, database.registryPath, "names an impossible pixel (order \(order), \(index))")
    }
    return HealpixPixel(order: order, index: index)
  }

  /// The rows of a statement with one parameter.
  func rows<Row>(_ sql: String, _ generation: Int64, _ row: (Statement) throws -> Row) throws -> [Row] {
    let statement = try connection.prepare(sql)
    statement.bind(1, generation)
    var rows: [Row] = []
    while try statement.step() { rows.append(try row(statement)) }
    return rows
  }

  /// The area that a generation covers, deg², without reading its coverage map.
  public func coveredArea(of info: CatalogueInfo) throws -> Double {
    try connection.reading {
      let statement = try connection.prepare("SELECT area_deg2 FROM coverage WHERE generation = ?")
      statement.bind(1, info.generation)
      guard try statement.step() else { return 0 }
      try requireSound(.generation, info.generation, ["coverage"])
      return try finite(statement, 0, info.name) ?? 0
    }
  }

  /// The coverage map of a generation.
  public func coverage(of info: CatalogueInfo) throws -> CoverageMap {
    try connection.reading { try readCoverage(of: info) }
  }

  private func readCoverage(of info: CatalogueInfo) throws -> CoverageMap {
    let statement = try connection.prepare("SELECT nodes FROM coverage WHERE generation = ?")
    statement.bind(1, info.generation)
    guard try statement.step() else {
      if try findCatalogue(info.name)?.generation != info.generation {
        throw StoreError(.busy, info.name, "was replaced while it was being read; run the command again")
      }
      throw StoreError(.damaged, info.name, "has no coverage map; ingest it again with --replace")
    }
    try requireSound(.generation, info.generation, ["coverage"])
    return try statement.withBytes(0) { try CoverageMap(stored: $0, subject: info.name) }
  }
}
