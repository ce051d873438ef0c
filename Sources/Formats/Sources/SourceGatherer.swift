internal import CatalogStore

/// Makes a `TableSource`: reads the footers of its files, unites their columns and takes those that are wanted.
struct SourceGatherer {
  /// The columns that are taken.
  struct Taken {
    var columns: [TableColumn] = []
    var places: [TableSource.Place] = []
    var lacking: [(count: Int, example: String)?] = []
    var notes: [String] = []
  }

  private let found: TableFiles
  private(set) var union = SchemaUnion()
  private(set) var files: [TableSource.File] = []
  private(set) var surveys: [(any Sendable)?] = []
  private(set) var notes: [String] = []
  private(set) var warnings: [String] = []
  private var partitions = PartitionColumns([], taken: [])
  /// What astropy says, and the text it was read from: files of one data set mostly say the same.
  private var astropy: (text: String, notes: AstropyNotes)?

  /// Files of which remarks are repeated.
  private static let filesRemarked = 3

  /// Conflicts named in a message.
  private static let conflictsNamed = 5

  init(_ found: TableFiles) { self.found = found }

  // MARK: Footers

  mutating func readFooters(_ cancellation: Cancellation) throws {
    var raw: [(path: String, rows: Int64, layout: Int, signature: Int)] = []
    for file in found.files {
      try cancellation.check(file.path)
      let open = try TableFormat.open(TableFile(file.path, table: file.table, names: file.names))
      var columns = open.columns()
      let signature = Self.signature(columns)
      complete(&columns, from: open)
      surveys.append(open.survey)
      if surveys.count <= Self.filesRemarked { notes += open.remarks.map { "\(file.path): \($0)" } }
      raw.append((file.path, open.rowCount, union.add(columns, path: file.path), signature))
    }
    partitions = PartitionColumns(found.files.map(\.partitions), taken: union.columns.map(\.column.name))
    var rows: Int64 = 0
    for (file, facts) in zip(found.files, raw) {
      files.append(
        TableSource.File(
          path: facts.path, table: file.table, names: file.names, rowCount: facts.rows, firstRow: rows,
          layout: facts.layout,
          partitions: partitions.values(file.partitions), signature: facts.signature))
      let (sum, overflow) = rows.addingReportingOverflow(facts.rows)
      guard !overflow else {
        throw FormatError(.damaged, subject: facts.path, "the files give an impossible row count")
      }
      rows = sum
    }
    try compareWithHats()
  }

  /// A hash of the columns as the footer gives them.
  static func signature(_ columns: [FileColumn]) -> Int { columns.hashValue }

  private mutating func complete(_ columns: inout [FileColumn], from file: any TableReader) {
    guard let text = file.metadata(AstropyNotes.key) else { return }
    if astropy?.text != text {
      astropy = (text, AstropyNotes(text))
      if let flaw = astropy?.notes.flaw {
        warnings.append(
          "\(file.path): what it says under \(AstropyNotes.key) \(flaw) and is not read; units, UCDs and descriptions "
            + "may be there: check those of --dry-run")
      }
    }
    guard let notes = astropy?.notes else { return }
    for index in columns.indices { notes.complete(&columns[index]) }
  }

  private mutating func compareWithHats() throws(FormatError) {
    for (catalogue, range) in found.catalogues {
      let rows = files[range].reduce(0) { $0 + $1.rowCount }
      notes.append(
        "\(catalogue.path) is read as a HATS catalogue: \(range.count) files of pixels with \(rows) rows; Norder, Dir and "
          + "Npix in their paths say how it is divided and are left out.")
      guard let said = catalogue.rowCount, said != rows else { continue }
      throw FormatError(
        .damaged, subject: catalogue.propertiesPath ?? catalogue.path,
        "has hats_nrows = \(said), but the files hold \(rows) rows; copy the catalogue again, or correct the number")
    }
  }

  // MARK: Columns

