internal import CatalogStore

/// The text form that Qserv and MySQL load: comma between fields, `\N` for NULL, a backslash before commas, backslashes
/// and line ends inside text; numbers in the shortest form that reads back to the same bits.
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
    put(Self.escaped(word))
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

  /// Plain ASCII, by far the most, is copied as it is.
  private mutating func putText(_ row: Statement, _ column: Int) {
    let isPlain = row.withBytes(column) { text in
      guard text.allSatisfy({ $0 < 0x80 && !Self.isSpecial($0) }) else { return false }
      bytes.append(contentsOf: text)
      return true
    }
    if !isPlain { put(Self.escaped(row.text(column))) }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == 0x2c || byte == 0x5c || byte == 0x0a || byte == 0x0d || byte == 0x09
  }

  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: isSpecial) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case ",": result += "\\,"
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private mutating func putHexadecimal(_ blob: UnsafeRawBufferPointer) {
    for byte in blob {
      for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
  }
}
