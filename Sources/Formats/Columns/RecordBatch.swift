/// Some consecutive rows of a source, column by column, lent for the time of a closure.
///
/// Every pointer in it is valid only until the closure returns. Look at the kind of a column once per batch, then run
/// over its contiguous values.
public struct RecordBatch: ~Copyable {
  /// The number of rows; greater than zero.
  public let rowCount: Int
  /// The position of the first row in the whole source, counting from 0 over all files in order.
  public let firstRow: Int64
  /// The index of the file in `TableSource.files`.
  public let fileIndex: Int
  /// The position of the first row in its file, counting from 0.
  public let firstRowInFile: Int64
  /// One entry per column asked for, in the order asked for.
  public let columns: [ColumnBuffer]

  /// A batch over borrowed buffers.
  public init(
    rowCount: Int, firstRow: Int64, fileIndex: Int = 0, firstRowInFile: Int64? = nil, columns: [ColumnBuffer]
  ) {
    self.rowCount = rowCount
    self.firstRow = firstRow
    self.fileIndex = fileIndex
    self.firstRowInFile = firstRowInFile ?? firstRow
    self.columns = columns
  }
}

/// The values of one column of a batch. Where a row has no value, what stands in the values is meaningless.
public struct ColumnBuffer {
  /// The values by kind.
  public let values: ColumnValues
  /// Which rows have a value.
  public let validity: Validity
  /// Texts of the batch that were not UTF-8; each byte of them that was no part of a character is U+FFFD now.
  public let repairedTexts: Int64

  /// A column over borrowed buffers.
  public init(values: ColumnValues, validity: Validity = .allPresent, repairedTexts: Int64 = 0) {
    self.values = values
    self.validity = validity
    self.repairedTexts = repairedTexts
  }
}

/// Contiguous values, one per row.
public enum ColumnValues {
  /// Integers, dates, times, timestamps, durations.
  case int64(UnsafeBufferPointer<Int64>)
  case uint64(UnsafeBufferPointer<UInt64>)
  case float64(UnsafeBufferPointer<Double>)
  case float32(UnsafeBufferPointer<Float>)
  /// 0 or 1.
  case bool(UnsafeBufferPointer<UInt8>)
  /// UTF-8.
  case text(ByteStrings)
  case binary(ByteStrings)
}

/// Which rows of a column have a value: one bit per row, or no bits when all have.
public struct Validity {
  /// Bit `row & 7` of byte `row >> 3` is set where the row has a value; nil when every row has one.
  public let bits: UnsafePointer<UInt8>?
  /// The number of rows without a value.
  public let nullCount: Int

  /// Validity over a borrowed bitmap.
  public init(bits: UnsafePointer<UInt8>?, nullCount: Int) {
    self.bits = bits
    self.nullCount = nullCount
  }

  /// Every row has a value.
  public static var allPresent: Validity { Validity(bits: nil, nullCount: 0) }

  /// Whether the row has a value.
  @inlinable public func isPresent(_ row: Int) -> Bool {
    guard let bits else { return true }
    return bits[row >> 3] & (1 << UInt8(truncatingIfNeeded: row & 7)) != 0
  }
}

/// Strings of bytes laid end to end.
public struct ByteStrings {
  /// Row i holds the bytes from offset i up to offset i + 1.
  public let offsets: UnsafeBufferPointer<Int64>
  /// Where offset 0 is; nil if there are no bytes at all.
  public let base: UnsafePointer<UInt8>?

  /// Strings over borrowed buffers: one more offset than rows.
  public init(offsets: UnsafeBufferPointer<Int64>, base: UnsafePointer<UInt8>?) {
    self.offsets = offsets
    self.base = base
  }

  /// The bytes of a row, without a terminating zero.
  @inlinable public subscript(row: Int) -> UnsafeBufferPointer<UInt8> {
    let start = Int(offsets[row])
    return UnsafeBufferPointer(start: base.map { $0 + start }, count: Int(offsets[row + 1]) - start)
  }

  /// The bytes of a row as a string; invalid UTF-8 is repaired.
  public func string(_ row: Int) -> String { String(decoding: self[row], as: UTF8.self) }
}
