public import CatalogStore

/// Writes the result of a finished run as the tables that a data access centre ingests: headerless CSV, a Felis
/// description and a manifest with counts and fingerprints.
public struct MatchExport {
  /// One exported file.
  public struct File: Sendable {
    /// Its name.
    public var name: String
    /// Rows, without a header.
    public var rows: Int64
    /// Bytes.
    public var bytes: Int64
    /// XXH3-128 of its contents.
    public var fingerprint: String
  }

  private let database: SkyDatabase
  private let run: RunInfo
  private let units: [RunUnit]
  private let layout: ExportLayout
  private let a: CatalogueInfo
  private let b: CatalogueInfo

  /// Prepares the export of a finished run of two catalogues.
  /// - Parameters:
  ///   - run: Its number; nil for the newest.
  ///   - extraA: Further columns of the first catalogue.
  ///   - extraB: Further columns of the second.
  /// - Throws: `StoreError.usage` when there is no such run, or no such column.
  public init(
    database: SkyDatabase, a nameA: String, b nameB: String, run number: Int64? = nil, extraA: [String] = [],
    extraB: [String] = []
  ) throws {
    let registry = try database.registry()
    a = try registry.catalogue(nameA)
    b = try registry.catalogue(nameB)
    run = try Self.run(number, nameA, nameB, registry)
    units = try registry.units(of: run.id)
    self.database = database
    layout = ExportLayout(a: a, b: b, extraA: extraA, extraB: extraB)
  }

  private static func run(_ number: Int64?, _ a: String, _ b: String, _ registry: Registry) throws -> RunInfo {
    guard let number else {
      if let run = try registry.finishedRun(a, b) { return run }
      throw StoreError(
        .usage, "export", "there is no finished match of \(a) and \(b); run `xmdb match \(a) \(b)` first")
    }
    let finished = try registry.allRuns().filter { $0.catalogueA == a && $0.catalogueB == b && $0.finished != nil }
    if let run = finished.first(where: { $0.id == number }) { return run }
    let known = finished.isEmpty ? "none" : finished.map { "\($0.id)" }.joined(separator: ", ")
    throw StoreError(.usage, "export", "run \(number) is no finished match of \(a) and \(b); finished ones: \(known)")
  }

  /// Writes all files into a folder, each aside first; files of the same name are replaced.
  /// - Parameters:
  ///   - header: Begin each CSV with a line of column names.
  ///   - progress: Called with the number of units read and their total, per table.
  public func write(
    to folder: String, header: Bool, cancellation: Cancellation = Cancellation(),
    progress: (String, Int, Int) -> Void = { _, _, _ in }
  ) throws -> [File] {
    try FileSystem.createDirectories(folder)
    var files: [File] = []
    var described: [(table: ExportTable, lengths: [Int])] = []
    for table in try layout.tables {
      let (file, lengths) = try write(table, folder, header, cancellation) { progress(table.name, $0, units.count) }
      files.append(file)
      described.append((table, lengths))
    }
    files.append(try writeText(FelisText.schema(a.name, b.name, described), "matches.felis.yaml", folder))
    let manifest = ManifestText.json(database: database, run: run, a: a, b: b, header: header, files: files)
    files.append(try writeText(manifest, "manifest.json", folder))
    try FileSystem.sync(folder)
    return files
  }

  private func write(
    _ table: ExportTable, _ folder: String, _ header: Bool, _ cancellation: Cancellation, _ progress: (Int) -> Void
  ) throws -> (File, lengths: [Int]) {
    let name = table.name + ".csv"
    let file = try FileWriter(path: folder + "/" + name)
    var text = DelimitedText(file)
    if header {
      for column in table.columns { try text.field(column.name) }
      try text.endLine()
    }
    var join = ExportJoin(database: database, table: table, a: a, b: b)
    for (position, unit) in units.enumerated() {
      try cancellation.check("export")
      try join.write(unit, to: &text)
      progress(position + 1)
    }
    let fingerprint = try file.publish()
    return (
      File(name: name, rows: join.rows, bytes: file.byteCount, fingerprint: fingerprint.description), join.lengths
    )
  }

  private func writeText(_ text: String, _ name: String, _ folder: String) throws -> File {
    let file = try FileWriter(path: folder + "/" + name)
    try file.write(text)
    let fingerprint = try file.publish()
    return File(name: name, rows: 0, bytes: file.byteCount, fingerprint: fingerprint.description)
  }
}

/// Joins result rows to the catalogues' own columns and writes them.
private struct ExportJoin {
  private let database: SkyDatabase
  private let table: ExportTable
  private let readerA: WideReader?
  private let readerB: WideReader?
  /// The longest value of each column so far, bytes.
  private(set) var lengths: [Int]
  private(set) var rows: Int64 = 0

  init(database: SkyDatabase, table: ExportTable, a: CatalogueInfo, b: CatalogueInfo) {
    self.database = database
    self.table = table
    readerA = table.rankA.map { _ in WideReader(database: database, info: a, columns: table.wideA) }
    readerB = table.rankB.map { _ in WideReader(database: database, info: b, columns: table.wideB) }
    lengths = Array(repeating: 1, count: table.columns.count)
  }

  mutating func write(_ unit: RunUnit, to text: inout DelimitedText) throws {
    let result = try ResultReader(database: database, unit: unit).rows(table.table, where: table.condition)
    while try result.step() {
      try withRow(readerA, table.rankA, result) { a in
        try withRow(readerB, table.rankB, result) { b in try write(result, a, b, to: &text) }
      }
      try text.endLine()
      rows += 1
    }
  }

  private func withRow(_ reader: WideReader?, _ rank: Int?, _ result: Statement, _ body: (Statement) throws -> Void)
    throws
  {
    guard let reader, let rank else { return try body(result) }
    try reader.withRow(rank: result.int64(rank), body)
  }

  private mutating func write(_ result: Statement, _ a: Statement, _ b: Statement, to text: inout DelimitedText) throws
  {
    for (position, column) in table.columns.enumerated() {
      let length: Int
      switch column.source {
      case .result(let index): length = try text.field(result, index)
      case .catalogueA(let index): length = try text.field(a, index)
      case .catalogueB(let index): length = try text.field(b, index)
      }
      lengths[position] = max(lengths[position], length)
    }
  }
}
