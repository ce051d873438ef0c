/// Writes the rows of one statement as they come.
protocol RowWriter {
  /// Called once, before the first row.
  func begin(_ columns: [String]) throws
  /// Called for every row.
  func add(_ row: SQLRow) throws
  /// Called once, after the last row.
  func end() throws
}
