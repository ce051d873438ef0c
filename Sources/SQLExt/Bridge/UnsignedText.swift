import CSQLite

/// Unsigned 64-bit integers beyond SQLite's: a column that has one of 2⁶³ or more keeps its digits as text, and compares by
/// the collation `xm_unsigned`, so that they come out in the order of the numbers.
///
/// The collation compares any two texts that read as decimal numbers by their exact values, for what such a column is
/// compared with is made text first: 5 becomes '5', 1e19 becomes '1.0e+19'. Numbers come before all other text, which
/// compares byte by byte.
enum UnsignedText {
  static let collation = "xm_unsigned"

  /// Puts the collation on a connection. Returns an SQLite result code.
  static func register(on db: OpaquePointer) -> CInt {
    xsql_create_collation(db, collation) { _, leftBytes, left, rightBytes, right in
      UnsignedText.compare(
        UnsafeRawBufferPointer(start: left, count: Int(leftBytes)),
        UnsafeRawBufferPointer(start: right, count: Int(rightBytes)))
    }
  }

  /// The digits that such a column holds for a value, without zeros in front; nil for what is no whole number of digits.
  static func digits(_ value: SQLValue) -> String? {
    switch value {
    case .integer(let value): return value >= 0 ? String(value) : nil
    case .text(let text):
      guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      let significant = text.drop { $0 == "0" }
      return significant.isEmpty ? "0" : String(significant)
    case .null, .real, .blob: return nil
    }
  }

  /// Negative, zero or positive, as `left` comes before, with or after `right`.
  static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> CInt {
    switch (DecimalText(left), DecimalText(right)) {
    case (let left?, let right?): return left.compare(with: right)
    case (_?, nil): return -1
    case (nil, _?): return 1
    case (nil, nil):
      for (a, b) in zip(left, right) where a != b { return a < b ? -1 : 1 }
      return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
    }
  }
}

/// A text that reads as a decimal number: 0.d₁d₂d₃… · 10^scale, of any length. Borrows the bytes.
private struct DecimalText {
  /// −1, 0 or 1.
  private var sign: CInt = 1
  private var scale = 0
  /// The digits from the first that is not zero, with at most one point among them.
  private var digits = UnsafeRawBufferPointer(start: nil, count: 0)

  private static let point = UInt8(ascii: ".")
  /// Beyond every scale of a finite number that fits in memory.
  private static let infinite = Int.max / 4
  private static let largestExponent = 1 << 40

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// Nil for a text that is no number.
  init?(_ text: UnsafeRawBufferPointer) {
    var rest = text[...]
    if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      if first == UInt8(ascii: "-") { sign = -1 }
      rest = rest.dropFirst()
    }
    if rest.elementsEqual("Inf".utf8) {
      scale = Self.infinite
      return
    }
    let whole = rest.prefix(while: Self.isDigit)
    rest = rest[whole.endIndex...]
    var fraction = rest[rest.startIndex..<rest.startIndex]
    if rest.first == Self.point {
      fraction = rest.dropFirst().prefix(while: Self.isDigit)
      rest = rest[fraction.endIndex...]
    }
    guard !whole.isEmpty || !fraction.isEmpty, let exponent = Self.exponent(rest) else { return nil }
    setDigits(UnsafeRawBufferPointer(rebasing: text[whole.startIndex..<max(whole.endIndex, fraction.endIndex)]))
    scale += exponent
  }

  /// The exponent at the end, 0 for none; nil for anything else.
  private static func exponent(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard let first = text.first else { return 0 }
    guard first == UInt8(ascii: "e") || first == UInt8(ascii: "E") else { return nil }
    var rest = text.dropFirst()
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    guard !rest.isEmpty, rest.allSatisfy(isDigit) else { return nil }
    let value = rest.reduce(0) { min($0 * 10 + Int($1 - 0x30), largestExponent) }
    return isNegative ? -value : value
  }

  /// - Parameter text: Digits with at most one point.
  private mutating func setDigits(_ text: UnsafeRawBufferPointer) {
    let places = text.firstIndex(of: Self.point) ?? text.count
    guard let first = text.firstIndex(where: { $0 != 0x30 && $0 != Self.point }) else {
      sign = 0
      return
    }
    scale = first < places ? places - first : places + 1 - first
    digits = UnsafeRawBufferPointer(rebasing: text[first...])
  }

  func compare(with other: DecimalText) -> CInt {
    if sign != other.sign { return sign < other.sign ? -1 : 1 }
    if sign == 0 { return 0 }
    if scale != other.scale { return scale < other.scale ? -sign : sign }
    return sign * compareDigits(with: other)
  }

  private func compareDigits(with other: DecimalText) -> CInt {
    var (i, j) = (0, 0)
    while i < digits.count || j < other.digits.count {
      if i < digits.count && digits[i] == Self.point {
        i += 1
        continue
      }
      if j < other.digits.count && other.digits[j] == Self.point {
        j += 1
        continue
      }
      let (a, b) = (i < digits.count ? digits[i] : 0x30, j < other.digits.count ? other.digits[j] : 0x30)
      if a != b { return a < b ? -1 : 1 }
      (i, j) = (i + 1, j + 1)
    }
    return 0
  }
}
