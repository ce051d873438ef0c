/// A chosen plan on its way from planning to the scan: what each value that SQLite passes means, in order, and the columns used.
///
/// SQLite carries a string between the two. Its first word is the plan, in numbers only, so that no name can be taken for
/// something else; what follows is for people who read EXPLAIN QUERY PLAN, and is never read back:
///
///     a0,a1,c6.4,l;1f a= b= match_p>= LIMIT
///
/// `a` argument, `c` column and operator, `i` column and IN, `l` LIMIT, `o` OFFSET; after the semicolon the mask of the columns used.
struct ScanPlan: Hashable {
  enum Token: Hashable {
    case argument(Int)
    case constraint(column: Int, ConstraintOperator)
    case list(column: Int)
    case limit
    case offset
  }

  var tokens: [Token] = []
  var columnsUsed: UInt64 = 0

  init() {}

  /// The string for SQLite.
  func encoded(for function: TableFunction) -> String {
    let numbers = tokens.map(\.code).joined(separator: ",") + ";" + String(columnsUsed, radix: 16)
    return ([numbers] + tokens.map { $0.words(for: function) }).joined(separator: " ")
  }

  /// Reads what `encoded` wrote; nil for anything else.
  init?(_ text: String, for function: TableFunction) {
    let halves = text.prefix { $0 != " " }.split(separator: ";", omittingEmptySubsequences: false)
    guard halves.count == 2, let mask = UInt64(halves[1], radix: 16) else { return nil }
    columnsUsed = mask
    for code in halves[0].split(separator: ",") {
      guard let token = Token(code, function) else { return nil }
      tokens.append(token)
    }
  }
}

extension ScanPlan.Token {
  fileprivate var code: String {
    switch self {
    case .argument(let index): "a\(index)"
    case .constraint(let column, let comparison): "c\(column).\(comparison.rawValue)"
    case .list(let column): "i\(column)"
    case .limit: "l"
    case .offset: "o"
    }
  }

  fileprivate init?(_ code: Substring, _ function: TableFunction) {
    let numbers = code.dropFirst().split(separator: ".").map { Int($0) }
    switch (code.first, numbers.count) {
    case ("a", 1):
      guard let index = numbers[0], function.parameters.indices.contains(index) else { return nil }
      self = .argument(index)
    case ("c", 2):
      guard let column = numbers[0], column == -1 || function.columns.indices.contains(column),
        let comparison = numbers[1].flatMap(ConstraintOperator.init)
      else { return nil }
      self = .constraint(column: column, comparison)
    case ("i", 1):
      guard let column = numbers[0], function.columns.indices.contains(column) else { return nil }
      self = .list(column: column)
    case ("l", 0): self = .limit
    case ("o", 0): self = .offset
    default: return nil
    }
  }

  /// For people.
  fileprivate func words(for function: TableFunction) -> String {
    switch self {
    case .argument(let index): function.parameters[index].name + "="
    case .constraint(let column, let comparison):
      (column < 0 ? "rowid" : function.columns[column].name) + comparison.spelling
    case .list(let column): function.columns[column].name + " IN"
    case .limit: "LIMIT"
    case .offset: "OFFSET"
    }
  }
}
