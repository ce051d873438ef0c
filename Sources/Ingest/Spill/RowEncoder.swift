internal import Formats

/// Turns a batch of columns into rows, column by column.
struct RowEncoder {
  let format: RowFormat
  private var offsets: [Int] = []

  init(format: RowFormat) { self.format = format }

  /// Where each row of the batch begins in the last encoded bytes, and the end.
  var rowOffsets: [Int] { offsets }

  /// Finds out how long every row of a batch will be.
  /// - Returns: The bytes that all rows together take.
  mutating func measure(_ batch: borrowing RecordBatch) -> Int {
    measureRows(batch)
    return offsets[batch.rowCount]
  }

  /// Encodes all rows of the batch that was measured last into memory of the size that `measure` returned.
  /// - Parameter narrow: The columns of the narrow form.
  func encode(_ batch: borrowing RecordBatch, narrow: [[Double]], to base: UnsafeMutableRawPointer) {
    base.initializeMemory(as: UInt8.self, repeating: 0, count: offsets[batch.rowCount])
    for (column, values) in narrow.enumerated() { write(values, at: column * 8, to: base) }
    var cursor = offsets.map { $0 + format.fixedBytes }
    for column in batch.columns.indices { write(batch.columns[column], column, batch.rowCount, to: base, &cursor) }
  }

  /// Fills `offsets` with the start of every row.
  private mutating func measureRows(_ batch: borrowing RecordBatch) {
    var lengths = [Int](repeating: 0, count: batch.rowCount)
    for column in batch.columns {
      guard case .text(let strings) = column.values else {
        if case .binary(let strings) = column.values { add(strings, column.validity, &lengths) }
        continue
      }
      add(strings, column.validity, &lengths)
    }
    offsets.removeAll(keepingCapacity: true)
    var offset = 0
    for length in lengths {
      offsets.append(offset)
      offset += format.fixedBytes + (length + 7) / 8 * 8
    }
    offsets.append(offset)
  }

  private func add(_ strings: ByteStrings, _ validity: Validity, _ lengths: inout [Int]) {
    for row in lengths.indices where validity.isPresent(row) {
      lengths[row] += Int(strings.offsets[row + 1] - strings.offsets[row])
    }
  }

  private func write(_ values: [Double], at place: Int, to base: UnsafeMutableRawPointer) {
    for row in values.indices {
      // One bit pattern for every NaN, so equal rows have equal bytes.
      let value = values[row]
      base.storeBytes(of: value.isNaN ? Double.nan : value, toByteOffset: offsets[row] + place, as: Double.self)
    }
  }

  private func write(
    _ column: ColumnBuffer, _ index: Int, _ rows: Int, to base: UnsafeMutableRawPointer, _ cursor: inout [Int]
  ) {
    let validity = column.validity
    let place = format.valueOffset + index * 8
    @inline(__always) func store<Value: BitwiseCopyable>(_ value: (Int) -> Value) {
      if validity.nullCount == 0 {
        for row in 0..<rows { base.storeBytes(of: value(row), toByteOffset: offsets[row] + place, as: Value.self) }
        return
      }
      for row in 0..<rows {
        if validity.isPresent(row) {
          base.storeBytes(of: value(row), toByteOffset: offsets[row] + place, as: Value.self)
        } else {
          markNull(index, row, base)
        }
      }
    }
    switch column.values {
    case .int64(let values): store { values[$0] }
    case .uint64(let values): store { values[$0] }
    case .bool(let values): store { Int64(values[$0]) }
    case .float64(let values): store { values[$0].isNaN ? Double.nan : values[$0] }
    case .float32(let values): store { values[$0].isNaN ? Double.nan : Double(values[$0]) }
    case .text(let strings), .binary(let strings):
      for row in 0..<rows {
        guard validity.isPresent(row) else {
          markNull(index, row, base)
          continue
        }
        let bytes = strings[row]
        base.storeBytes(of: Int64(bytes.count), toByteOffset: offsets[row] + place, as: Int64.self)
        if let start = bytes.baseAddress { (base + cursor[row]).copyMemory(from: start, byteCount: bytes.count) }
        cursor[row] += bytes.count
      }
    }
  }

  private func markNull(_ column: Int, _ row: Int, _ base: UnsafeMutableRawPointer) {
    let place = offsets[row] + format.nullOffset + (column >> 6) * 8
    let word = base.load(fromByteOffset: place, as: UInt64.self) | (1 << UInt64(column & 63))
    base.storeBytes(of: word, toByteOffset: place, as: UInt64.self)
  }
}
