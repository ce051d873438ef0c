/// Reads the tokens of a query into a tree, by recursive descent over the grammar of ADQL 2.1.
///
/// Source: IVOA Recommendation Astronomical Data Query Language 2.1, appendix A. Left out, and refused by name: regions other than
/// circles, units, EXCEPT ALL and INTERSECT ALL.
struct Parser {
  private let tokens: [Token]
  private var place = 0
  /// Levels of brackets and queries that are open.
  private var level = 0

  /// Levels of brackets, and of operators, that a query can have.
  static let mostLevels = 200
  static let mostDepth = 400

  private init(_ tokens: [Token]) { self.tokens = tokens }

  /// - Throws: `Refusal` at the first token that does not fit.
  static func query(_ tokens: [Token]) throws(Refusal) -> Query {
    var parser = Parser(tokens)
    let query = try parser.query()
    _ = parser.take(.semicolon)
    guard case .end = parser.next.kind else { throw parser.unexpected("the end of the query") }
    return query
  }

  // MARK: Tokens

  var next: Token { tokens[place] }
  func peek(_ ahead: Int) -> Token { tokens[min(place + ahead, tokens.count - 1)] }

  mutating func advance() { if place < tokens.count - 1 { place += 1 } }

  mutating func take(_ sign: Token.Sign) -> Bool {
    guard case .sign(sign) = next.kind else { return false }
    advance()
    return true
  }

  mutating func take(_ keyword: String) -> Bool {
    guard next.keyword == keyword else { return false }
    advance()
    return true
  }

  mutating func require(_ sign: Token.Sign) throws(Refusal) {
    if !take(sign) { throw unexpected("'\(sign.rawValue)'") }
  }

  mutating func require(_ keyword: String) throws(Refusal) { if !take(keyword) { throw unexpected(keyword) } }

  func unexpected(_ wanted: String) -> Refusal {
    let reserved =
      Keywords.reserved.contains(next.keyword) ? " (a reserved word; as a name it stands in double quotes)" : ""
    return Refusal("here is \(next.shown)\(reserved), expected is \(wanted)", at: next.offset)
  }

  /// Goes one level down while `body` runs.
  mutating func nested<Result>(_ body: (inout Parser) throws(Refusal) -> Result) throws(Refusal) -> Result {
    level += 1
    defer { level -= 1 }
    if level > Self.mostLevels {
      throw Refusal("the query has more than \(Self.mostLevels) levels of brackets; make it simpler", at: next.offset)
    }
    return try body(&self)
  }

  // MARK: Names

  mutating func name(_ what: String) throws(Refusal) -> Name {
    guard let name = nameIfAny() else { throw unexpected(what) }
    return name
  }

  /// A name that stands here; a reserved word is none.
  mutating func nameIfAny() -> Name? {
    switch next.kind {
    case .quoted(let text):
      defer { advance() }
      return Name(text: text, isQuoted: true, offset: next.offset)
    case .word(let text) where !Keywords.reserved.contains(next.keyword):
      defer { advance() }
      return Name(text: text, isQuoted: false, offset: next.offset)
    default: return nil
    }
  }

  /// `[AS] name`.
  mutating func alias() throws(Refusal) -> Name? { take("AS") ? try name("a name after AS") : nameIfAny() }

  /// The number of rows after TOP or OFFSET.
  mutating func rows(_ what: String) throws(Refusal) -> String {
    guard case .number(let text) = next.kind, let number = Int64(text) else {
      throw unexpected("a number of rows after \(what)")
    }
    advance()
    return String(number)
  }
}

/// The words of ADQL that are no names.
enum Keywords {
  /// Those that a grammar needs to tell names apart. ADQL reserves more, such as SIZE; they do as names, too.
  static let reserved: Set<String> = [
    "ALL", "AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "CROSS", "DESC", "DISTINCT", "ELSE", "END", "EXCEPT", "EXISTS",
    "FROM", "FULL", "GROUP", "HAVING", "ILIKE", "IN", "INNER", "INTERSECT", "IS", "JOIN", "LEFT", "LIKE", "NATURAL",
    "NOT", "NULL", "OFFSET", "ON", "OR", "ORDER", "OUTER", "RIGHT", "SELECT", "THEN", "TOP", "UNION", "USING", "WHEN",
    "WHERE", "WITH",
  ]
}
