/// Decodes base64 that comes in pieces (RFC 4648), with blanks and line ends anywhere.
struct Base64Decoder {
  private var bits: UInt32 = 0
  private var count = 0
  private var hasEnded = false

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

  /// Appends what a piece stands for.
  /// - Returns: Whether it is base64.
  mutating func decode(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) -> Bool {
    Self.values.withUnsafeBufferPointer { values in
      for byte in text {
        let value = values[Int(byte)]
        if value < Self.blank {
          if hasEnded { return false }
          bits = bits << 6 | UInt32(value)
          count += 1
          if count == 4 { flush(3, &out) }
        } else if value == Self.padding {
          if !end(&out) { return false }
        } else if value == Self.wrong {
          return false
        }
      }
      return true
    }
  }

  private mutating func flush(_ bytes: Int, _ out: inout [UInt8]) {
    for index in 0..<bytes { out.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * index))) }
    (bits, count) = (0, 0)
  }

  /// The first `=` says how many bytes the last characters stand for; a second one says nothing.
  private mutating func end(_ out: inout [UInt8]) -> Bool {
    if hasEnded { return count == 0 }
    guard count >= 2 else { return false }
    let bytes = count - 1
    bits <<= UInt32(6 * (4 - count))
    flush(bytes, &out)
    hasEnded = true
    return true
  }
}
