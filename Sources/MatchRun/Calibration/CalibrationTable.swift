/// A table of a calibration: names of columns carry their units.
public struct CalibrationTable: Sendable {
  /// One value.
  public enum Value: Sendable, Equatable {
    /// A number that is counted.
    case integer(Int64)
    /// A number; NaN: unknown.
    case real(Double)
    /// A word.
    case text(String)
  }

  /// Its name, also that of its file.
  public let name: String
  /// What it shows, for people.
  public let title: String
  /// Names of the columns.
  public let columns: [String]
  /// The rows.
  public private(set) var rows: [[Value]] = []

  init(_ name: String, _ title: String, _ columns: [String]) {
    self.name = name
    self.title = title
    self.columns = columns
  }

  mutating func add(_ row: [Value]) {
    precondition(row.count == columns.count, "a row of \(name) has \(row.count) values")
    rows.append(row)
  }
}
