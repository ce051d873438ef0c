extension Translator {
  // MARK: Conditions

  /// - Parameter isRequired: Whether rows for which it does not hold are left out: then it may say where rows are looked for.
  func condition(_ expression: Expression, _ scope: Scope, isRequired: Bool) throws(Refusal) -> String {
    switch expression.kind {
    case .all(let parts):
      return try joined(parts, " AND ", scope, isRequired: isRequired)
    case .any(let parts): return try joined(parts, " OR ", scope, isRequired: false)
    case .not(let inner): return "NOT (\(try condition(inner, scope, isRequired: false)))"
    case .binary(let sign, let left, let right) where Self.comparisons.contains(sign):
      if isRequired, let found = try nearbyCondition(sign, left, right, scope) { return found }
      return "\(try operand(left, scope)) \(sign) \(try operand(right, scope))"
    case .isNull(let value, let isNegated):
      return "\(try operand(value, scope)) IS \(isNegated ? "NOT " : "")NULL"
    case .between(let value, let low, let high, let isNegated):
      let bounds = "\(try operand(low, scope)) AND \(try operand(high, scope))"
      return "\(try operand(value, scope)) \(isNegated ? "NOT " : "")BETWEEN \(bounds)"
    case .like(let value, let pattern, let isNegated, let ignoresCase):
      return try like(value, pattern, isNegated: isNegated, ignoresCase: ignoresCase, scope)
    case .oneOf(let value, let list, let isNegated):
      let values = try list.map { (item) throws(Refusal) in try self.value(item, scope).sql }
      return
        "\(try operand(value, scope)) \(isNegated ? "NOT " : "")IN (\(values.joined(separator: ", ")))"
    case .inQuery(let value, let query, let isNegated):
      let result = try self.query(query, in: scope)
      try requireOneColumn(result, value.offset)
      return "\(try operand(value, scope)) \(isNegated ? "NOT " : "")IN (\(result.sql))"
    case .exists(let query): return "EXISTS (\(try self.query(query, in: scope).sql))"
    case .function(let name, _, _) where name.means("contains") || name.means("intersects"):
      throw Refusal(
        "\(name.text.uppercased()) gives 1 or 0; compare it: \(name.text.uppercased())(…) = 1", at: name.offset)
    default: throw Refusal("a condition is expected here, such as a comparison", at: expression.offset)
    }
  }

  static let comparisons: Set<String> = ["=", "<>", "<", "<=", ">", ">="]

  private func joined(
    _ parts: [Expression], _ word: String, _ scope: Scope, isRequired: Bool
  ) throws(Refusal) -> String {
    let conditions = try parts.map { (part) throws(Refusal) in try condition(part, scope, isRequired: isRequired) }
    return "(" + conditions.joined(separator: word) + ")"
  }

  /// LIKE of ADQL tells case apart and knows no escapes, as GLOB does with other signs.
  private func like(
    _ value: Expression, _ pattern: Expression, isNegated: Bool, ignoresCase: Bool, _ scope: Scope
  ) throws(Refusal) -> String {
    guard case .text(let text) = pattern.kind else {
      throw Refusal("LIKE is supported with a text in quotes as its pattern only", at: pattern.offset)
    }
    var glob = ""
    for character in (ignoresCase ? text.lowercased() : text).unicodeScalars {
      switch character {
      case "%": glob += "*"
      case "_": glob += "?"
      case "*", "?", "[": glob += "[\(Character(character))]"
      default: glob.unicodeScalars.append(character)
      }
    }
    let subject = try operand(value, scope)
    let word = isNegated ? "NOT GLOB" : "GLOB"
    return "\(ignoresCase ? "lower(\(subject))" : subject) \(word) \(Self.text(glob))"
  }

  private func requireOneColumn(_ result: Result, _ offset: Int) throws(Refusal) {
    if result.columns.count != 1 {
      throw Refusal("a query in brackets must have one column here; it has \(result.columns.count)", at: offset)
    }
  }

  // MARK: Values

  /// A value between operators: in brackets where it has operators of its own.
  func operand(_ expression: Expression, _ scope: Scope) throws(Refusal) -> String {
    try typedOperand(expression, scope).sql
  }

  /// Each part of a query is translated once: twice at every level would be for ever.
  private func typedOperand(_ expression: Expression, _ scope: Scope) throws(Refusal) -> Value {
    let value = try value(expression, scope)
    switch expression.kind {
    case .binary, .signed: return Value(sql: "(\(value.sql))", type: value.type)
    default: return value
    }
  }

  func value(_ expression: Expression, _ scope: Scope) throws(Refusal) -> Value {
    switch expression.kind {
    case .number(let text): return Value(sql: text, type: Self.type(ofNumber: text))
    case .text(let text): return Value(sql: Self.text(text), type: .text)
    case .null: return Value(sql: "NULL", type: nil)
    case .column(let qualifier, let name):
      let column = try scope.column(qualifier, name)
      return Value(sql: column.sql, type: column.definition.type, column: column)
    case .signed(let sign, let inner):
      let value = try typedOperand(inner, scope)
      return Value(sql: "\(sign) \(value.sql)", type: value.type == .float ? .double : value.type)
    case .binary(let sign, let left, let right) where !Self.comparisons.contains(sign):
      let (a, b) = (try typedOperand(left, scope), try typedOperand(right, scope))
      return Value(sql: "\(a.sql) \(sign) \(b.sql)", type: sign == "||" ? .text : Self.arithmetic([a.type, b.type]))
    case .query(let query):
      let result = try self.query(query, in: scope)
      try requireOneColumn(result, expression.offset)
      return Value(sql: "(\(result.sql))", type: result.columns[0].type)
    case .countAll: return Value(sql: "count(*)", type: .long)
    case .function(let name, let arguments, let isDistinct):
      return try function(name, arguments, isDistinct: isDistinct, scope)
    case .cast(let inner, let type): return try cast(inner, type, scope)
    case .choice(let subject, let cases, let otherwise): return try choice(subject, cases, otherwise, scope)
    default: throw Refusal("a value is expected here, not a condition", at: expression.offset)
    }
  }

  private static func type(ofNumber text: String) -> ValueKind {
    let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
    return isHexadecimal || Int64(text) != nil ? .long : .double
  }

  private static func arithmetic(_ types: [ValueKind?]) -> ValueKind? {
    guard types.allSatisfy({ $0?.isNumeric == true }) else { return nil }
    return types.allSatisfy { $0?.isInteger == true } ? .long : .double
  }

  private func cast(_ inner: Expression, _ type: CastType, _ scope: Scope) throws(Refusal) -> Value {
    let sql = try value(inner, scope).sql
    switch type {
    case .integer: return Value(sql: "CAST(\(sql) AS INTEGER)", type: .long)
    case .real: return Value(sql: "CAST(\(sql) AS REAL)", type: .double)
    case .text(nil): return Value(sql: "CAST(\(sql) AS TEXT)", type: .text)
    case .text(let length?): return Value(sql: "substr(CAST(\(sql) AS TEXT), 1, \(length))", type: .text)
    }
  }

  private func choice(
    _ subject: Expression?, _ cases: [Expression.Case], _ otherwise: Expression?, _ scope: Scope
  ) throws(Refusal) -> Value {
    var sql = "CASE"
    if let subject { sql += " " + (try value(subject, scope).sql) }
    var types: [ValueKind?] = []
    func add(_ expression: Expression) throws(Refusal) -> String {
      let value = try value(expression, scope)
      if case .null = expression.kind {} else { types.append(value.type) }
      return value.sql
    }
    for one in cases {
      let test = subject == nil ? try condition(one.when, scope, isRequired: false) : try value(one.when, scope).sql
      sql += " WHEN \(test) THEN \(try add(one.then))"
    }
    if let otherwise { sql += " ELSE " + (try add(otherwise)) }
    return Value(sql: sql + " END", type: Self.common(types))
  }
}
