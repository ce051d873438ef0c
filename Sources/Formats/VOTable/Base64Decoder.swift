/// Decodes base64 that comes in pieces (RFC 4648), with blanks and line ends anywhere.
struct Base64Decoder {
  private var bits: UInt32 = 0
  private var count = 0
  private var hasEnded = false

  /// Values of characters are below it, those of others are not.
  private static let blank: UInt8 = 64
  private static let padding: UInt8 = 65
  private static let wrong: UInt8 = 66

  private static let values: [UInt8] = (0..<256).map { code in
    switch UInt8(code) {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(code) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(code) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(code) - 48 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    case UInt8(ascii: "="): padding
    case 9...13, 32: blank
    default: wrong
    }
  }

  /// The most bytes that a piece of so many characters can stand for, with what is left of the one before.
  static func mostBytes(of characters: Int) -> Int { characters / 4 * 3 + 6 }

  /// Writes what a piece stands for.
  /// - Parameter out: Has room for `mostBytes`.
  /// - Returns: How many bytes that is; nil if it is not base64.
  mutating func decode(_ text: UnsafeBufferPointer<UInt8>, to out: UnsafeMutablePointer<UInt8>) -> Int? {
    Self.values.withUnsafeBufferPointer { values in
      var (place, written) = (0, 0)
      while place < text.count {
        // Four characters at a time, where they are that.
        while count == 0 && !hasEnded && text.count - place >= 4 {
          let (first, second) = (values[Int(text[place])], values[Int(text[place + 1])])
          let (third, fourth) = (values[Int(text[place + 2])], values[Int(text[place + 3])])
          if first | second | third | fourth >= Self.blank { break }
          bits = UInt32(first) << 18 | UInt32(second) << 12 | UInt32(third) << 6 | UInt32(fourth)
          flush(3, out, &written)
          place += 4
        }
        guard place < text.count else { break }
        guard takeOne(values[Int(text[place])], out, &written) else { return nil }
        place += 1
      }
      return written
    }
  }

  private mutating func takeOne(_ value: UInt8, _ out: UnsafeMutablePointer<UInt8>, _ written: inout Int) -> Bool {
    if value == Self.blank { return true }
    if value == Self.padding { return end(out, &written) }
    if value == Self.wrong || hasEnded { return false }
    bits = bits << 6 | UInt32(value)
    count += 1
    if count == 4 { flush(3, out, &written) }
    return true
  }

  @inline(__always)
  private mutating func flush(_ bytes: Int, _ out: UnsafeMutablePointer<UInt8>, _ written: inout Int) {
    for index in 0..<bytes { out[written + index] = UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * index)) }
    written += bytes
    (bits, count) = (0, 0)
  }

  /// The first `=` says how many bytes the last characters stand for; a second one says nothing.
  private mutating func end(_ out: UnsafeMutablePointer<UInt8>, _ written: inout Int) -> Bool {
    if hasEnded { return count == 0 }
    guard count >= 2 else { return false }
    let bytes = count - 1
    bits <<= UInt32(6 * (4 - count))
    flush(bytes, out, &written)
    hasEnded = true
    return true
  }
}
