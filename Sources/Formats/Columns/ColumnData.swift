/// The values of one column of one batch, in arrays.
///
/// Missing values, in nullable columns only: NaN among floating-point numbers, nil otherwise.
public enum ColumnData: Sendable {
  case int64([Int64])
  case optionalInt64([Int64?])
  case float64([Double])
  case float32([Float])
  case text([String?])

  /// The number of rows.
  public var count: Int {
    switch self {
    case .int64(let values): values.count
    case .optionalInt64(let values): values.count
    case .float64(let values): values.count
    case .float32(let values): values.count
    case .text(let values): values.count
    }
  }

  /// Lends the values of several columns as buffers, valid until `body` returns.
  static func withBuffers<Result>(_ columns: [ColumnData], _ body: ([ColumnBuffer]) throws -> Result) rethrows -> Result
  {
    try withBuffers(columns[...], [], body)
  }

  /// Each level of the recursion keeps the memory of one column in place.
  private static func withBuffers<Result>(
    _ columns: ArraySlice<ColumnData>, _ lent: [ColumnBuffer], _ body: ([ColumnBuffer]) throws -> Result
  ) rethrows -> Result {
    guard let column = columns.first else { return try body(lent) }
    return try column.withBuffer { try withBuffers(columns.dropFirst(), lent + [$0], body) }
  }

  private func withBuffer<Result>(_ body: (ColumnBuffer) throws -> Result) rethrows -> Result {
    switch self {
    case .int64(let values): try values.withUnsafeBufferPointer { try body(ColumnBuffer(values: .int64($0))) }
    case .float64(let values): try values.withUnsafeBufferPointer { try body(ColumnBuffer(values: .float64($0))) }
    case .float32(let values): try values.withUnsafeBufferPointer { try body(ColumnBuffer(values: .float32($0))) }
    case .optionalInt64(let values): try Self.withBuffer(values, body)
    case .text(let values): try Self.withBuffer(values, body)
    }
  }

  private static func withBuffer<Result>(
    _ values: [Int64?], _ body: (ColumnBuffer) throws -> Result
  ) rethrows -> Result {
    try withValidity(values.map { $0 != nil }) { validity in
      try values.map { $0 ?? 0 }.withUnsafeBufferPointer {
        try body(ColumnBuffer(values: .int64($0), validity: validity))
      }
    }
  }

  private static func withBuffer<Result>(
    _ texts: [String?], _ body: (ColumnBuffer) throws -> Result
  ) rethrows -> Result {
    var (offsets, bytes): ([Int64], [UInt8]) = ([0], [])
    for text in texts {
      bytes.append(contentsOf: (text ?? "").utf8)
      offsets.append(Int64(bytes.count))
    }
    return try withValidity(texts.map { $0 != nil }) { validity in
      try offsets.withUnsafeBufferPointer { offsets in
        try bytes.withUnsafeBufferPointer { bytes in
          let strings = ByteStrings(offsets: offsets, base: bytes.baseAddress)
          return try body(ColumnBuffer(values: .text(strings), validity: validity))
        }
      }
    }
  }

  private static func withValidity<Result>(
    _ isPresent: [Bool], _ body: (Validity) throws -> Result
  ) rethrows -> Result {
    var bits = [UInt8](repeating: 0, count: (isPresent.count + 7) / 8)
    var missing = 0
    for (row, isPresent) in isPresent.enumerated() {
      if isPresent { bits[row >> 3] |= 1 << UInt8(row & 7) } else { missing += 1 }
    }
    return try bits.withUnsafeBufferPointer { try body(Validity(bits: $0.baseAddress, nullCount: missing)) }
  }
}
