/// Memory for the values of one column of a batch, used again for each batch.
///
/// A row has a value unless `setMissing` says otherwise. Texts and bytes are appended in order, one per row.
final class ColumnMemory {
  let type: ColumnType
  /// Rows that there is room for.
  let capacity: Int
  /// 8 bytes a row: numbers from the start in the width of the type, offsets of texts behind one more.
  let values: UnsafeMutableRawPointer
  private let validity: UnsafeMutablePointer<UInt8>
  // Read and written for every value, by one thread and by nothing that calls back: without checks of exclusive access.
  @exclusivity(unchecked) private var nullCount = 0
  @exclusivity(unchecked) private var bytes: UnsafeMutablePointer<UInt8>
  @exclusivity(unchecked) private var byteCapacity = 4096
  @exclusivity(unchecked) private(set) var byteCount = 0
  @exclusivity(unchecked) private var texts = 0
  @exclusivity(unchecked) private var isFresh = true

  init(_ type: ColumnType, capacity: Int) {
    self.type = type
    self.capacity = capacity
    values = .allocate(byteCount: (capacity + 1) * 8, alignment: 8)
    validity = .allocate(capacity: (capacity + 7) / 8 + 1)
    bytes = .allocate(capacity: byteCapacity)
    removeAll()
  }

  deinit {
    values.deallocate()
    validity.deallocate()
    bytes.deallocate()
  }

  /// Forgets the values.
  func removeAll() {
    if nullCount > 0 || isFresh { validity.update(repeating: 0xFF, count: (capacity + 7) / 8 + 1) }
    (nullCount, byteCount, texts, isFresh) = (0, 0, 0, false)
    offsets[0] = 0
  }

  /// Whether values are texts or bytes.
  var isVariable: Bool { type == .text || type == .binary }

  /// Numbers, in the width of the type.
  func numbers<Number>(_: Number.Type) -> UnsafeMutablePointer<Number> { values.assumingMemoryBound(to: Number.self) }

  private var offsets: UnsafeMutablePointer<Int64> { values.assumingMemoryBound(to: Int64.self) }

  /// Takes the value of a row away.
  @inline(__always) func setMissing(_ row: Int) {
    validity[row >> 3] &= ~(1 << UInt8(truncatingIfNeeded: row & 7))
    nullCount += 1
  }

  /// The text or the bytes of the next row.
  @inline(__always) func append(_ text: UnsafeBufferPointer<UInt8>) {
    extend(text)
    endText()
  }

  /// More of the text of the next row.
  @inline(__always) func extend(_ text: UnsafeBufferPointer<UInt8>) {
    guard let start = text.baseAddress, text.count > 0 else { return }
    if byteCapacity - byteCount < text.count { grow(text.count) }
    (bytes + byteCount).update(from: start, count: text.count)
    byteCount += text.count
  }

  /// More of the text of the next row: so many bytes, all of which `fill` writes.
  @inline(__always) func extend(_ count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
    if byteCapacity - byteCount < count { grow(count) }
    fill(bytes + byteCount)
    byteCount += count
  }

  /// Whether the text of the next row is empty so far.
  @inline(__always) var isTextEmpty: Bool { Int64(byteCount) == offsets[texts] }

  /// Ends the text of the next row.
  @inline(__always) func endText() {
    precondition(texts < capacity, "a batch has more texts than rows")
    texts += 1
    offsets[texts] = Int64(byteCount)
  }

  /// The next row has no text.
  @inline(__always) func appendMissing() {
    setMissing(texts)
    endText()
  }

  private func grow(_ more: Int) {
    let wider = max(2 * byteCapacity, byteCount + more)
    let new = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
    new.update(from: bytes, count: byteCount)
    bytes.deallocate()
    (bytes, byteCapacity) = (new, wider)
  }

  /// The values, valid until they change.
  func buffer(rows: Int) -> ColumnBuffer {
    func lent<Number>(_: Number.Type) -> UnsafeBufferPointer<Number> {
      UnsafeBufferPointer(start: numbers(Number.self), count: rows)
    }
    let strings = ByteStrings(offsets: UnsafeBufferPointer(start: offsets, count: rows + 1), base: bytes)
    let lentValues: ColumnValues =
      switch type {
      case .uint64: .uint64(lent(UInt64.self))
      case .float64: .float64(lent(Double.self))
      case .float32: .float32(lent(Float.self))
      case .bool: .bool(lent(UInt8.self))
      case .text: .text(strings)
      case .binary: .binary(strings)
      case .int64, .date, .time, .timestamp, .duration: .int64(lent(Int64.self))
      }
    return ColumnBuffer(
      values: lentValues, validity: Validity(bits: nullCount > 0 ? validity : nil, nullCount: nullCount))
  }
}
