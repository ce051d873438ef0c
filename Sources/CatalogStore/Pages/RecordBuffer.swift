/// One row in SQLite's record format: the types of its values, then the values.
///
/// Its storage is used again for row after row.
///
/// - Source: https://sqlite.org/fileformat2.html §2.1
struct RecordBuffer: ~Copyable, RowSink {
  private var types = ByteBuffer()
  private var body = ByteBuffer()

  /// Forgets the values.
  mutating func reset() {
    types.reset()
    body.reset()
  }

  /// The length of the record, bytes.
  var byteCount: Int { headerBytes + body.count }

  /// The header counts its own length, a varint.
  private var headerBytes: Int { types.count + (types.count < 127 ? 1 : 2) }

  /// Appends the record.
  func write(to target: inout ByteBuffer) {
    target.append(varint: UInt64(headerBytes))
    target.append(types.bytes)
    target.append(body.bytes)
  }

  // MARK: Values

  @inline(__always)
  mutating func put(_ value: Double) {
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

  @inline(__always)
  mutating func put(_ value: Int64) {
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

  mutating func put(utf8: UnsafeRawBufferPointer) {
    types.append(varint: UInt64(13 + 2 * utf8.count))
    body.append(utf8)
  }

  @inline(__always)
  mutating func putNull() { types.append(byte: 0) }
}
