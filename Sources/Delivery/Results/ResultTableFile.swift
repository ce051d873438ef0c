internal import Formats

/// A file, or a folder of files, that holds rows of a result set.
struct ResultTableFile {
  let path: String
  private let names: [String]
  private let types: [ColumnType]
  private let source: TableSource?

  /// - Parameter isByNumber: Whether it is CSV without a line of names; its columns are called 1, 2, … then.
  init(_ path: String, isByNumber: Bool) throws {
    self.path = path
    if isByNumber {
      source = nil
      let columns = try TableFormat.openWithoutNames(path).columns()
      (names, types) = (columns.map(\.column.name), columns.map(\.column.type))
    } else {
      let source = try TableSource(paths: [path])
      self.source = source
      (names, types) = (source.columns.map(\.name), source.columns.map(\.type))
    }
  }

  /// The position of a column, in upper or lower case.
  func index(_ name: String) -> Int? {
    names.firstIndex(of: name) ?? names.firstIndex { $0.lowercased() == name.lowercased() }
  }

  /// The position of a column that there must be.
  /// - Parameters:
  ///   - name: As it was asked for; nil: one of the usual ones.
  ///   - what: Of which it is the identifier.
  func require(_ name: String?, _ usual: [String], _ what: String, _ option: String) throws -> Int {
    for name in name.map({ [$0] }) ?? usual { if let place = index(name) { return place } }
    let missing =
      name.map { "has no column '\($0)'" } ?? "has no column \(usual.joined(separator: " or ")) for the id of \(what)"
    throw FormatError(
      .usage, subject: path, "\(missing); name it with \(option), one of: \(TableSource.listed(names))")
  }

  func forEachBatch(_ columns: [Int], _ body: (Int, [ColumnBuffer]) throws -> Void) throws {
    if let source { return try source.forEachBatch(columns: columns) { try body($0.rowCount, $0.columns) } }
    try TableFormat.openWithoutNames(path).forEachBatch(
      columns.map { WantedColumn(origin: .file(column: $0, mask: nil), type: types[$0]) }, batchRows: 32_768,
      batchBytes: TableSource.defaultBatchBytes, body)
  }
}
