public import CatalogStore

/// Lines of values between commas, in one of two styles. Numbers are in the shortest form that reads back to the same bits,
/// blobs in hexadecimal, text that is no UTF-8 is repaired.
public struct DelimitedText: ~Copyable {
  /// How missing values and special characters are written.
  public enum Style: Sendable {
    /// What Qserv, MySQL and PostgreSQL load: `\N` for NULL; in text `\,` `\\` `\n` `\r` `\t` for a comma, a backslash, a line
    /// feed, a carriage return and a tab, so that a line of the file is a row.
    case loaded
    /// RFC 4180 with lines ended by a line feed: NULL is an empty field and an empty text is `""`; a field is quoted where it
    /// is empty, holds a comma, a quote or a line end, or a blank at an end, or is `\.`, which ends PostgreSQL's data, or `\N`,
    /// which many take for NULL.
    case quoted
  }

  private let style: Style
  private let null: [UInt8]
  private let separator: UInt8
  private var buffer = TextBuffer(capacity: 1 << 16)
  private var isFirst = true

  /// No lines.
  public init(_ style: Style) {
    self.style = style
    null = style == .loaded ? Array("\\N".utf8) : []
    separator = UInt8(ascii: ",")
  }

  /// No lines, in the style of RFC 4180.
  /// - Parameters:
  ///   - null: What stands for NULL, without separators, quotes and line ends; a text that is the same is quoted.
  ///   - separator: What stands between values: an ASCII character.
  public init(null: String, separator: UInt8 = UInt8(ascii: ",")) {
    style = .quoted
    self.null = Array(null.utf8)
    self.separator = separator
  }

  /// Bytes so far.
  public var byteCount: Int { buffer.count }

  /// The lines so far.
  public var bytes: [UInt8] { buffer.bytes }

  /// Hands over the lines so far and begins anew.
  public mutating func take() -> [UInt8] {
    defer { buffer.removeAll() }
    return buffer.bytes
  }

  /// Adds a value.
  /// - Returns: The length of the field, bytes.
  @discardableResult public mutating func field(_ value: RowValue) -> Int {
    separate()
    let start = buffer.count
    switch value {
    case .null: buffer.put(null)
    case .integer(let number): buffer.put(number)
    case .real(let number): buffer.put(number)
    case .text(let bytes): putText(bytes)
    case .blob(let bytes): putHexadecimal(bytes)
    }
    return buffer.count - start
  }

  /// Adds a text.
  public mutating func field(_ text: String) {
    separate()
    var text = text
    text.withUTF8 { putValid(UnsafeRawBufferPointer($0)) }
  }

  /// Adds a text of UTF-8; what is none is repaired.
  public mutating func field(utf8 text: UnsafeRawBufferPointer) {
    separate()
    putText(text)
  }

  /// Adds an integer.
  public mutating func field(_ number: Int64) {
    separate()
    buffer.put(number)
  }

  /// Adds a number in double precision.
  public mutating func field(_ number: Double) {
    separate()
    buffer.put(number)
  }

  /// Adds a number in single precision, in the shortest form that tells it from others of this precision.
  public mutating func field(_ number: Float) {
    separate()
    buffer.put(number)
  }

  /// Adds NULL.
  public mutating func missingField() {
    separate()
    buffer.put(null)
  }

  /// Lends the lines so far.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try buffer.withBytes(body)
  }

  /// Forgets the lines so far.
  public mutating func removeAll() { buffer.removeAll() }

  /// Ends the line.
  public mutating func endLine() {
    buffer.put(UInt8(ascii: "\n"))
    isFirst = true
  }

  private mutating func separate() {
    if !isFirst { buffer.put(separator) }
    isFirst = false
  }

  /// Plain ASCII, by far the most, goes straight to the line.
  private mutating func putText(_ text: UnsafeRawBufferPointer) {
    if text.allSatisfy({ $0 < 0x80 }) { return putValid(text) }
    var repaired = String(decoding: text, as: UTF8.self)
    repaired.withUTF8 { putValid(UnsafeRawBufferPointer($0)) }
  }

  private mutating func putValid(_ text: UnsafeRawBufferPointer) {
    switch style {
    case .loaded: putEscaped(text)
    case .quoted: putQuoted(text)
    }
  }

  // MARK: Loaded

  /// Most texts need no escape and are copied whole.
  private mutating func putEscaped(_ text: UnsafeRawBufferPointer) {
    guard text.contains(where: { Self.escape($0) != nil }) else { return buffer.put(text) }
    for byte in text {
      if let escape = Self.escape(byte) {
        buffer.put(UInt8(ascii: "\\"))
        buffer.put(escape)
      } else {
        buffer.put(byte)
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

  // MARK: Quoted

  private mutating func putQuoted(_ text: UnsafeRawBufferPointer) {
    guard Self.needsQuotes(text, null, separator) else { return buffer.put(text) }
    buffer.put(UInt8(ascii: "\""))
    for byte in text {
      if byte == UInt8(ascii: "\"") { buffer.put(byte) }
      buffer.put(byte)
    }
    buffer.put(UInt8(ascii: "\""))
  }

  private static func needsQuotes(_ text: UnsafeRawBufferPointer, _ null: [UInt8], _ separator: UInt8) -> Bool {
    let blank = UInt8(ascii: " ")
    return text.isEmpty || text.first == blank || text.last == blank
      || text.contains { isSpecial($0) || $0 == separator } || text.elementsEqual("\\.".utf8)
      || text.elementsEqual("\\N".utf8) || text.elementsEqual(null)
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private mutating func putHexadecimal(_ blob: UnsafeRawBufferPointer) {
    for byte in blob {
      for digit in [byte >> 4, byte & 15] { buffer.put(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
  }
}
