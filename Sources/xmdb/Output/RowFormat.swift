import ArgumentParser

/// The forms in which rows are written.
enum RowFormat: String, EnumerableFlag {
  case table, box, markdown, csv, tabs, list, json, line

  static func help(for format: RowFormat) -> ArgumentHelp? {
    switch format {
    case .table: "Print aligned columns, reals with 10 digits (the default)."
    case .box: "Print the same within a frame."
    case .markdown: "Print the same as a table of Markdown."
    case .csv: "Print CSV with a header; NULL is empty, empty text is \"\"."
    case .tabs: "Print the same with tabs between values."
    case .list: "Print values with | between them, unquoted."
    case .json: "Print an array of objects for every statement that gives rows."
    case .line: "Print a line for each value, and an empty line between rows."
    }
  }

  /// What stands between values; nil where that cannot be chosen.
  var separator: String? {
    switch self {
    case .csv: ","
    case .tabs: "\t"
    case .list: "|"
    case .table, .box, .markdown, .json, .line: nil
    }
  }

  /// What stands for NULL; nil where that cannot be chosen.
  var null: String? {
    switch self {
    case .table, .box, .markdown: "NULL"
    case .csv, .tabs, .list, .line: ""
    case .json: nil
    }
  }

  /// The formats, for messages.
  static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
