/// The rows of BINARY or BINARY2, divided out of a stream of bytes.
struct VOTableBinaryRows {
  private let fields: [VOTableField]
  /// Bytes of flags before each row: a bit for each field that has no value. None in BINARY.
  private let flagBytes: Int
  /// Bytes of a row, if all have the same.
  private let rowBytes: Int?
  private var pending: [UInt8] = []
  private var at = 0
  private var base64 = Base64Decoder()

  static let longestRow = 1 << 28

  init(_ fields: [VOTableField], hasFlags: Bool) {
    self.fields = fields
    flagBytes = hasFlags ? (fields.count + 7) / 8 : 0
    var sum = flagBytes
    for field in fields {
      guard case .fixed(let count) = field.size else {
        rowBytes = nil
        return
      }
      sum += field.bytes(of: count)
    }
    rowBytes = sum
  }

  /// Takes a piece of base64.
  /// - Returns: Whether it is that.
  mutating func append(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if at > 0 && at >= pending.count / 2 {
      pending.removeSubrange(..<at)
      at = 0
    }
    return base64.decode(text, to: &pending)
  }

  /// Whether bytes are left that make no row.
  var hasRest: Bool { at < pending.count }

  /// What comes next.
  enum Step { case row, incomplete, tooLong }

  /// Whether a whole row is there.
  func next() -> Step {
    let left = pending.count - at
    if let rowBytes {
      if rowBytes > Self.longestRow || rowBytes == 0 { return .tooLong }
      return left >= rowBytes ? .row : .incomplete
    }
    var length = flagBytes
    for field in fields {
      guard let (header, bytes) = extent(field, at: at + length) else { return .incomplete }
      guard header + bytes <= Self.longestRow - length else { return .tooLong }
      length += header + bytes
      if length > left { return .incomplete }
    }
    return left >= length ? .row : .incomplete
  }

  /// Bytes that give the number of elements, and bytes of these; nil if the number is not there yet.
  private func extent(_ field: VOTableField, at place: Int) -> (header: Int, bytes: Int)? {
    guard field.size == .variable else {
      if case .fixed(let count) = field.size { return (0, field.bytes(of: count)) }
      return (0, 0)
    }
    guard pending.count - place >= 4 else { return nil }
    let count = pending[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    return (4, field.bytes(of: count))
  }

  /// Takes the row that is there.
  /// - Parameter cells: The columns wanted, by field.
  mutating func take(_ cells: [VOTableCells?], row: Int) {
    var place = at + flagBytes
    for (index, field) in fields.enumerated() {
      guard let (header, bytes) = extent(field, at: place) else { return }
      if index < cells.count, let cells = cells[index] {
        let isMissing = flagBytes > 0 && pending[at + (index >> 3)] & (0x80 >> UInt8(index & 7)) != 0
        if isMissing {
          cells.takeMissing(row: row)
        } else {
          let range = place + header..<place + header + bytes
          pending.withUnsafeBytes { cells.take(UnsafeRawBufferPointer(rebasing: $0[range]), row: row) }
        }
      }
      place += header + bytes
    }
    at = place
  }
}
