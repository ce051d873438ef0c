/// The values of some rows of a result table. They are gathered column by column, so that the closure of a column is taken from its
/// declaration once for all of them, and given out row by row.
struct RowBatch<Row: ResultRow> {
  /// What a value is.
  private enum Tag: UInt8 {
    case null, real, integer, identifierOfA, identifierOfB, letter
  }

  private let columns = Row.columns.map(\.value)
  /// Row by row: what each value is, and its bits.
  private var tags: [Tag]
  private var bits: [UInt64]

  /// Rows gathered at a time: their values stay in the processor's cache.
  static var capacity: Int { 256 }

  /// No rows yet.
  init() {
    tags = Array(repeating: .null, count: Self.capacity * columns.count)
    bits = Array(repeating: 0, count: Self.capacity * columns.count)
  }

  /// Takes the values of up to `capacity` rows of a chunk.
  mutating func gather(_ rows: ArraySlice<Row>, of chunk: ChunkResult) {
    for (place, column) in columns.enumerated() {
      switch column {
      case .real(let value): gather(rows, place) { (.real, value($0, chunk).bitPattern) }
      case .integer(let value):
        gather(rows, place) { row in value(row, chunk).map { (.integer, UInt64(bitPattern: $0)) } ?? (.null, 0) }
      case .identifier(let source):
        gather(rows, place) { row in
          source(row).map { ($0.isA ? .identifierOfA : .identifierOfB, UInt64(UInt32(bitPattern: $0.place))) }
            ?? (.null, 0)
        }
      case .letter(let value): gather(rows, place) { (.letter, UInt64(value($0))) }
      }
    }
  }

  @inline(__always)
  private mutating func gather(_ rows: ArraySlice<Row>, _ place: Int, _ value: (Row) -> (Tag, UInt64)) {
    var index = place
    for row in rows {
      (tags[index], bits[index]) = value(row)
      index += columns.count
    }
  }

  /// Gives the values of one of the rows, counted from 0, to a sink.
  @inline(__always)
  func put(_ row: Int, of chunk: borrowing ChunkResult, into sink: inout some RowSink & ~Copyable) {
    for index in row * columns.count..<(row + 1) * columns.count {
      let bits = bits[index]
      switch tags[index] {
      case .null: sink.putNull()
      case .real: sink.put(Double(bitPattern: bits))
      case .integer: sink.put(Int64(bitPattern: bits))
      case .identifierOfA: chunk.a.columns.ids.put(Int(bits), into: &sink)
      case .identifierOfB: chunk.b.columns.ids.put(Int(bits), into: &sink)
      case .letter: withUnsafeBytes(of: UInt8(truncatingIfNeeded: bits)) { sink.put(utf8: $0) }
      }
    }
  }
}
