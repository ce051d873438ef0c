import CatalogStore

/// The words of a command: between blanks, or within quotation marks.
enum DotWords {
  /// Within `'…'` a text stands as it is; within `"…"` a backslash stands before `"` and `\`, and makes `\t`, `\n` and `\r`.
  /// - Throws: `StoreError.usage` when a quotation mark is missing.
  static func split(_ line: String) throws -> [String] {
    var words: [String] = []
    var rest = Substring(line).drop(while: \.isWhitespace)
    while let first = rest.first {
      if first == "'" || first == "\"" {
        rest = rest.dropFirst()
        guard let word = take(&rest, until: first) else {
          throw StoreError(.usage, String(line.prefix(60)), "lacks a closing \(first)")
        }
        words.append(word)
      } else {
        let word = rest.prefix { !$0.isWhitespace }
        words.append(String(word))
        rest = rest[word.endIndex...]
      }
      rest = rest.drop(while: \.isWhitespace)
    }
    return words
  }

  private static func take(_ rest: inout Substring, until close: Character) -> String? {
    var word = ""
    while let character = rest.popFirst() {
      if character == close { return word }
      if character == "\\" && close == "\"", let next = rest.popFirst() {
        word.append(escaped(next))
      } else {
        word.append(character)
      }
    }
    return nil
  }

  private static func escaped(_ character: Character) -> Character {
    switch character {
    case "t": "\t"
    case "n": "\n"
    case "r": "\r"
    default: character
    }
  }
}
