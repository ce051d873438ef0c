import CSQLite

/// A chosen plan on its way from planning to the scan, as the text that EXPLAIN QUERY PLAN shows:
/// one token per value passed, in order, then the mask of columns used.
///
///     xm_a= xm_b= match_p>= limit used:1f
///
/// A name that is not a plain identifier is written as its number, `#7>=`.
struct PlanText {
  enum Token: Hashable {
    case argument(Int)
    case constraint(column: Int, ConstraintOperator)
    case limit
    case offset
  }

  var tokens: [Token] = []
  var columnsUsed: UInt64 = 0

  func encoded(for function: TableFunction) -> String {
    let words = tokens.map { token in
      switch token {
      case .argument(let index): word(function.parameters[index].name, "#\(function.columns.count + index)") + "="
      case .constraint(-1, let comparison): "rowid" + comparison.rawValue
      case .constraint(let column, let comparison):
        word(function.columns[column].name, "#\(column)") + comparison.rawValue
      case .limit: "limit"
      case .offset: "offset"
      }
    }
    return (words + ["used:" + String(columnsUsed, radix: 16)]).joined(separator: " ")
  }

  private func word(_ name: String, _ number: String) -> String {
    let reserved = ["rowid", "limit", "offset"]
    let isPlain = name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isLetterOrDigit($0) }
    return isPlain && !name.isEmpty && !reserved.contains(name) ? name : number
  }

  private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  init() {}

  /// Reads what `encoded` wrote for the same function.
  init(_ text: String, for function: TableFunction) {
    for word in text.split(separator: " ") {
      if word.hasPrefix("used:") {
        columnsUsed = UInt64(word.dropFirst(5), radix: 16) ?? .max
      } else {
        tokens.append(PlanText.token(word, function))
      }
    }
  }

  private static func token(_ word: Substring, _ function: TableFunction) -> Token {
    if word == "limit" { return .limit }
    if word == "offset" { return .offset }
    let end = word.firstIndex { "=<>!:".contains($0) } ?? word.endIndex
    guard let comparison = ConstraintOperator(rawValue: String(word[end...])),
      let column = column(word[..<end], function)
    else { preconditionFailure("\(function.name): the plan '\(word)' was not written by this table") }
    let argument = column - function.columns.count
    return argument < 0 ? .constraint(column: column, comparison) : .argument(argument)
  }

  private static func column(_ name: Substring, _ function: TableFunction) -> Int? {
    if name == "rowid" { return -1 }
    if name.hasPrefix("#") { return Int(name.dropFirst()) }
    if let index = function.columns.firstIndex(where: { $0.name == name }) { return index }
    return function.parameters.firstIndex { $0.name == name }.map { function.columns.count + $0 }
  }
}
