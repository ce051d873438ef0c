public import CatalogStore
internal import Formats
internal import Indexing

/// The sky that two catalogues both cover, as a multi-order coverage map (IVOA Recommendation MOC 2.0).
public struct CoverageExport: Sendable {
  /// What a map is written as.
  public enum Format: Sendable, Hashable {
    case fits, json

    /// By the name of a file; nil if it says neither.
    public static func of(_ path: String) -> Format? {
      if OutputFormat.of(path) == .fits && !path.hasSuffix(".gz") { return .fits }
      return path.hasSuffix(".json") ? .json : nil
    }
  }

  private let region: PixelRangeSet
  private let a: CatalogueInfo
  private let b: CatalogueInfo

  /// Prepares the map of two catalogues. They need not be matched.
  /// - Throws: `StoreError.usage` when there is no such catalogue.
  public init(database: SkyDatabase, a nameA: String, b nameB: String) throws {
    let registry = try database.registry()
    a = try registry.catalogue(nameA)
    b = try registry.catalogue(nameB)
    let maps = try [a, b].map { PixelRangeSet(pixels: try registry.coverage(of: $0).nodes.map(\.pixel)) }
    region = maps[0].intersection(maps[1])
  }

  /// Square degrees.
  public var areaDegrees2: Double { region.areaDegrees2 }

  /// Writes the map aside; it gets its name when it is complete.
  /// - Throws: `StoreError.system`.
  public func write(to path: String, _ format: Format) throws {
    switch format {
    case .json:
      let file = try FileWriter(path: path)
      try file.write(MOCCells(region).json)
      _ = try file.publish()
    case .fits: try writeFITS(path)
    }
  }

  /// One column of the cells' unique numbers, in order. Source: MOC 2.0, section 4.3.1.
  private func writeFITS(_ path: String) throws {
    let cells = MOCCells(region)
    let order = Int64(cells.order)
    var notes = TableNotes(
      name: "MOC", description: "Sky that \(a.name) and \(b.name) both cover",
      facts: [("inputs_fingerprint_1", a.inputsFingerprint), ("inputs_fingerprint_2", b.inputsFingerprint)])
    notes.cards = [
      ("MOCVERS", .text("2.0")), ("MOCDIM", .text("SPACE")), ("ORDERING", .text("NUNIQ")), ("COORDSYS", .text("C")),
      ("MOCORD_S", .integer(order)), ("MOCORDER", .integer(order)), ("PIXTYPE", .text("HEALPIX")),
      ("MOCTOOL", .text("xmdb \(Program.version)")), ("MOCTYPE", .text("CATALOG")),
    ]
    let column = TableColumn("UNIQ", .int64, isNullable: false)
    let file = try OutputFormat.fits.writer(path: path, columns: [column], notes: notes)
    let numbers = cells.uniqueNumbers
    var batch = TableBatch.Filling([column], capacity: numbers.count)
    for number in numbers {
      try batch.put(.integer(number), column: 0)
      batch.endRow()
    }
    try batch.finish().append(to: file)
    try file.publish()
  }
}
