/// How a row lies in memory and in the spill files, in 8-byte words:
/// the numbers of the narrow form · null bits, 64 columns a word · one word per column · the bytes of texts and blobs.
///
/// The word of a text or blob column is its length; its bytes follow in column order, the row is padded to whole words.
/// The same values always give the same bytes, so comparing bytes orders rows without regard to where they came from.
struct RowFormat: Sendable {
  let narrowWidth: Int
  let columnCount: Int

  var nullWords: Int { (columnCount + 63) / 64 }
  var nullOffset: Int { narrowWidth * 8 }
  var valueOffset: Int { nullOffset + nullWords * 8 }
  var fixedBytes: Int { valueOffset + columnCount * 8 }
}

/// One row, borrowed.
struct EncodedRow {
  let start: UnsafeRawPointer
  let format: RowFormat

  var narrow: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: start.assumingMemoryBound(to: Double.self), count: format.narrowWidth)
  }

  func isNull(_ column: Int) -> Bool {
    let word = start.load(fromByteOffset: format.nullOffset + (column >> 6) * 8, as: UInt64.self)
    return word & (1 << UInt64(column & 63)) != 0
  }

  func word<Value: BitwiseCopyable>(_ column: Int, as type: Value.Type) -> Value {
    start.load(fromByteOffset: format.valueOffset + column * 8, as: type)
  }
}
