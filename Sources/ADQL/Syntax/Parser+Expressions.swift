extension Parser {
  // MARK: Conditions

  /// Conditions between which `OR` stands.
  mutating func condition() throws(Refusal) -> Expression {
    try nested { (parser) throws(Refusal) in
      var parts = [try parser.conjunction()]
      while parser.take("OR") { parts.append(try parser.conjunction()) }
      return parts.count == 1 ? parts[0] : try parser.node(.any(parts), parts[0].offset, parts)
    }
  }

  private mutating func conjunction() throws(Refusal) -> Expression {
    var parts = [try negation()]
    while take("AND") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : try node(.all(parts), parts[0].offset, parts)
  }

  private mutating func negation() throws(Refusal) -> Expression {
    let offset = next.offset
    guard take("NOT") else { return try predicate() }
    return try nested { (parser) throws(Refusal) in
      let inner = try parser.negation()
      return try parser.node(.not(inner), offset, [inner])
    }
  }

  private mutating func predicate() throws(Refusal) -> Expression {
    let offset = next.offset
    if take("EXISTS") {
      try require(.open)
      let query = try query()
      try require(.close)
      return try node(.exists(query), offset, [])
    }
    // Brackets may hold a condition or a value; what stands in them tells.
    let left = try value()
    return try comparison(left)
  }

  private static let comparisons: [Token.Sign: String] = [
    .equal: "=", .notEqual: "<>", .bangEqual: "<>", .less: "<", .lessOrEqual: "<=", .greater: ">",
    .greaterOrEqual: ">=",
  ]

  private mutating func comparison(_ left: Expression) throws(Refusal) -> Expression {
    if case .sign(let sign) = next.kind, let spelling = Self.comparisons[sign] {
      advance()
      let right = try value()
      return try node(.binary(spelling, left, right), left.offset, [left, right])
    }
    if take("IS") {
      let isNegated = take("NOT")
      try require("NULL")
      return try node(.isNull(left, isNegated: isNegated), left.offset, [left])
    }
    let isNegated = next.keyword == "NOT" && ["BETWEEN", "LIKE", "ILIKE", "IN"].contains(peek(1).keyword)
    if isNegated { advance() }
    if take("BETWEEN") {
      let low = try value()
      try require("AND")
      let high = try value()
      return try node(.between(left, low, high, isNegated: isNegated), left.offset, [left, low, high])
    }
    if next.keyword == "LIKE" || next.keyword == "ILIKE" {
      let ignoresCase = next.keyword == "ILIKE"
      advance()
      let pattern = try value()
      return try node(
        .like(left, pattern, isNegated: isNegated, ignoresCase: ignoresCase), left.offset, [left, pattern])
    }
    return take("IN") ? try membership(left, isNegated) : left
  }

  private mutating func membership(_ left: Expression, _ isNegated: Bool) throws(Refusal) -> Expression {
    try require(.open)
    if ["SELECT", "WITH"].contains(next.keyword) {
      let query = try query()
      try require(.close)
      return try node(.inQuery(left, query, isNegated: isNegated), left.offset, [left])
    }
    var list: [Expression] = []
    repeat { list.append(try value()) } while take(.comma)
    try require(.close)
    return try node(.oneOf(left, list, isNegated: isNegated), left.offset, [left] + list)
  }

  // MARK: Values

  /// `a || b`, sums, products.
  mutating func value() throws(Refusal) -> Expression {
    try nested { (parser) throws(Refusal) in
      var left = try parser.sum()
      while parser.take(.concatenation) {
        let right = try parser.sum()
        left = try parser.node(.binary("||", left, right), left.offset, [left, right])
      }
      return left
    }
  }

  private mutating func sum() throws(Refusal) -> Expression {
    var left = try product()
    while true {
      let sign = next.kind
      guard sign == .sign(.plus) || sign == .sign(.minus) else { return left }
      advance()
      let right = try product()
      left = try node(.binary(sign == .sign(.plus) ? "+" : "-", left, right), left.offset, [left, right])
    }
  }

  private mutating func product() throws(Refusal) -> Expression {
    var left = try factor()
    while true {
      let sign = next.kind
      guard sign == .sign(.star) || sign == .sign(.slash) else { return left }
      advance()
      let right = try factor()
      left = try node(.binary(sign == .sign(.star) ? "*" : "/", left, right), left.offset, [left, right])
    }
  }

  private mutating func factor() throws(Refusal) -> Expression {
    let token = next
    guard token.kind == .sign(.minus) || token.kind == .sign(.plus) else { return try primary() }
    advance()
    return try nested { (parser) throws(Refusal) in
      let inner = try parser.factor()
      return try parser.node(.signed(token.kind == .sign(.minus) ? "-" : "+", inner), token.offset, [inner])
    }
  }

  private mutating func primary() throws(Refusal) -> Expression {
    let token = next
    switch token.kind {
    case .number(let text):
      advance()
      return try node(.number(text), token.offset, [])
    case .text(let text):
      advance()
      return try node(.text(text), token.offset, [])
    case .sign(.open): return try brackets()
    case .word, .quoted: return try named()
    default: throw unexpected("a value")
    }
  }

  private mutating func brackets() throws(Refusal) -> Expression {
    let offset = next.offset
    // Further brackets may hold a query, with a comparison behind them.
    let isQuery = ["SELECT", "WITH"].contains(peek(1).keyword)
    advance()
    let inner = isQuery ? try node(.query(try query()), offset, []) : try condition()
    try require(.close)
    return inner
  }

  private mutating func named() throws(Refusal) -> Expression {
    let token = next
    switch token.keyword {
    case "NULL":
      advance()
      return try node(.null, token.offset, [])
    case "CASE": return try choice()
    case "CAST":
      if case .sign(.open) = peek(1).kind { return try cast() }
    default: break
    }
    var names = [try name("a value")]
    if case .sign(.open) = next.kind { return try call(names[0]) }
    while take(.dot) { names.append(try name("the name of a column")) }
    if case .sign(.open) = next.kind { throw unexpected("an operator") }
    return try node(.column(qualifier: names.dropLast(), name: names[names.count - 1]), token.offset, [])
  }

  private mutating func call(_ name: Name) throws(Refusal) -> Expression {
    try require(.open)
    if name.means("count"), take(.star) {
      try require(.close)
      return try node(.countAll, name.offset, [])
    }
    if take(.close) { return try node(.function(name, [], isDistinct: false), name.offset, []) }
    let isDistinct = take("DISTINCT")
    if !isDistinct { _ = take("ALL") }
    var arguments: [Expression] = []
    repeat { arguments.append(try value()) } while take(.comma)
    try require(.close)
    return try node(.function(name, arguments, isDistinct: isDistinct), name.offset, arguments)
  }

  // MARK: CAST and CASE

  private mutating func cast() throws(Refusal) -> Expression {
    let offset = next.offset
    advance()
    try require(.open)
    let value = try value()
    try require("AS")
    let type = try castType()
    try require(.close)
    return try node(.cast(value, type), offset, [value])
  }

  private mutating func castType() throws(Refusal) -> CastType {
    let token = next
    advance()
    switch token.keyword {
    case "INTEGER", "INT", "SMALLINT", "BIGINT": return .integer
    case "REAL", "FLOAT": return .real
    case "DOUBLE":
      _ = take("PRECISION")
      return .real
    case "CHAR", "VARCHAR", "CHARACTER":
      guard take(.open) else { return .text(nil) }
      let length = try rows("the type's name")
      try require(.close)
      return .text(Int(length))
    default:
      throw Refusal(
        "CAST to \(token.shown) is not supported; allowed: SMALLINT, INTEGER, BIGINT, REAL, DOUBLE PRECISION, CHAR(n), VARCHAR(n)",
        at: token.offset)
    }
  }

  private mutating func choice() throws(Refusal) -> Expression {
    let offset = next.offset
    advance()
    let subject = next.keyword == "WHEN" ? nil : try value()
    var cases: [Expression.Case] = []
    while take("WHEN") {
      let when = subject == nil ? try condition() : try value()
      try require("THEN")
      cases.append(Expression.Case(when: when, then: try value()))
    }
    if cases.isEmpty { throw unexpected("WHEN") }
    let otherwise = take("ELSE") ? try value() : nil
    try require("END")
    let parts = [subject, otherwise].compactMap(\.self) + cases.flatMap { [$0.when, $0.then] }
    return try node(.choice(of: subject, cases, otherwise: otherwise), offset, parts)
  }

  /// - Throws: When it would be deeper than can be handled.
  private func node(_ kind: Expression.Kind, _ offset: Int, _ parts: [Expression]) throws(Refusal) -> Expression {
    let depth = 1 + (parts.map(\.depth).max() ?? 0)
    if depth > Self.mostDepth {
      throw Refusal("an expression has more than \(Self.mostDepth) operators in a row; put brackets in it", at: offset)
    }
    return Expression(kind: kind, offset: offset, depth: depth)
  }
}
