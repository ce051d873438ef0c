extension Translator {
  /// A function of ADQL in SQL.
  private struct Known: Sendable {
    let arguments: ClosedRange<Int>
    /// Nil: that of the first argument.
    let type: ValueKind?
    let write: @Sendable ([String]) -> String

    init(_ arguments: ClosedRange<Int>, _ type: ValueKind?, _ write: @escaping @Sendable ([String]) -> String) {
      (self.arguments, self.type, self.write) = (arguments, type, write)
    }

    /// One that SQL has, too.
    static func same(_ name: String, _ count: Int, _ type: ValueKind? = .double) -> Known {
      Known(count...count, type) { "\(name)(\($0.joined(separator: ", ")))" }
    }
  }

  private static let known: [String: Known] = [
    "ABS": .same("abs", 1, nil), "CEILING": .same("ceil", 1), "FLOOR": .same("floor", 1), "EXP": .same("exp", 1),
    "LOG": .same("ln", 1), "LOG10": .same("log10", 1), "SQRT": .same("sqrt", 1), "POWER": .same("pow", 2),
    "DEGREES": .same("degrees", 1), "RADIANS": .same("radians", 1), "PI": .same("pi", 0),
    "ACOS": .same("acos", 1), "ASIN": .same("asin", 1), "ATAN": .same("atan", 1), "ATAN2": .same("atan2", 2),
    "COS": .same("cos", 1), "SIN": .same("sin", 1), "TAN": .same("tan", 1),
    "COT": Known(1...1, .double) { "(1.0 / tan(\($0[0])))" },
    "LOWER": .same("lower", 1, .text), "UPPER": .same("upper", 1, .text),
  ]

  private static let aggregates: Set<String> = ["AVG", "COUNT", "MAX", "MIN", "SUM"]

  /// Names of all functions, for messages.
  private var names: [String] {
    var names = ["COALESCE", "MOD", "ROUND", "TRUNCATE"] + Self.geometry
    names += Self.known.keys
    names += Self.aggregates
    names += functions.map(\.name)
    return Set(names).sorted()
  }

  func function(
    _ name: Name, _ arguments: [Expression], isDistinct: Bool, _ scope: Scope
  ) throws(Refusal) -> Value {
    let word = name.text.uppercased()
    if Self.aggregates.contains(word) { return try aggregate(word, name, arguments, isDistinct, scope) }
    if word == "ROUND" || word == "TRUNCATE" { return try rounded(word, name, arguments, scope) }
    if isDistinct { throw Refusal("DISTINCT stands in COUNT, SUM and AVG only, not in \(word)", at: name.offset) }
    if Self.geometry.contains(word) { return try geometryValue(word, name, arguments, scope) }
    let values = try arguments.map { (argument) throws(Refusal) in try value(argument, scope) }
    if let known = Self.known[word] {
      try requireCount(name, values.count, known.arguments)
      return Value(sql: known.write(values.map(\.sql)), type: known.type ?? values[0].type)
    }
    switch word {
    case "MOD":
      try requireCount(name, values.count, 2...2)
      if values.allSatisfy({ $0.type?.isInteger == true }) {
        return Value(sql: "((\(values[0].sql)) % (\(values[1].sql)))", type: .long)
      }
      return Value(sql: "mod(\(values[0].sql), \(values[1].sql))", type: .double)
    case "COALESCE":
      try requireCount(name, values.count, 2...100)
      return Value(
        sql: "coalesce(\(values.map(\.sql).joined(separator: ", ")))", type: Self.common(values.map(\.type)))
    default: return try userFunction(name, values)
    }
  }

  /// To so many decimal places, which may be negative.
  private func rounded(_ word: String, _ name: Name, _ arguments: [Expression], _ scope: Scope) throws(Refusal) -> Value
  {
    try requireCount(name, arguments.count, 1...2)
    let function = word == "ROUND" ? "round" : "trunc"
    let value = try value(arguments[0], scope).sql
    guard arguments.count == 2 else { return Value(sql: "\(function)(\(value))", type: .double) }
    guard let places = Self.number(arguments[1]), (-300...300).contains(places), places.rounded() == places else {
      throw Refusal("\(word) takes a number from -300 to 300 as its number of decimal places", at: arguments[1].offset)
    }
    let power = "1e\(Int(abs(places)))"
    let (there, back) = places < 0 ? ("/", "*") : ("*", "/")
    return Value(sql: "(\(function)((\(value)) \(there) \(power)) \(back) \(power))", type: .double)
  }

  private func aggregate(
    _ word: String, _ name: Name, _ arguments: [Expression], _ isDistinct: Bool, _ scope: Scope
  ) throws(Refusal) -> Value {
    try requireCount(name, arguments.count, 1...1)
    let value = try value(arguments[0], scope)
    let sql = "\(word.lowercased())(\(isDistinct ? "DISTINCT " : "")\(value.sql))"
    switch word {
    case "COUNT": return Value(sql: sql, type: .long)
    case "AVG": return Value(sql: sql, type: .double)
    case "SUM": return Value(sql: sql, type: Self.arithmeticSum(value.type))
    default: return Value(sql: sql, type: value.type)
    }
  }

  private static func arithmeticSum(_ type: ValueKind?) -> ValueKind? {
    guard let type, type.isNumeric else { return nil }
    return type.isInteger ? .long : .double
  }

  private func userFunction(_ name: Name, _ values: [Value]) throws(Refusal) -> Value {
    let called = functions.filter { name.means($0.name) }
    if let function = called.first(where: { $0.arguments.count == values.count }) {
      return Value(
        sql: "\(function.name)(\(values.map(\.sql).joined(separator: ", ")))", type: function.type)
    }
    if let function = called.first {
      throw Refusal(
        "\(function.name) has \(values.count) arguments; allowed: \(called.map(\.signature).joined(separator: " or "))",
        at: name.offset)
    }
    let word = name.text.uppercased()
    if let reason = Self.refused[word] { throw Refusal("\(word) is not supported: \(reason)", at: name.offset) }
    let hint = Nearest.name(to: name.text, among: names).map { "did you mean \($0)?" }
    throw Refusal(
      "the function '\(name.text)' is not known; \(hint ?? "known are: \(names.joined(separator: ", "))")",
      at: name.offset)
  }

  /// Functions of ADQL that there are not, and why.
  private static let refused: [String: String] = [
    "RAND": "the same query is to have the same answer",
    "BOX": "regions are circles", "POLYGON": "regions are circles", "REGION": "regions are circles",
    "CENTROID": "of a circle it is its centre, which the query has given",
    "COORDSYS": "all positions are in the frame of their catalogue",
    "IN_UNIT": "units are listed in TAP_SCHEMA.columns; multiply by the factor",
    "TIMESTAMP": "times are numbers; TAP_SCHEMA.columns has their units",
    "BITWISE_AND": "use xm_flags", "BIT_AND": "use xm_flags",
  ]

  func requireCount(_ name: Name, _ count: Int, _ allowed: ClosedRange<Int>) throws(Refusal) {
    guard !allowed.contains(count) else { return }
    let range =
      allowed.count == 1 ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
    throw Refusal("\(name.text.uppercased()) has \(count) arguments; allowed: \(range)", at: name.offset)
  }
}
