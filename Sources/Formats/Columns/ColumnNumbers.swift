// The numbers of columns of any numeric type.

extension ColumnBuffer {
  /// The number of a row, as it stands in the file; NaN if there is none.
  public func number(_ row: Int) -> Double { validity.isPresent(row) ? values.number(row) : .nan }
}

extension ColumnValues {
  /// The number at a row, whether the row is valid or not; NaN of what is no number.
  public func number(_ row: Int) -> Double {
    switch self {
    case .float64(let values): values[row]
    case .float32(let values): Double(values[row])
    case .int64(let values): Double(values[row])
    case .uint64(let values): Double(values[row])
    case .bool, .text, .binary: .nan
    }
  }
}
