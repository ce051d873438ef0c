/// The rows of BINARY or BINARY2, divided out of a stream of bytes.
final class VOTableBinaryRows {
  /// How a field lies in a row.
  private struct Extent {
    /// Bytes, if all rows have the same; else -1, and four bytes give the number of elements.
    let bytes: Int
    /// Bytes of an element; 0 for bits.
    let element: Int

    init(_ field: VOTableField) {
      if case .fixed(let count) = field.size { bytes = field.bytes(of: count) } else { bytes = -1 }
      element = field.datatype == .bit ? 0 : field.datatype.bytes
    }

    func bytes(of count: Int) -> Int { element == 0 ? (count + 7) / 8 : count * element }
  }

  private let extents: [Extent]
  /// Bytes of flags before each row: a bit for each field that has no value. None in BINARY.
  private let flagBytes: Int
  /// Bytes of a row, if all have the same.
  private let fixedBytes: Int?
  private var base64 = Base64Decoder()
  /// Bytes that are decoded and not taken yet: from `at` to `end`.
  private var pending: UnsafeMutablePointer<UInt8>
  private var capacity = 1 << 16
  private var (at, end) = (0, 0)
  /// Bytes of the row that is there.
  private var rowBytes = 0

  static let longestRow = 1 << 28

  init(_ fields: [VOTableField], hasFlags: Bool) {
    extents = fields.map { Extent($0) }
    flagBytes = hasFlags ? (fields.count + 7) / 8 : 0
    fixedBytes = extents.contains { $0.bytes < 0 } ? nil : extents.reduce(flagBytes) { $0 + $1.bytes }
    pending = .allocate(capacity: capacity)
  }

  deinit { pending.deallocate() }

  /// Takes a piece of base64.
  /// - Returns: Whether it is that.
  func append(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    makeRoom(Base64Decoder.mostBytes(of: text.count))
    guard let count = base64.decode(text, to: pending + end) else { return false }
    end += count
    return true
  }

  /// Moves what is left to the front before the memory grows.
  private func makeRoom(_ more: Int) {
    if capacity - end >= more { return }
    let left = end - at
    if capacity - left < more || at < left {
      let wider = max(2 * capacity, left + more)
      let new = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
      new.update(from: pending + at, count: left)
      pending.deallocate()
      (pending, capacity) = (new, wider)
    } else {
      pending.update(from: pending + at, count: left)
    }
    (at, end) = (0, left)
  }

  /// Whether bytes are left that make no row.
  var hasRest: Bool { at < end }

  /// What comes next.
  enum Step { case row, incomplete, tooLong }

  /// Whether a whole row is there.
  func next() -> Step {
    let left = end - at
    if let fixedBytes {
      if fixedBytes > Self.longestRow || fixedBytes == 0 { return .tooLong }
      rowBytes = fixedBytes
      return left >= fixedBytes ? .row : .incomplete
    }
    var length = flagBytes
    for extent in extents {
      if extent.bytes >= 0 {
        length += extent.bytes
      } else {
        guard left - length >= 4 else { return .incomplete }
        length += 4 + extent.bytes(of: Self.count(pending + at + length))
      }
      if length > Self.longestRow { return .tooLong }
      if length > left { return .incomplete }
    }
    rowBytes = length
    return left >= length ? .row : .incomplete
  }

  /// The number of elements that stands before a field.
  private static func count(_ place: UnsafePointer<UInt8>) -> Int {
    Int(UInt32(bigEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt32.self)))
  }

  /// Passes over the row that is there.
  func pass() { at += rowBytes }

  /// Takes the row that is there.
  /// - Parameter batch: The columns wanted.
  func take(_ batch: VOTableBatch, row: Int) {
    let flags = pending + at
    var place = flags + flagBytes
    for (index, extent) in extents.enumerated() {
      var bytes = extent.bytes
      if bytes < 0 {
        bytes = extent.bytes(of: Self.count(place))
        place += 4
      }
      let isMissing = flagBytes > 0 && flags[index >> 3] & (0x80 >> UInt8(index & 7)) != 0
      let value = UnsafeRawBufferPointer(start: place, count: bytes)
      batch[index]?._withUnsafeGuaranteedRef {
        if isMissing { $0.takeMissing(row: row) } else { $0.take(value, row: row) }
      }
      place += bytes
    }
    at += rowBytes
  }
}
