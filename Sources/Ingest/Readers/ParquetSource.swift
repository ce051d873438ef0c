/// The rows of one or several Parquet files with the same columns, as one sequence.
///
///     let source = try ParquetSource(paths: ["gaia.parquet"])
///     try source.forEachBatch { batch in
///       if case .float64(let ra) = batch.columns[1].values { … ra[row] … }
///     }
///
/// A source holds no open file and may be read any number of times, also from several tasks at once.
public struct ParquetSource: Sendable {
  /// One file of a source.
  public struct File: Sendable, Hashable {
    /// The path as found.
    public let path: String
    /// Its rows, from the footer.
    public let rowCount: Int64
    /// The position of its first row in the whole source.
    public let firstRow: Int64
  }

  /// The files, in the order in which their rows are numbered.
  public let files: [File]
  /// The columns, without the excluded ones, in the order of the files.
  public let columns: [SourceColumn]
  /// For each column its position in the files, which still count the excluded ones.
  private let filePositions: [Int]

  /// Rows per batch of so many columns, unless asked otherwise: at most 32 768, fewer for very wide tables, so that the
  /// numbers of a batch stay below 64 MB.
  public static func defaultBatchRows(columns: Int) -> Int {
    min(32_768, max(1024, 64_000_000 / (8 * max(1, columns))))
  }

  /// Finds the files behind `paths` and reads their footers.
  ///
  /// Directories and HATS catalogues stand for the Parquet files in them, in the order of their names.
  ///
  /// - Parameters:
  ///   - paths: Files or directories.
  ///   - excluding: Names of columns to leave out; nested columns must be among them.
  /// - Throws: `IngestError` if a file cannot be read, files differ in their columns, a column is nested and not
  ///   excluded, or a name to exclude does not exist.
  /// - Complexity: One footer per file.
  public init(paths: [String], excluding: [String] = []) throws(IngestError) {
    var files: [File] = []
    var first: (path: String, columns: [Entry])?
    var rows: Int64 = 0
    for path in try ParquetFiles.find(paths) {
      let file = try ParquetFile(path: path)
      let columns = file.columns()
      if let first { try Self.requireSame(first, path: path, columns) }
      if first == nil { first = (path, columns) }
      files.append(File(path: path, rowCount: file.rowCount, firstRow: rows))
      rows += file.rowCount
    }
    let all = first?.columns ?? []
    let kept = try Self.positions(all, excluding: excluding, path: first?.path ?? "")
    self.files = files
    self.filePositions = kept
    self.columns = kept.map { all[$0].column }
  }

  /// All rows of all files.
  public var rowCount: Int64 { files.reduce(0) { $0 + $1.rowCount } }

  /// The position of the column of this exact name.
  public func index(of name: String) -> Int? { columns.firstIndex { $0.name == name } }

  /// Runs `body` over all rows in order. Memory is bounded by one batch and one page per column.
  ///
  /// - Parameters:
  ///   - columns: Positions in `columns` to decode, in the order wanted; nil for all.
  ///   - files: Which of `files` to read; nil for all.
  ///   - batchRows: The most rows per batch, greater than zero; nil for `defaultBatchRows`.
  ///   - body: Receives each batch; its buffers are valid until it returns.
  /// - Throws: `IngestError` if a file cannot be decoded or has changed its columns since; whatever `body` throws.
  public func forEachBatch(
    columns wanted: [Int]? = nil, files range: Range<Int>? = nil, batchRows: Int? = nil,
    _ body: (borrowing RecordBatch) throws -> Void
  ) throws {
    let chosen = wanted ?? Array(columns.indices)
    let batchRows = batchRows ?? Self.defaultBatchRows(columns: chosen.count)
    precondition(batchRows > 0, "a batch must have at least one row")
    for index in range ?? files.indices {
      let file = try ParquetFile(path: files[index].path)
      try requireUnchanged(file, files[index])
      var row: Int64 = 0
      try file.forEachBatch(indices: chosen.map { filePositions[$0] }, batchRows: batchRows) { rows, buffers in
        try body(
          RecordBatch(
            rowCount: rows, firstRow: files[index].firstRow + row, fileIndex: index, firstRowInFile: row,
            columns: buffers))
        row += Int64(rows)
      }
    }
  }
}

