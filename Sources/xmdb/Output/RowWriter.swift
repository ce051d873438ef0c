import ArgumentParser

/// Writes the rows of one statement as they come.
protocol RowWriter {
  /// Called once, before the first row.
  func begin(_ columns: [String]) throws
  /// Called for every row.
  func add(_ row: SQLRow) throws
  /// Called once, after the last row.
  func end() throws
}

/// The forms in which rows are written.
enum RowFormat: String, EnumerableFlag {
  case table, csv, json

  static func help(for format: RowFormat) -> ArgumentHelp? {
    switch format {
    case .table: "Print aligned columns, reals with 10 digits (the default)."
    case .csv: "Print CSV with a header; NULL is empty, empty text is \"\"."
    case .json: "Print an array of objects for every statement that gives rows."
    }
  }

  /// A writer for one statement.
  func writer(to output: StandardOutput) -> any RowWriter {
    switch self {
    case .table: TableRows(output)
    case .csv: CSVRows(output)
    case .json: JSONRows(output)
    }
  }
}
