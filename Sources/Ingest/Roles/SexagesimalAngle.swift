/// Positions written as text: `12:34:56.7`, `12 34 56.7`, `12h34m56.7s`, `-00d30m00s`, `+12°34′56″`.
///
/// Two or three numbers; only the last may have decimals. A letter says what the first one counts; without one the column does.
/// Sixty minutes or seconds exactly are taken, as rounding writes them.
enum SexagesimalAngle {
  /// What the first number of a text counts where no letter says it.
  enum Count: Sendable, Hashable {
    /// Hours of right ascension.
    case hours
    /// Degrees.
    case degrees
    /// Degrees, also in one number with decimals.
    case decimalDegrees
  }

  /// Longer texts are no angles.
  private static let longest = 64

  /// Degrees; nil if the text is no angle, NaN if it is blank.
  static func degrees(_ bytes: UnsafeBufferPointer<UInt8>, _ count: Count) -> Double? {
    guard bytes.count <= longest else { return nil }
    var scan = Scan(bytes: bytes)
    scan.skipBlanks()
    if scan.isAtEnd { return .nan }
    let sign = scan.sign()
    if count == .decimalDegrees {
      var other = scan
      if let value = other.number(), other.isFinished { return sign * value.value }
    }
    return magnitude(&scan, count).map { sign * $0 }
  }

  private static func magnitude(_ scan: inout Scan, _ count: Count) -> Double? {
    guard let first = scan.number(), !first.hasPoint, let mark = scan.mark() else { return nil }
    let isHours: Bool
    switch mark {
    case .hours: isHours = true
    case .degrees: isHours = false
    case .separator: isHours = count == .hours
    case .minutes, .seconds, .end: return nil
    }
    if isHours && count != .hours { return nil }
    guard let minutes = scan.number(), minutes.value <= 60 else { return nil }
    guard let second = scan.mark(), [.minutes, .separator, .end].contains(second) else { return nil }
    if second == .separator && scan.isFinished { return nil }
    // A letter behind the first number asks for one behind the second.
    if second == .separator && mark != .separator && !scan.isFinished { return nil }
    var seconds = 0.0
    if !scan.isFinished {
      guard !minutes.hasPoint, let given = scan.number(), given.value <= 60, let last = scan.mark(),
        last == .seconds || last == .end, scan.isFinished
      else { return nil }
      seconds = given.value
    }
    let limit = isHours ? 24.0 : 360.0
    let value = first.value + (minutes.value + seconds / 60) / 60
    return value <= limit ? value * (isHours ? 15 : 1) : nil
  }
}

/// What is left of a text.
private struct Scan {
  enum Mark { case hours, degrees, minutes, seconds, separator, end }

  let bytes: UnsafeBufferPointer<UInt8>
  var place = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { place >= bytes.count }

  /// Whether only blanks are left.
  var isFinished: Bool { bytes[place...].allSatisfy(Self.isBlank) }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  mutating func skipBlanks() {
    while place < bytes.count, Self.isBlank(bytes[place]) { place += 1 }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard place + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[place + offset] != text.utf8Start[offset] { return false }
    place += count
    return true
  }

  /// A sign, also the one of typography.
  mutating func sign() -> Double {
    let isNegative = take("-") || take("\u{2212}")
    if !isNegative { _ = take("+") }
    return isNegative ? -1 : 1
  }

  /// Digits, with decimals if there are any.
  mutating func number() -> (value: Double, hasPoint: Bool)? {
    skipBlanks()
    let start = place
    while place < bytes.count, (48...57).contains(bytes[place]) { place += 1 }
    let digits = place - start
    var hasPoint = false
    if digits > 0, place < bytes.count, bytes[place] == UInt8(ascii: ".") {
      hasPoint = true
      place += 1
      while place < bytes.count, (48...57).contains(bytes[place]) { place += 1 }
    }
    guard digits > 0, let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)) else { return nil }
    return (value, hasPoint)
  }

  /// What stands behind a number.
  mutating func mark() -> Mark? {
    let start = place
    skipBlanks()
    if isAtEnd { return .end }
    if take("h") || take("H") { return .hours }
    if take("d") || take("D") || take("°") || take("º") { return .degrees }
    if take("m") || take("M") || take("''") { return bytes[place - 1] == UInt8(ascii: "'") ? .seconds : .minutes }
    if take("'") || take("′") { return .minutes }
    if take("s") || take("S") || take("\"") || take("″") { return .seconds }
    if take(":") { return .separator }
    return place > start ? .separator : nil
  }
}
