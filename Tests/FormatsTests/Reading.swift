import Formats

/// One value of a batch as tests compare them.
enum Cell: Equatable, CustomStringConvertible {
  case missing
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case bool(Bool)
  case text(String)
  case bytes([UInt8])

  init(_ column: ColumnBuffer, row: Int) {
    guard column.validity.isPresent(row) else {
      self = .missing
      return
    }
    switch column.values {
    case .int64(let values): self = .int(values[row])
    case .uint64(let values): self = .uint(values[row])
    case .float64(let values): self = .double(values[row])
    case .float32(let values): self = .double(Double(values[row]))
    case .bool(let values): self = .bool(values[row] != 0)
    case .text(let values): self = .text(values.string(row))
    case .binary(let values): self = .bytes(Array(values[row]))
    }
  }

  var description: String {
    switch self {
    case .missing: "missing"
    case .int(let value): "\(value)"
    case .uint(let value): "\(value)u"
    case .double(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .text(let value): "'\(value)'"
    case .bytes(let value): "\(value)"
    }
  }
}

extension TableSource {
  /// All values, column by column.
  func everything(columns: [Int]? = nil, batchRows: Int = 7) throws -> [[Cell]] {
    var cells: [[Cell]] = Array(repeating: [], count: (columns ?? Array(self.columns.indices)).count)
    try forEachBatch(columns: columns, batchRows: batchRows) { batch in
      for (index, column) in batch.columns.enumerated() {
        for row in 0..<batch.rowCount { cells[index].append(Cell(column, row: row)) }
      }
    }
    return cells
  }
}

/// The error that a closure throws, or nil.
func formatError(_ body: () throws -> Void) -> FormatError? {
  do {
    try body()
    return nil
  } catch {
    return error as? FormatError
  }
}
