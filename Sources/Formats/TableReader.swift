/// One open file that holds a table: the door through which every format is read.
///
/// A reader knows columns with type, unit, UCD, description and whether values may be missing, the metadata of the file, and
/// rows in batches. A new format is one type that conforms and one entry in `TableFormat.all`.
public protocol TableReader: AnyObject {
  /// The file.
  var path: String { get }

  /// Rows in the file. Formats that do not state it count them when they are opened.
  var rowCount: Int64 { get }

  /// Every column of the table, in the order of the file.
  func columns() -> [FileColumn]

  /// The text that the file keeps under a key; nil if there is none.
  func metadata(_ key: String) -> String?

  /// What has been found by reading the whole file, if that was needed: whoever opens it again hands this over.
  var survey: (any Sendable)? { get }

  /// What a user should know of the file.
  var remarks: [String] { get }

  /// Runs `body` over the rows in order, in batches of at most `batchRows`, fewer when their texts take more than about
  /// `batchBytes`; a batch has at least one row.
  /// - Parameters:
  ///   - wanted: The columns to decode, and the types in which their values are lent.
  ///   - body: Receives the number of rows and one buffer for each column wanted, valid until it returns.
  /// - Throws: `FormatError` if the file cannot be decoded or holds a value that the wanted type cannot; whatever `body`
  ///   throws.
  func forEachBatch(
    _ wanted: [WantedColumn], batchRows: Int, batchBytes: Int, _ body: (Int, [ColumnBuffer]) throws -> Void
  ) throws
}

extension TableReader {
  public var survey: (any Sendable)? { nil }
  public var remarks: [String] { [] }
}

/// One column as one file has it.
public struct FileColumn: Sendable, Hashable {
  /// Name, type and notes.
  public var column: TableColumn
  /// Whether it holds lists, structures or maps; its type then means nothing.
  public let isNested: Bool
  /// Whether no row has a value, as far as the file says without being read.
  public let isAllMissing: Bool

  /// A column of a file.
  public init(column: TableColumn, isNested: Bool = false, isAllMissing: Bool = false) {
    self.column = column
    self.isNested = isNested
    self.isAllMissing = isAllMissing
  }
}

/// How one column of a batch is wanted.
public struct WantedColumn: Sendable, Hashable {
  /// Where the values come from.
  public enum Origin: Sendable, Hashable {
    /// A column by its position in `TableReader.columns()`, and the column of bools that are true where its values are to be
    /// taken for missing.
    case file(column: Int, mask: Int?)
    /// The same for every row: an integer or a text by `type`; nil for no value.
    case constant(String?)
  }

  /// Where the values come from.
  public let origin: Origin
  /// The type to arrive in: the file's own, or a wider one.
  public let type: ColumnType

  /// A column of a batch.
  public init(origin: Origin, type: ColumnType) {
    self.origin = origin
    self.type = type
  }
}
