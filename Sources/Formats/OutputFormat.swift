internal import CatalogStore

/// The formats that tables are written in. This is the only place that lists them.
public enum OutputFormat: String, Sendable, CaseIterable {
  case csv, parquet, votable, fits, arrow

  /// What files of the format are read as, and how their names end.
  private var read: TableFormat {
    switch self {
    case .csv: .delimited
    case .parquet: .parquet
    case .votable: .votable
    case .fits: .fits
    case .arrow: .arrow
    }
  }

  /// The format that a file's name says, with or without the ending of a compression; nil if it says none.
  public static func of(_ path: String) -> OutputFormat? { allCases.first { $0.read.matches(path) } }

  /// Names and endings of all formats, for messages.
  public static var listed: String {
    allCases.map { "\($0.rawValue) (\($0.read.endings.map { "*" + $0 }.joined(separator: ", ")))" }
      .joined(separator: ", ")
  }

  /// Whether its files compress their contents themselves.
  private var compressesItself: Bool { self == .parquet || self == .arrow }

  /// What only some formats can be told.
  public struct Options: Sendable {
    /// Of CSV: what stands for no value.
    public var null: String
    /// Of CSV: begin with a line of the columns' names.
    public var header: Bool

    /// Options; those of a plain CSV file if nothing is given.
    public init(null: String = "", header: Bool = true) { (self.null, self.header) = (null, header) }
  }

  /// Starts a file, compressed as its name says. Memory is bounded whatever the number of rows.
  /// - Throws: `StoreError`: `.usage` for columns that the format cannot hold and for compressed files of a format that
  ///   compresses its contents itself; `.system`.
  /// - Precondition: There is at least one column.
  public func writer(
    path: String, columns: [TableColumn], notes: TableNotes, options: Options = Options()
  ) throws -> any TableWriter {
    let compression = FileCompression.of(path).compression
    if let compression, compressesItself {
      throw StoreError(
        .usage, path,
        "a \(read.name) file compresses its contents itself; leave out \(compression.ending) from its name")
    }
    try requireDistinctNames(columns, path)
    switch self {
    case .csv:
      return try DelimitedWriter(
        path: path, columns: columns, compression, null: options.null, header: options.header)
    case .parquet:
      return try ParquetWriter(path: path, columns: columns, votable: VOTableDocument.header(columns, notes))
    case .arrow: return try ArrowWriter(path: path, columns: columns, votable: VOTableDocument.header(columns, notes))
    case .votable: return try VOTableWriter(path: path, columns: columns, notes, compression)
    case .fits: return try FITSWriter(path: path, columns: columns, notes, compression)
    }
  }

  /// No format but CSV and Parquet tells case apart, and no program does without the other.
  private func requireDistinctNames(_ columns: [TableColumn], _ path: String) throws {
    var seen: Set<String> = []
    for column in columns where !seen.insert(ColumnNames.folded(column.name)).inserted {
      throw StoreError(
        .usage, path,
        "would have two columns of the name '\(column.name)', which programs do not tell apart; choose one")
    }
  }
}
