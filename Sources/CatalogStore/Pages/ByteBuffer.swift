/// Bytes that grow at the end and are used again: appending costs a comparison and a store.
struct ByteBuffer: ~Copyable {
  private var start: UnsafeMutableRawPointer
  private var capacity = 256
  private(set) var count = 0

  init() { start = .allocate(byteCount: capacity, alignment: 8) }
  deinit { start.deallocate() }

  /// What has been appended since the last `reset`.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  mutating func reset() { count = 0 }

  @inline(__always)
  private mutating func reserve(_ bytes: Int) { if count + bytes > capacity { grow(count + bytes) } }

  private mutating func grow(_ needed: Int) {
    while capacity < needed { capacity *= 2 }
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
    larger.copyMemory(from: start, byteCount: count)
    start.deallocate()
    start = larger
  }

  @inline(__always)
  mutating func append(byte: UInt8) {
    reserve(1)
    start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    (start + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Appends the lowest `bytes` (1…8) bytes of a number, the highest of them first.
  @inline(__always)
  mutating func append(bigEndian value: UInt64, bytes: Int) {
    reserve(8)
    let shifted = value << UInt64(64 - 8 * bytes)
    (start + count).storeBytes(of: shifted.bigEndian, as: UInt64.self)
    count += bytes
  }

  /// Appends a number as one to nine bytes of seven digits, the highest first; a ninth byte has eight.
  @inline(__always)
  mutating func append(varint value: UInt64) {
    if value < 128 { append(byte: UInt8(value)) } else { appendLong(varint: value) }
  }

  private mutating func appendLong(varint value: UInt64) {
    var shift: UInt64 = 7
    if value >= 1 << 56 {
      for position in 0..<8 { append(byte: UInt8(truncatingIfNeeded: value >> (57 - 7 * UInt64(position))) | 0x80) }
      return append(byte: UInt8(truncatingIfNeeded: value))
    }
    while value >> (shift + 7) != 0 { shift += 7 }
    while shift > 0 {
      append(byte: UInt8(truncatingIfNeeded: value >> shift) | 0x80)
      shift -= 7
    }
    append(byte: UInt8(value & 127))
  }
}