extension ParquetSource {
  fileprivate typealias Entry = (column: SourceColumn, isNested: Bool)

  private func requireUnchanged(_ file: ParquetFile, _ known: File) throws(IngestError) {
    let now = file.columns()
    let same = zip(columns, filePositions).allSatisfy { column, position in
      position < now.count && now[position].column.name == column.name && now[position].column.type == column.type
    }
    guard same, file.rowCount == known.rowCount else {
      throw IngestError(.damaged, subject: known.path, "the file has changed while it was being read; ingest it again")
    }
  }

  /// The positions of the columns that stay.
  fileprivate static func positions(
    _ all: [Entry], excluding: [String], path: String
  ) throws(IngestError) -> [Int] {
    for name in excluding where !all.contains(where: { $0.column.name == name }) {
      throw IngestError(
        .usage, subject: "--exclude \(name)",
        "no such column in \(path); it has \(listed(all.map(\.column.name)))")
    }
    let kept = all.indices.filter { !excluding.contains(all[$0].column.name) }
    let nested = kept.filter { all[$0].isNested }.map { all[$0].column }
    if !nested.isEmpty {
      let names = nested.map { "'\($0.name)' (\($0.arrowType))" }.joined(separator: ", ")
      let hint = nested.map { "--exclude \($0.name)" }.joined(separator: " ")
      throw IngestError(
        .unsupported, subject: path,
        "nested columns cannot be kept in a table: \(names); leave them out with \(hint)")
    }
    try refuseRepeatedNames(kept.map { all[$0].column.name }, path: path)
    return kept
  }

  private static func refuseRepeatedNames(_ names: [String], path: String) throws(IngestError) {
    var seen: [String: String] = [:]
    for name in names {
      if let first = seen.updateValue(name, forKey: name.lowercased()) {
        throw IngestError(
          .unsupported, subject: path,
          "columns '\(first)' and '\(name)' have the same name (SQL does not tell case apart); leave one out with "
            + "--exclude \(name)")
      }
    }
  }

  /// At most a dozen names, for messages.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    return names.count > 12 ? "\(shown), … (\(names.count) columns)" : shown
  }

  fileprivate static func requireSame(
    _ first: (path: String, columns: [Entry]), path: String, _ columns: [Entry]
  ) throws(IngestError) {
    for index in 0..<max(first.columns.count, columns.count) {
      let old = index < first.columns.count ? first.columns[index] : nil
      let new = index < columns.count ? columns[index] : nil
      guard let reason = difference(old, new, position: index) else { continue }
      throw IngestError(
        .schemaMismatch, subject: path,
        "its columns differ from those of \(first.path): \(reason); files of one catalogue must have the same columns")
    }
  }

  private static func difference(_ old: Entry?, _ new: Entry?, position: Int) -> String? {
    guard let old else { return "column \(position + 1) '\(new?.column.name ?? "")' is only in the second" }
    guard let new else { return "column \(position + 1) '\(old.column.name)' is missing from the second" }
    if old.column.name != new.column.name {
      return "column \(position + 1) is '\(old.column.name)' in the first and '\(new.column.name)' in the second"
    }
    if old.isNested != new.isNested || old.column.type != new.column.type
      || (old.isNested && old.column.arrowType != new.column.arrowType)
    {
      return
        "column '\(old.column.name)' is \(old.column.arrowType) in the first and \(new.column.arrowType) in the second"
    }
    if let unit = old.column.unit, let other = new.column.unit, unit != other {
      return "column '\(old.column.name)' is in \(unit) in the first and in \(other) in the second"
    }
    return nil
  }
}
