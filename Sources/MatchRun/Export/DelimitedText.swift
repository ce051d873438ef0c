internal import CatalogStore

/// The text form that Qserv and MySQL load: comma between fields, `\N` for NULL, a backslash before commas, backslashes
/// and line ends inside text; numbers in the shortest form that reads back to the same bits.
struct DelimitedText {
  private let file: FileWriter
  private var isFirst = true

  init(_ file: FileWriter) { self.file = file }

  /// Adds the value in a column of the current row of a statement.
  /// - Returns: The length of the value, in bytes.
  mutating func field(_ row: Statement, _ column: Int) throws -> Int {
    switch row.type(column) {
    case .null: return try put("\\N")
    case .integer: return try put(String(row.int64(column)))
    case .real: return try put(row.double(column).description)
    case .text: return try put(Self.escaped(row.text(column)))
    case .blob: return try put(row.withBytes(column) { $0.map { Self.hexadecimal($0) }.joined() })
    }
  }

  /// Adds a plain word, for the header.
  mutating func field(_ word: String) throws { _ = try put(Self.escaped(word)) }

  /// Ends the line.
  mutating func endLine() throws {
    try file.write(byte: UInt8(ascii: "\n"))
    isFirst = true
  }

  private mutating func put(_ text: String) throws -> Int {
    if !isFirst { try file.write(byte: UInt8(ascii: ",")) }
    isFirst = false
    try file.write(text)
    return text.utf8.count
  }

  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x2c, 0x5c, 0x0a, 0x0d, 0x09].contains($0) }) else { return text }
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

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.utf8.count == 1 ? "0" + digits : digits
  }
}
