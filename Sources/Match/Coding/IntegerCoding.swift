/// Writes integers as few bytes: seven bits a byte, the sign folded in, runs of zeros in arrays as their length.
public struct IntegerWriter: Sendable {
  /// What was written.
  public private(set) var bytes: [UInt8] = []

  /// Nothing yet.
  public init() {}

  /// A number without sign.
  public mutating func put(unsigned value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A number; small ones of either sign take one byte.
  public mutating func put(_ value: Int64) { put(unsigned: UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

  /// A number of 128 bits.
  public mutating func put(_ value: Int128) {
    put(Int64(truncatingIfNeeded: value >> 64))
    put(unsigned: UInt64(truncatingIfNeeded: value))
  }

  /// The bits of a number.
  public mutating func put(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// An array with its length, zeros by their number.
  public mutating func put<Number: FixedWidthInteger>(_ values: [Number]) {
    put(unsigned: UInt64(values.count))
    var next = 0
    while next < values.count {
      let start = next
      while next < values.count, values[next] == 0 { next += 1 }
      put(unsigned: UInt64(next - start))
      if next < values.count {
        put(Int64(values[next]))
        next += 1
      }
    }
  }

  /// Bytes with their length.
  public mutating func put(bytes other: some Collection<UInt8>) {
    put(unsigned: UInt64(other.count))
    bytes.append(contentsOf: other)
  }
}

/// Reads what `IntegerWriter` wrote.
public struct IntegerReader: Sendable {
  /// The bytes are not what was expected.
  public struct Malformed: Error, Sendable {
    /// Somewhere.
    public init() {}
  }

  private let bytes: ArraySlice<UInt8>
  private var next: Int

  /// Starts at the beginning.
  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    next = bytes.startIndex
  }

  /// Whether everything was read.
  public var isAtEnd: Bool { next == bytes.endIndex }

  /// A number without sign.
  public mutating func unsigned() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard next < bytes.endIndex else { throw Malformed() }
      let byte = bytes[next]
      next += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw Malformed()
  }

  /// A number.
  public mutating func int64() throws(Malformed) -> Int64 {
    let folded = try unsigned()
    return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
  }

  /// A number of the usual size that is not negative and at most `limit`.
  public mutating func count(limit: Int = .max) throws(Malformed) -> Int {
    guard let value = Int(exactly: try unsigned()), value <= limit else { throw Malformed() }
    return value
  }

  /// A number of things that follow, each of at least one byte.
  public mutating func length() throws(Malformed) -> Int {
    let value = try count()
    guard value <= bytes.endIndex - next else { throw Malformed() }
    return value
  }

  /// A number of 128 bits.
  public mutating func int128() throws(Malformed) -> Int128 {
    let high = try int64()
    return Int128(high) << 64 | Int128(try unsigned())
  }

  /// The bits of a number.
  public mutating func double() throws(Malformed) -> Double {
    guard bytes.endIndex - next >= 8 else { throw Malformed() }
    var bits: UInt64 = 0
    for position in 0..<8 { bits |= UInt64(bytes[next + position]) << UInt64(8 * position) }
    next += 8
    return Double(bitPattern: bits)
  }

  /// An array of a known length.
  public mutating func array<Number: FixedWidthInteger>(count expected: Int) throws(Malformed) -> [Number] {
    guard try count() == expected else { throw Malformed() }
    return try elements(expected)
  }

  /// An array.
  /// - Parameter limit: The longest that is believed.
  public mutating func array<Number: FixedWidthInteger>(limit: Int) throws(Malformed) -> [Number] {
    try elements(try count(limit: limit))
  }

  private mutating func elements<Number: FixedWidthInteger>(_ expected: Int) throws(Malformed) -> [Number] {
    var values = [Number](repeating: 0, count: expected)
    var position = 0
    while position < expected {
      position += try count(limit: expected - position)
      guard position < expected else { break }
      guard let value = Number(exactly: try int64()) else { throw Malformed() }
      values[position] = value
      position += 1
    }
    return values
  }

  /// Bytes.
  public mutating func slice() throws(Malformed) -> ArraySlice<UInt8> {
    let length = try count()
    guard length <= bytes.endIndex - next else { throw Malformed() }
    defer { next += length }
    return bytes[next..<(next + length)]
  }
}