  /// The columns that a selection takes.
  func select(_ selection: ColumnSelection) throws(FormatError) -> Taken {
    let path = files.first?.path ?? ""
    let united = union.columns
    let names = united.map(\.column.name) + partitions.columns.map(\.name)
    var kept = try selection.kept(of: names, known: union.maskNames, path: path)
    var notes: [String] = []
    if selection.leavesOutNested {
      let nested = kept.filter { $0 < united.count && united[$0].isNested }
      kept.removeAll { nested.contains($0) }
      if !nested.isEmpty {
        notes.append("Columns of lists are left out: \(TableSource.listed(nested.map { names[$0] })).")
      }
    }
    let columns = kept.filter { $0 < united.count }.map { united[$0] }
    try refuseConflicts(columns)
    try Self.refuseNested(columns, path: path)
    try ColumnNames.requireDistinct(kept.map { names[$0] }, path: path)
    var taken = Taken()
    for index in kept {
      let isUnited = index < united.count
      taken.columns.append(isUnited ? united[index].column : partitions.columns[index - united.count])
      taken.places.append(isUnited ? .united(index) : .partition(index - united.count))
      taken.lacking.append(isUnited ? lacking(index) : nil)
    }
    taken.notes = notes + noteMasks() + Self.noteLacking(taken, files: files.count) + Self.noteBytes(taken.columns)
    return taken
  }

  private func lacking(_ index: Int) -> (count: Int, example: String)? {
    let count = files.count - union.columns[index].files
    guard count > 0 else { return nil }
    let example = files.first { union.layouts[$0.layout].origin(index) == .constant(nil) }
    return (count, example?.path ?? "")
  }

  private func noteMasks() -> [String] {
    if union.maskNames.isEmpty { return [] }
    return [
      "Values under a mask are NULL; the masks are not stored as columns: \(TableSource.listed(union.maskNames))."
    ]
  }

  private static func noteBytes(_ columns: [TableColumn]) -> [String] {
    let names = columns.filter { $0.type == .binary }.map(\.name)
    guard let first = names.first else { return [] }
    return [
      "Columns of bytes, which equal no text in SQL: \(TableSource.listed(names)); CAST(\"\(first)\" AS TEXT) compares."
    ]
  }

  private static func noteLacking(_ taken: Taken, files: Int) -> [String] {
    let some = zip(taken.columns, taken.lacking).filter { $1 != nil }
    guard let first = some.first, let lacking = first.1 else { return [] }
    let names = TableSource.listed(some.map(\.0.name))
    return [
      "Columns that not all of the \(files) files have, and that are NULL where they are missing: \(names). For example "
        + "'\(first.0.name)' is missing from \(lacking.count), such as \(lacking.example)."
    ]
  }

  private func refuseConflicts(_ columns: [UnitedColumn]) throws(FormatError) {
    let conflicts = columns.compactMap(\.conflict)
    guard let first = conflicts.first else { return }
    let more = conflicts.dropFirst().prefix(Self.conflictsNamed - 1).map { "; in \($0.path) \($0.reason)" }.joined()
    let rest = conflicts.count > Self.conflictsNamed ? "; and \(conflicts.count - Self.conflictsNamed) more" : ""
    let hint = Self.excludeHint(columns.filter { $0.conflict != nil }.map(\.column.name))
    throw FormatError(
      .schemaMismatch, subject: first.path,
      "\(first.reason), which cannot be united\(more)\(rest); leave out what differs with \(hint), or ingest the files apart"
    )
  }

  private static func refuseNested(_ columns: [UnitedColumn], path: String) throws(FormatError) {
    let nested = columns.filter(\.isNested).map(\.column)
    if nested.isEmpty { return }
    let shown = nested.prefix(12).map { "'\($0.name)' (\($0.fileType))" }.joined(separator: ", ")
    let names = nested.count > 12 ? "\(shown), … (\(nested.count))" : shown
    throw FormatError(
      .unsupported, subject: path,
      "nested columns cannot be kept in a table: \(names); leave them out with \(excludeHint(nested.map(\.name)))")
  }

  /// The options that leave out some columns, as one would type them.
  private static func excludeHint(_ names: [String]) -> String {
    let options = names.prefix(12).map { name in
      let isPlain = name.utf8.allSatisfy {
        $0 < 128 && (Character(Unicode.Scalar($0)).isLetter || $0 == 95 || ($0 >= 48 && $0 <= 57))
      }
      return "--exclude " + (isPlain ? name : "'\(name.replacing("'", with: "'\\''"))'")
    }
    return options.joined(separator: " ") + (names.count > 12 ? " … (patterns such as 'r_*' are allowed)" : "")
  }
}
