/// Takes the values of one row of a table in SQLite, column by column; columns count from 1.
public protocol SQLiteRow {
  /// No value.
  func bindNull(_ column: Int)
  /// An integer.
  func bind(_ column: Int, _ value: Int64)
  /// A number.
  func bind(_ column: Int, _ value: Double)
  /// A text of UTF-8, which is copied.
  func bindText(_ column: Int, copying text: UnsafeRawBufferPointer)
  /// Bytes, which are copied.
  func bindBlob(_ column: Int, copying bytes: UnsafeRawBufferPointer)
}

/// Columns of any type as columns of a table in SQLite. Times become texts of ISO 8601, truth values 0 and 1, unsigned integers beyond
/// 2⁶³ − 1 texts.
public final class SQLiteColumns {
  private let plain: PlainColumns
  /// The columns as they are in SQLite.
  public var columns: [TableColumn] { plain.columns }

  /// - Parameter columns: In the order of the batches.
  public init(_ columns: [TableColumn]) { plain = PlainColumns(columns, keepingBytes: true) }

  /// The type that each is declared with.
  public var declaredTypes: [String] { plain.columns.map { Self.declaration($0.type) } }

  private static func declaration(_ type: ColumnType) -> String {
    switch type {
    case .float64, .float32: "REAL"
    case .bool: "BOOLEAN"
    case .text: "TEXT"
    case .binary: "BLOB"
    // Without a type SQLite keeps integers and texts as they are: large ones would become real numbers.
    case .uint64: ""
    default: "INTEGER"
    }
  }

  /// Hands over the rows of a batch, one by one.
  /// - Parameter end: Called when a row is complete.
  public func forEachRow(_ rows: Int, _ buffers: [ColumnBuffer], into row: some SQLiteRow, end: () throws -> Void)
    rethrows
  {
    let values = plain.buffers(rows: rows, buffers)
    for index in 0..<rows {
      for (column, buffer) in values.enumerated() { Self.bind(buffer, index, row, column + 1) }
      try end()
    }
  }

  private static func bind(_ buffer: ColumnBuffer, _ row: Int, _ target: some SQLiteRow, _ place: Int) {
    guard buffer.validity.isPresent(row) else { return target.bindNull(place) }
    switch buffer.values {
    case .int64(let values): target.bind(place, values[row])
    case .uint64(let values):
      if let signed = Int64(exactly: values[row]) {
        target.bind(place, signed)
      } else {
        var digits = String(values[row])
        digits.withUTF8 { target.bindText(place, copying: UnsafeRawBufferPointer($0)) }
      }
    case .float64(let values): target.bind(place, values[row])
    case .float32(let values): target.bind(place, Double(values[row]))
    case .bool(let values): target.bind(place, Int64(values[row] == 0 ? 0 : 1))
    case .text(let strings): target.bindText(place, copying: UnsafeRawBufferPointer(strings[row]))
    case .binary(let strings): target.bindBlob(place, copying: UnsafeRawBufferPointer(strings[row]))
    }
  }
}
