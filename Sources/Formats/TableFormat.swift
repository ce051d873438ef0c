/// The formats of files that are read as tables. This is the only place that lists them.
public struct TableFormat: Sendable {
  /// Its name, for messages.
  public let name: String
  /// How names of its files end.
  public let endings: [String]
  /// Opens a file of this format.
  let open: @Sendable (String) throws(FormatError) -> any TableReader

  /// Every format.
  public static let all = [parquet]

  /// Apache Parquet.
  public static let parquet = TableFormat(
    name: "Parquet", endings: [".parquet", ".parq", ".pq"],
    open: { (path) throws(FormatError) in try ParquetReader(path: path) })

  /// Whether a file of this name is of this format.
  public func matches(_ name: String) -> Bool { endings.contains { name.hasSuffix($0) } }

  /// The format of a file by its name; nil if the name says none.
  public static func of(_ name: String) -> TableFormat? { all.first { $0.matches(name) } }

  /// Opens a file in the format that its name says, else as Parquet.
  /// - Throws: `FormatError` if it cannot be read.
  public static func open(_ path: String) throws(FormatError) -> any TableReader {
    try (of(path) ?? parquet).open(path)
  }

  /// Names and endings of all formats, for messages: "Parquet file (*.parquet, …)".
  static var listed: String {
    all.map { "\($0.name) file (\($0.endings.map { "*" + $0 }.joined(separator: ", ")))" }.joined(separator: " or ")
  }
}
