/// Bytes of text in one growing piece of memory, written without an object for each value.
struct TextBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Bytes written.
  private(set) var count = 0

  /// - Parameter capacity: Bytes before it grows for the first time, greater than zero.
  init(capacity: Int) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// What has been written, copied.
  var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Lends what has been written.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Forgets what has been written and keeps the memory.
  mutating func removeAll() { count = 0 }

  @inline(__always) private mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  @inline(never) private mutating func grow(_ more: Int) {
    let wider = max(2 * capacity, count + more)
    let new = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
    new.update(from: base, count: count)
    base.deallocate()
    (base, capacity) = (new, wider)
  }

  @inline(__always) mutating func put(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  @inline(__always) mutating func put(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    reserve(bytes.count)
    UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: bytes.count)
    count += bytes.count
  }

  mutating func put(_ bytes: [UInt8]) { bytes.withUnsafeBytes { put($0) } }

  /// The bytes of an integer, the highest first.
  @inline(__always) mutating func put(bigEndian value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { put($0) }
  }

  /// Removes the first bytes.
  mutating func removeFirst(_ bytes: Int) {
    precondition(bytes <= count, "there are only \(count) bytes")
    base.update(from: base + bytes, count: count - bytes)
    count -= bytes
  }

  /// An integer in decimal.
  mutating func put(_ value: Int64) {
    reserve(20)
    if value < 0 {
      base[count] = UInt8(ascii: "-")
      count += 1
    }
    var rest = value.magnitude
    let digits = Self.digits(of: rest)
    var place = count + digits
    while rest >= 100 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      place -= 2
      putPair(Int(truncatingIfNeeded: pair), at: place)
      rest = quotient
    }
    if rest >= 10 {
      putPair(Int(truncatingIfNeeded: rest), at: count)
    } else {
      base[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
    }
    count += digits
  }

  @inline(__always) private func putPair(_ pair: Int, at place: Int) {
    base[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair / 10)
    base[place + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair % 10)
  }

  /// How many decimal digits a number has: from its binary ones, by log₁₀ 2 ≈ 1233/4096, and one comparison.
  @inline(__always) private static func digits(of value: UInt64) -> Int {
    let estimate = ((64 - (value | 1).leadingZeroBitCount) * 1233) >> 12
    return estimate + ((value | 1) >= powersOfTen[estimate] ? 1 : 0)
  }

  private static let powersOfTen: [UInt64] = (0..<20).map { power in
    (0..<power).reduce(1) { product, _ in product * 10 }
  }

  /// A number in the shortest form that reads back to the same bits of its precision.
  mutating func put(_ value: some BinaryFloatingPoint & TextOutputStreamable) {
    reserve(NumberSink.longest)
    var sink = NumberSink(base + count)
    value.write(to: &sink)
    count += sink.count
  }
}

/// Takes the characters that the standard library makes of a number, straight into memory.
private struct NumberSink: TextOutputStream {
  /// No number is longer: `-2.2250738585072014e-308` has 24 characters.
  static let longest = 64
  private let start: UnsafeMutablePointer<UInt8>
  private(set) var count = 0

  init(_ start: UnsafeMutablePointer<UInt8>) { self.start = start }

  mutating func write(_ string: String) {
    for byte in string.utf8.prefix(Self.longest - count) {
      start[count] = byte
      count += 1
    }
  }

  /// The standard library hands over plain ASCII here, without making a string; `write` gets the same otherwise.
  mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
    guard let first = buffer.baseAddress, buffer.count <= Self.longest - count else { return }
    (start + count).update(from: first, count: buffer.count)
    count += buffer.count
  }
}
