internal import CSQLite

/// SQL text from names. Values are always bound; only names of columns pass through here.
public enum SQLText {
  /// Whether a name means itself in SQL without quotes.
  public static func isPlain(_ name: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || (0x61...0x7a).contains(byte | 0x20) }
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
      && xsql_keyword_check(name, Int32(clamping: name.utf8.count)) == 0
  }

  /// A quoted identifier; a double quote inside is doubled.
  public static func identifier(_ name: String) -> String {
    var quoted = "\""
    for character in name.unicodeScalars {
      if character == "\"" { quoted += "\"\"" } else { quoted.unicodeScalars.append(character) }
    }
    return quoted + "\""
  }
}
