internal import CatalogStore
internal import Indexing

/// Writes the shards of a catalogue from its sorted rows, each independent of the others.
struct ShardBuilder: Sendable {
  let rows: SortedRows
  let format: RowFormat
  let schema: ShardSchema
  let binder: RowBinder
  let idColumn: Int?
  /// The folder being built, and the path below the database that it will have.
  let folder: String
  let finalPath: String

  /// Builds the shard of a pixel; `loaded` is working memory.
  func build(_ pixel: HealpixPixel, from parts: RowParts, loaded: LoadedRows) throws -> ShardInfo {
    let name = "Norder=\(pixel.order)/Npix=\(pixel.index).sqlite"
    try FileSystem.createDirectories("\(folder)/Norder=\(pixel.order)")
    try rows.load(parts, into: loaded, tieBreak: compareIDs)
    try setDensities(of: parts, in: loaded)
    let writer = try ShardWriter(path: folder + "/" + name, schema: schema, firstRowid: parts.firstRowid)
    try loaded.forEach { key, row in
      let id = idColumn.map { binder.id(row, column: $0) } ?? .null
      try writer.append(healpix29: key, narrow: row.narrow, id: id) { binder.put(row, into: &$0) }
    }
    let summary = try writer.finish()
    return ShardInfo(
      pixel: pixel, firstRowid: parts.firstRowid, rows: summary.rows, path: finalPath + "/" + name,
      bytes: summary.bytes,
      fingerprint: summary.fingerprint, smallestID: summary.smallestID, largestID: summary.largestID)
  }

  /// Fills in the densities, which rest on the keys of neighbouring shards, too.
  private func setDensities(of parts: RowParts, in loaded: LoadedRows) throws {
    guard let column = schema.layout.place(of: .density) else { return }
    let (keys, wanted) = try rows.keys(of: parts.rowids, reach: PixelDensity.reach)
    loaded.setNarrow(column, to: PixelDensity.perDegree2(of: wanted, among: keys, total: rows.count))
  }

  /// Negative when the first row's id comes first; NULL before integers before text.
  private func compareIDs(_ a: EncodedRow, _ b: EncodedRow) -> Int {
    guard let idColumn else { return 0 }
    let (idA, idB) = (binder.id(a, column: idColumn), binder.id(b, column: idColumn))
    switch (idA, idB) {
    case (.integer(let x), .integer(let y)): return x < y ? -1 : (x > y ? 1 : 0)
    case (.text(let x), .text(let y)):
      if x == y { return 0 }
      return x.utf8.lexicographicallyPrecedes(y.utf8) ? -1 : 1
    case (.null, .null): return 0
    case (.null, _), (.integer, .text): return -1
    default: return 1
    }
  }
}
