/// A word, number, text or sign of a query.
struct Token {
  enum Kind: Equatable {
    /// A name without quotes, or a keyword.
    case word(String)
    /// A name in double quotes, without them.
    case quoted(String)
    /// An unsigned number as it is written.
    case number(String)
    /// A text without its quotes.
    case text(String)
    case sign(Sign)
    case end
  }

  /// The signs of ADQL.
  enum Sign: String, CaseIterable {
    case open = "("
    case close = ")"
    case comma = ","
    case dot = "."
    case semicolon = ";"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case equal = "="
    case notEqual = "<>"
    case bangEqual = "!="
    case lessOrEqual = "<="
    case less = "<"
    case greaterOrEqual = ">="
    case greater = ">"
    case concatenation = "||"
  }

  let kind: Kind
  /// Bytes of the query before it.
  let offset: Int
  /// Bytes of the query before its end.
  let end: Int
  /// The word in capitals; empty for anything else.
  let keyword: String

  init(_ kind: Kind, _ offset: Int, _ end: Int) {
    self.kind = kind
    self.offset = offset
    self.end = end
    if case .word(let word) = kind { keyword = word.uppercased() } else { keyword = "" }
  }

  /// How a message names it.
  var shown: String {
    switch kind {
    case .word(let word): "'\(Self.short(word))'"
    case .quoted(let name): "\"\(Self.short(name))\""
    case .number(let number): "'\(Self.short(number))'"
    case .text(let text): "the text '\(Self.short(text))'"
    case .sign(let sign): "'\(sign.rawValue)'"
    case .end: "the end of the query"
    }
  }

  private static func short(_ text: String) -> String { text.count > 40 ? text.prefix(40) + "…" : text }
}
