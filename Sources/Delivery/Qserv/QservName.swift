/// Names that Qserv takes for databases, tables and columns without quotes.
enum QservName {
  /// The most characters of a name in MySQL.
  static let longest = 64
  private static let reserved = "qserv"

  /// Whether a name can be used as it is.
  static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= longest && name.utf8.allSatisfy(isPlain) && name.utf8.contains(where: isLetter)
      && !name.lowercased().hasPrefix(reserved)
  }

  /// A name with `_` in place of what Qserv does not take, not longer than MySQL allows.
  static func plain(_ name: String) -> String {
    let text = String(decoding: name.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }.prefix(longest), as: UTF8.self)
    if text.lowercased().hasPrefix(reserved) || !text.utf8.contains(where: isLetter) {
      return "x_" + text.prefix(longest - 2)
    }
    return text
  }

  /// Plain names, no two of them alike in upper or lower case, nor like those that are taken.
  static func distinct(_ names: [String], taken: [String] = []) -> [String] {
    var seen = Set(taken.map { $0.lowercased() })
    return names.map { name in
      let plain = plain(name)
      var (found, number) = (plain, 2)
      while !seen.insert(found.lowercased()).inserted {
        found = plain.prefix(longest - 8) + "_\(number)"
        number += 1
      }
      return found
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
