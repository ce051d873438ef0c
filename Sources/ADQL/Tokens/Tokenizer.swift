/// Takes a query apart into tokens. Blanks and comments (`--` to the end of the line) are left out.
struct Tokenizer {
  private let text: [UInt8]
  private var place = 0

  private init(_ text: [UInt8]) { self.text = text }

  /// The tokens, the end as the last.
  /// - Throws: `Refusal` for what is no token.
  static func tokens(of text: [UInt8]) throws(Refusal) -> [Token] {
    var tokenizer = Tokenizer(text)
    var tokens: [Token] = []
    while let token = try tokenizer.next() { tokens.append(token) }
    return tokens + [Token(.end, text.count, text.count)]
  }

  private mutating func next() throws(Refusal) -> Token? {
    skipBlanks()
    guard place < text.count else { return nil }
    let start = place
    let kind = try kind()
    return Token(kind, start, place)
  }

  private mutating func kind() throws(Refusal) -> Token.Kind {
    let byte = text[place]
    if Self.isLetter(byte) { return .word(take { Self.isLetter($0) || Self.isDigit($0) }) }
    if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && peek(1).map(Self.isDigit) == true) { return try number() }
    if byte == UInt8(ascii: "'") { return .text(try enclosed("a text", "'")) }
    if byte == UInt8(ascii: "\"") { return .quoted(try name()) }
    for sign in Token.Sign.allCases where text[place...].starts(with: sign.rawValue.utf8) {
      // Signs of two characters come before those that they begin with.
      place += sign.rawValue.utf8.count
      return .sign(sign)
    }
    throw Refusal("\(shown(place)) is no part of ADQL; names with such characters stand in double quotes", at: place)
  }

  private mutating func skipBlanks() {
    while let byte = peek(0) {
      if [0x20, 0x09, 0x0A, 0x0D, 0x0C].contains(byte) {
        place += 1
      } else if byte == UInt8(ascii: "-") && peek(1) == UInt8(ascii: "-") {
        while let byte = peek(0), byte != UInt8(ascii: "\n") { place += 1 }
      } else {
        return
      }
    }
  }

  // MARK: Kinds

  /// `12`, `1.5`, `.5`, `2.`, `1e-3`, `0xFF`.
  private mutating func number() throws(Refusal) -> Token.Kind {
    let start = place
    if text[place] == UInt8(ascii: "0"), let mark = peek(1), mark | 0x20 == UInt8(ascii: "x") {
      place += 2
      let digits = take { Self.isDigit($0) || (0x61...0x66).contains($0 | 0x20) }
      try requireEnd(of: start, digits.isEmpty || digits.utf8.count > 16)
    } else {
      _ = take(Self.isDigit)
      if peek(0) == UInt8(ascii: ".") {
        place += 1
        _ = take(Self.isDigit)
      }
      if let mark = peek(0), mark | 0x20 == UInt8(ascii: "e") {
        let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
        place += 1 + sign
        try requireEnd(of: start, take(Self.isDigit).isEmpty)
      }
      try requireEnd(of: start, false)
    }
    return .number(String(decoding: text[start..<place], as: UTF8.self))
  }

  private mutating func requireEnd(of start: Int, _ isWrong: Bool) throws(Refusal) {
    let goesOn = peek(0).map(Self.isLetter) == true
    guard isWrong || (goesOn && text[place] | 0x20 != UInt8(ascii: "e")) else { return }
    while let byte = peek(0), Self.isLetter(byte) || Self.isDigit(byte) { place += 1 }
    throw Refusal("'\(String(decoding: text[start..<place].prefix(40), as: UTF8.self))' is no number", at: start)
  }

  private mutating func name() throws(Refusal) -> String {
    let start = place
    let name = try enclosed("a name", "\"")
    if name.isEmpty { throw Refusal("a name in quotes is empty", at: start) }
    return name
  }

  /// What stands between quotes; a doubled quote is one.
  private mutating func enclosed(_ what: String, _ quote: Unicode.Scalar) throws(Refusal) -> String {
    let quote = UInt8(ascii: quote)
    let start = place
    place += 1
    var bytes: [UInt8] = []
    while let byte = peek(0) {
      if byte == 0 { throw Refusal("\(what) holds a NUL character", at: place) }
      place += 1
      if byte == quote {
        if peek(0) != quote { return String(decoding: bytes, as: UTF8.self) }
        place += 1
      }
      bytes.append(byte)
    }
    throw Refusal("\(what) begins here and has no end; a quote in it is written twice", at: start)
  }

  // MARK: Bytes

  private func peek(_ ahead: Int) -> UInt8? { place + ahead < text.count ? text[place + ahead] : nil }

  private mutating func take(_ isPart: (UInt8) -> Bool) -> String {
    let start = place
    while let byte = peek(0), isPart(byte) { place += 1 }
    return String(decoding: text[start..<place], as: UTF8.self)
  }

  private func shown(_ place: Int) -> String {
    let character = String(decoding: text[place...].prefix(4), as: UTF8.self).unicodeScalars.first ?? " "
    return character.value < 0x20 || character.value == 0x7F
      ? "the character \(character.value)" : "'\(String(character))'"
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (0x61...0x7A).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
