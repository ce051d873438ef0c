public import CatalogStore
internal import Formats
internal import Indexing

/// The sky that two catalogues both cover, or that of it where rows of their match are flagged, as a multi-order coverage map (IVOA
/// Recommendation MOC 2.0).
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
  /// What the map is of.
  public let description: String
  /// Whence it comes, for the header of a file.
  private let facts: [(name: String, value: String)]

  /// Prepares the map of two catalogues. They need not be matched.
  /// - Throws: `StoreError.usage` when there is no such catalogue.
  public init(database: SkyDatabase, a nameA: String, b nameB: String) throws {
    let registry = try database.registry()
    let catalogues = try [nameA, nameB].map { try registry.catalogue($0) }
    let maps = try catalogues.map { PixelRangeSet(pixels: try registry.coverage(of: $0).nodes.map(\.pixel)) }
    region = maps[0].intersection(maps[1])
    description = "the sky that \(nameA) and \(nameB) both cover"
    facts = Self.facts(catalogues)
  }

  /// Prepares the map of the cells in which sources lie whose rows in a finished match have any of some flags.
  /// - Parameters:
  ///   - run: Its number; nil for the newest.
  ///   - order: That of the cells, one of `FlaggedCells.orders`.
  /// - Throws: `StoreError`: `.usage` when there is no such run; `.interrupted`; `.damaged`.
  /// - Complexity: Flagged rows are read once; memory is a bit for each cell.
  public init(
    database: SkyDatabase, a nameA: String, b nameB: String, run number: Int64?, flagged flags: MatchFlags, order: Int,
    cancellation: Cancellation = Cancellation()
  ) throws {
    let registry = try database.registry()
    let catalogues = try [nameA, nameB].map { try registry.catalogue($0) }
    let run = try MatchExport.run(number, nameA, nameB, registry)
    var cells = FlaggedCells(order: order)
    for chunk in try registry.chunks(of: run.id) { try cells.add(chunk, of: database, flags, cancellation) }
    region = cells.region
    let isAny = MatchFlags.meanings.allSatisfy { flags.contains($0.flag) }
    description =
      "the sky where \(nameA) and \(nameB) have rows that are flagged"
      + (isAny ? "" : " " + flags.text.split(separator: " ").joined(separator: ", "))
    facts = Self.facts(catalogues) + [("run_fingerprint", run.fingerprint), ("flags", flags.text)]
  }

  private static func facts(_ catalogues: [CatalogueInfo]) -> [(name: String, value: String)] {
    catalogues.enumerated().map { ("inputs_fingerprint_\($0 + 1)", $1.inputsFingerprint) }
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
      name: "MOC", description: description.prefix(1).uppercased() + description.dropFirst(), facts: facts)
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
