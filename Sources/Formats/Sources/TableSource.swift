public import CatalogStore

/// The rows of one or several files as one sequence, with the columns of all of them.
///
///     let source = try TableSource(paths: ["gaia.parquet"])
///     try source.forEachBatch { batch in
///       if case .float64(let ra) = batch.columns[1].values { … ra[row] … }
///     }
///
/// Files may differ in their columns: see `SchemaUnion` for names and `ColumnType.united(with:)` for types. A source holds no
/// open file and may be read any number of times, also from several tasks at once.
public struct TableSource: Sendable {
  /// One file of a source.
  public struct File: Sendable, Hashable {
    /// The path as found.
    public let path: String
    /// The name or number of the table that is meant; nil for the first, or the only one.
    public let table: String?
    /// The names of its columns, where no line of the file gives them.
    let names: [String]?
    /// Its rows, from the footer.
    public let rowCount: Int64
    /// The position of its first row in the whole source.
    public let firstRow: Int64
    /// Which of the layouts it has.
    let layout: Int
    /// Values of the columns that the names of its folders make.
    let partitions: [String?]
    /// A hash of its columns, to notice that it has changed.
    let signature: Int
  }

  /// The files, in the order in which their rows are numbered.
  public let files: [File]
  /// What reading them has found, for each file that had to be read to know its columns.
  private let surveys: [(any Sendable)?]
  /// The columns that are taken: those of the first file, then those that only later files have, then those that the names
  /// of folders make.
  public let columns: [TableColumn]
  /// What a user should know of the files, such as columns that some of them lack.
  public let notes: [String]
  /// What a user should look at before trusting the result.
  public let warnings: [String]

  /// For each column its place in the layouts, or among the partitions.
  enum Place: Sendable {
    case united(Int)
    case partition(Int)
  }

  let places: [Place]
  let layouts: [FileLayout]
  /// For each column the files that lack it: how many, and one of them.
  private let lacking: [(count: Int, example: String)?]

  /// Rows per batch of so many columns, unless asked otherwise: at most 32 768, fewer for very wide tables, so that the
  /// numbers of a batch stay below 64 MB.
  public static func defaultBatchRows(columns: Int) -> Int {
    min(32_768, max(1024, 64_000_000 / (8 * max(1, columns))))
  }

  /// Bytes of text in a batch, about; a batch has at least one row.
  public static let defaultBatchBytes = 64_000_000

  /// Finds the files behind `paths` and reads their footers.
  ///
  /// Directories and HATS catalogues stand for the files of tables in them, in the order of their names.
  ///
  /// - Parameters:
  ///   - paths: Files or directories.
  ///   - selection: Which columns to take; nested columns must not be among them.
  ///   - cancellation: Looked at between files.
  /// - Throws: `FormatError` if a file cannot be read, files cannot be united in a column that is taken, such a column is
  ///   nested, or a name or pattern fits no column; `StoreError.interrupted`.
  /// - Complexity: One footer per file.
  public init(
    paths: [String], selection: ColumnSelection = ColumnSelection(), cancellation: Cancellation = Cancellation()
  ) throws {
    var gatherer = SourceGatherer(try TableFiles(paths, cancellation: cancellation))
    try gatherer.readFooters(cancellation)
    let taken = try gatherer.select(selection)
    (files, layouts, surveys) = (gatherer.files, gatherer.union.layouts, gatherer.surveys)
    (columns, places, lacking) = (taken.columns, taken.places, taken.lacking)
    notes = gatherer.notes + taken.notes
    warnings = gatherer.warnings
  }

  /// The same, leaving out some columns.
  public init(paths: [String], excluding: [String]) throws {
    try self.init(paths: paths, selection: ColumnSelection(excluding: excluding))
  }

  /// All rows of all files.
  public var rowCount: Int64 { files.reduce(0) { $0 + $1.rowCount } }

  /// The position of the column of this exact name.
  public func index(of name: String) -> Int? { columns.firstIndex { ColumnNames.areIdentical($0.name, name) } }

  /// How many files lack a column, and one of them; nil if all have it.
  public func filesLacking(_ column: Int) -> (count: Int, example: String)? { lacking[column] }

  /// At most a dozen names, for messages.
  public static func listed(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    return names.count > 12 ? "\(shown), … (\(names.count) columns)" : shown
  }
}

extension TableSource {
  /// Runs `body` over all rows in order. Memory is bounded by one batch and one page per column.
  ///
  /// - Parameters:
  ///   - columns: Positions in `columns` to decode, in the order wanted; nil for all.
  ///   - files: Which of `files` to read; nil for all.
  ///   - batchRows: The most rows per batch, greater than zero; nil for `defaultBatchRows`.
  ///   - batchBytes: About the most bytes of text per batch, greater than zero.
  ///   - body: Receives each batch; its buffers are valid until it returns.
  /// - Throws: `FormatError` if a file cannot be decoded, has changed its columns since, or holds a value that the type
  ///   which its column has over all files cannot hold; whatever `body` throws.
  public func forEachBatch(
    columns wanted: [Int]? = nil, files range: Range<Int>? = nil, batchRows: Int? = nil,
    batchBytes: Int = TableSource.defaultBatchBytes, _ body: (borrowing RecordBatch) throws -> Void
  ) throws {
    let chosen = wanted ?? Array(columns.indices)
    let batchRows = batchRows ?? Self.defaultBatchRows(columns: chosen.count)
    precondition(batchRows > 0 && batchBytes > 0, "a batch must have at least one row")
    for index in range ?? files.indices {
      let file = try open(index)
      var row: Int64 = 0
      try file.forEachBatch(
        chosen.map { self.wanted($0, files[index]) }, batchRows: batchRows, batchBytes: batchBytes
      ) { rows, buffers in
        try body(
          RecordBatch(
            rowCount: rows, firstRow: files[index].firstRow + row, fileIndex: index, firstRowInFile: row,
            columns: buffers))
        row += Int64(rows)
      }
    }
  }

  private func wanted(_ column: Int, _ file: File) -> WantedColumn {
    let origin: WantedColumn.Origin =
      switch places[column] {
      case .united(let place): layouts[file.layout].origin(place)
      case .partition(let place): .constant(file.partitions[place])
      }
    return WantedColumn(origin: origin, type: columns[column].type)
  }

  private func open(_ index: Int) throws(FormatError) -> any TableReader {
    let known = files[index]
    let file = try TableFormat.open(
      TableFile(known.path, table: known.table, names: known.names, survey: surveys[index]))
    guard file.rowCount == known.rowCount, SourceGatherer.signature(file.columns()) == known.signature else {
      throw FormatError(.damaged, subject: known.path, "the file has changed while it was being read; ingest it again")
    }
    return file
  }
}
