/// One row in SQLite's record format: the types of its values, then the values.
///
/// Its storage is used again for row after row.
///
/// - Source: https://sqlite.org/fileformat2.html §2.1
public struct RecordBuffer: ~Copyable, RowSink {
  private var types = ByteBuffer()
  private var body = ByteBuffer()

  /// No values.
  init() {}

  /// Forgets the values.
  mutating func reset() {
    types.reset()
    body.reset()
  }

  /// The length of the record, bytes.
  var byteCount: Int { headerBytes + body.count }

  /// The header counts its own length, a varint.
  private var headerBytes: Int { types.count + (types.count < 127 ? 1 : types.count < 16_382 ? 2 : 3) }

  /// Appends the record.
  func write(to target: inout ByteBuffer) {
    target.append(varint: UInt64(headerBytes))
    target.append(types.bytes)
    target.append(body.bytes)
  }

  // MARK: Values

  /// A real number of a column without type, or of type REAL; NaN becomes NULL.
  @inline(__always)
  public mutating func put(_ value: Double) {
    switch value.bitPattern {
    // A column of type REAL reads these two integers as reals: SQLite stores them so, too.
    case 0: types.append(byte: 8)
    case 0x3ff0_0000_0000_0000: types.append(byte: 9)
    default:
      if value.isNaN { return putNull() }
      types.append(byte: 7)
      body.append(bigEndian: value.bitPattern, bytes: 8)
    }
  }

  /// A real number of a column of type REAL as SQLite itself stores it: whole numbers take the space of integers, and the sign
  /// of zero is lost. NaN becomes NULL.
  public mutating func put(compactly value: Double) {
    // What fits into 6 bytes; a whole number beyond would take 8, as the real does.
    if abs(value) < 0x1p47, value == value.rounded(.towardZero) { return put(Int64(value)) }
    put(value)
  }

  /// An integer.
  @inline(__always)
  public mutating func put(_ value: Int64) {
    if value == 0 || value == 1 { return types.append(byte: UInt8(8 + value)) }
    let bits = 65 - (value ^ (value >> 63)).leadingZeroBitCount
    let (type, bytes): (UInt8, Int) =
      switch bits {
      case ...8: (1, 1)
      case ...16: (2, 2)
      case ...24: (3, 3)
      case ...32: (4, 4)
      case ...48: (5, 6)
      default: (6, 8)
      }
    types.append(byte: type)
    body.append(bigEndian: UInt64(bitPattern: value), bytes: bytes)
  }

  /// A text.
  public mutating func put(utf8: UnsafeRawBufferPointer) {
    types.append(varint: UInt64(13 + 2 * utf8.count))
    body.append(utf8)
  }

  /// A text.
  public mutating func put(text: String) {
    var text = text
    text.withUTF8 { put(utf8: UnsafeRawBufferPointer($0)) }
  }

  /// An identifier.
  public mutating func put(_ id: SourceID) {
    switch id {
    case .null: putNull()
    case .integer(let value): put(value)
    case .text(let text): put(text: text)
    }
  }

  /// Bytes.
  public mutating func put(blob: UnsafeRawBufferPointer) {
    types.append(varint: UInt64(12 + 2 * blob.count))
    body.append(blob)
  }

  /// The bytes of numbers, little-endian.
  mutating func put<Element: BitwiseCopyable>(blob values: [Element]) { values.withUnsafeBytes { put(blob: $0) } }

  /// NULL.
  @inline(__always)
  public mutating func putNull() { types.append(byte: 0) }
}
