internal import CatalogStore

/// The text form that Qserv, MySQL and PostgreSQL load: comma between fields, `\N` for NULL; in text `\,` `\\` `\n` `\r` `\t` for a comma,
/// a backslash, a line feed, a carriage return and a tab, so that a line of the file is a row; every other character as it is;
/// numbers in the shortest form that reads back to the same bits; blobs in hexadecimal.
struct DelimitedText {
  /// The lines so far.
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  /// No lines.
  init() {}

  /// Hands over the lines so far and begins anew.
  mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// Adds the value in a column of the current row of a statement.
  /// - Returns: The length of the value, in bytes.
  mutating func field(_ row: Statement, _ column: Int) -> Int {
    separate()
    let start = bytes.count
    switch row.type(column) {
    case .null: put("\\N")
    case .integer: put(row.int64(column))
    case .real: put(row.double(column).description)
    case .text: putText(row, column)
    case .blob: row.withBytes(column) { putHexadecimal($0) }
    }
    return bytes.count - start
  }

  /// Adds a plain word, for the header.
  mutating func field(_ word: String) {
    separate()
    putEscaped(word.utf8)
  }

  /// Ends the line.
  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func put(_ value: Int64) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    var rest = value.magnitude
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// Plain ASCII, by far the most, goes straight to the line; what is no UTF-8 is repaired.
  private mutating func putText(_ row: Statement, _ column: Int) {
    let isPlain = row.withBytes(column) { text in
      guard text.allSatisfy({ $0 < 0x80 }) else { return false }
      putEscaped(text)
      return true
    }
    if !isPlain { putEscaped(row.text(column).utf8) }
  }

  /// Most texts need no escape and are copied whole.
  private mutating func putEscaped(_ text: some Collection<UInt8>) {
    guard text.contains(where: { Self.escape($0) != nil }) else { return bytes.append(contentsOf: text) }
    for byte in text {
      if let escape = Self.escape(byte) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(escape)
      } else {
        bytes.append(byte)
      }
    }
  }

  /// What stands for a byte after a backslash; nil for a byte that stands for itself.
  private static func escape(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "\\"): byte
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    default: nil
    }
  }

  private mutating func putHexadecimal(_ blob: UnsafeRawBufferPointer) {
    for byte in blob {
      for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
  }
}
