extension Parser {
  /// `[WITH …] SELECT … [UNION …] [ORDER BY …] [OFFSET n]`.
  mutating func query() throws(Refusal) -> Query {
    try nested { (parser) throws(Refusal) in
      let with = try parser.commonTables()
      var query = try parser.combination()
      query.with = with
      if parser.take("ORDER") {
        try parser.require("BY")
        repeat { query.order.append(try parser.orderItem()) } while parser.take(.comma)
      }
      if parser.take("OFFSET") { query.skipped = try parser.rows("OFFSET") }
      return query
    }
  }

  private mutating func commonTables() throws(Refusal) -> [Query.CommonTable] {
    var tables: [Query.CommonTable] = []
    guard take("WITH") else { return [] }
    repeat {
      let name = try name("a name after WITH")
      try require("AS")
      try require(.open)
      tables.append(Query.CommonTable(name: name, query: try query()))
      try require(.close)
    } while take(.comma)
    return tables
  }

  private mutating func orderItem() throws(Refusal) -> Query.OrderTerm {
    let value = try value()
    let isDescending = take("DESC")
    if !isDescending { _ = take("ASC") }
    return Query.OrderTerm(value: value, isDescending: isDescending)
  }

  /// `UNION` and `EXCEPT` of what `INTERSECT` has put together.
  private mutating func combination() throws(Refusal) -> Query {
    try combined(by: ["UNION", "EXCEPT"]) { (parser) throws(Refusal) in
      try parser.combined(by: ["INTERSECT"]) { (parser) throws(Refusal) in try parser.term() }
    }
  }

  /// Queries put together by words of equal rank, from left to right.
  private mutating func combined(
    by words: [String], _ part: (inout Self) throws(Refusal) -> Query
  ) throws(Refusal) -> Query {
    var left = try part(&self)
    var count = 0
    while words.contains(next.keyword) {
      let token = next
      advance()
      let word = try self.word(of: token)
      left = Query(body: .combination(word, left, try part(&self), offset: token.offset))
      count += 1
      if count > Self.mostLevels {
        throw Refusal("more than \(Self.mostLevels) queries are put together; make it simpler", at: token.offset)
      }
    }
    return left
  }

  private mutating func word(of token: Token) throws(Refusal) -> String {
    let all = next
    guard take("ALL") else { return token.keyword }
    if token.keyword == "UNION" { return "UNION ALL" }
    throw Refusal("\(token.keyword) ALL is not supported; allowed: UNION ALL, \(token.keyword)", at: all.offset)
  }

  private mutating func term() throws(Refusal) -> Query {
    guard case .sign(.open) = next.kind else { return Query(body: .select(try select())) }
    advance()
    let query = try query()
    try require(.close)
    return query
  }

  // MARK: SELECT

  private mutating func select() throws(Refusal) -> Select {
    var select = Select(offset: next.offset)
    try require("SELECT")
    if take("DISTINCT") { select.isDistinct = true } else { _ = take("ALL") }
    if take("TOP") { select.top = try rows("TOP") }
    repeat { select.items.append(try item()) } while take(.comma)
    try require("FROM")
    repeat { select.from.append(try tableReference()) } while take(.comma)
    if take("WHERE") { select.condition = try condition() }
    if take("GROUP") {
      try require("BY")
      repeat { select.groups.append(try value()) } while take(.comma)
    }
    if take("HAVING") { select.having = try condition() }
    return select
  }

  private mutating func item() throws(Refusal) -> Select.Item {
    let offset = next.offset
    if take(.star) { return .all(of: [], offset: offset) }
    if let table = tableOfStar() { return .all(of: table, offset: offset) }
    return .value(try value(), name: try alias())
  }

  /// The names before `.*`.
  private mutating func tableOfStar() -> [Name]? {
    var ahead = 0
    while isName(peek(ahead)), case .sign(.dot) = peek(ahead + 1).kind {
      ahead += 2
      guard case .sign(.star) = peek(ahead).kind else { continue }
      var names: [Name] = []
      while let name = nameIfAny() {
        names.append(name)
        _ = take(.dot)
      }
      _ = take(.star)
      return names
    }
    return nil
  }

  private func isName(_ token: Token) -> Bool {
    switch token.kind {
    case .quoted: true
    case .word: !Keywords.reserved.contains(token.keyword)
    default: false
    }
  }

  // MARK: FROM

  private mutating func tableReference() throws(Refusal) -> TableReference {
    try nested { (parser) throws(Refusal) in
      var left = try parser.tableTerm()
      var count = 0
      while let join = try parser.join(after: left) {
        left = .join(join)
        count += 1
        if count > 63 { throw Refusal("more than 64 tables are joined", at: parser.next.offset) }
      }
      return left
    }
  }

  private mutating func join(after left: TableReference) throws(Refusal) -> TableReference.Join? {
    let offset = next.offset
    let isNatural = take("NATURAL")
    var kind = "JOIN"
    if take("CROSS") {
      kind = "CROSS JOIN"
    } else if !take("INNER") {
      for side in ["LEFT", "RIGHT", "FULL"] where take(side) {
        _ = take("OUTER")
        kind = side + " JOIN"
        break
      }
      if kind == "JOIN" && !isNatural && next.keyword != "JOIN" { return nil }
    }
    try require("JOIN")
    let right = try tableTerm()
    let isFree = isNatural || kind == "CROSS JOIN"
    let condition = isFree ? (isNatural ? .natural : .none) : try joinCondition()
    return TableReference.Join(left: left, right: right, kind: kind, condition: condition, offset: offset)
  }

  private mutating func joinCondition() throws(Refusal) -> TableReference.Join.Condition {
    if take("ON") { return .on(try condition()) }
    guard take("USING") else { throw unexpected("ON or USING after JOIN") }
    try require(.open)
    var names: [Name] = []
    repeat { names.append(try name("the name of a column")) } while take(.comma)
    try require(.close)
    return .using(names)
  }

  private mutating func tableTerm() throws(Refusal) -> TableReference {
    if case .sign(.open) = next.kind {
      let isQuery = beginsQuery(after: 1)
      advance()
      if isQuery {
        let query = try query()
        try require(.close)
        guard let alias = try alias() else { throw unexpected("a name for the query in brackets") }
        return .query(query, alias: alias)
      }
      let inner = try tableReference()
      try require(.close)
      return inner
    }
    var names = [try name("the name of a table")]
    while take(.dot) { names.append(try name("the name of a table")) }
    if case .sign(.open) = next.kind {
      throw Refusal(
        "'\(names.map(\.text).joined(separator: "."))(…)' is a function, which ADQL has not among tables; LANG=XMDB-SQL has",
        at: names[0].offset)
    }
    return .table(names, alias: try alias())
  }

  /// Whether a SELECT stands behind brackets from here on.
  func beginsQuery(after ahead: Int) -> Bool {
    var ahead = ahead
    while case .sign(.open) = peek(ahead).kind { ahead += 1 }
    return ["SELECT", "WITH"].contains(peek(ahead).keyword)
  }
}
