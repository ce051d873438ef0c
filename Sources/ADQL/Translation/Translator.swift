/// Writes the tree of a query as SQL.
struct Translator {
  /// A query in SQL, and its columns.
  struct Result {
    let sql: String
    let columns: [ColumnDefinition]
  }

  /// A value or condition in SQL.
  struct Value {
    let sql: String
    /// Nil where only the values tell.
    let type: ValueKind?
    /// The column that it is, if it is nothing else.
    var column: Scope.Column?
  }

  let tables: [TableDefinition]
  let functions: [UserFunction]

  static func identifier(_ name: String) -> String {
    var quoted = "\""
    for scalar in name.unicodeScalars {
      if scalar == "\"" { quoted += "\"\"" } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "\""
  }

  static func text(_ text: String) -> String {
    var quoted = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { quoted += "''" } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
  }

  // MARK: Queries

  /// - Parameter outer: The scope of the query around, whose columns may be used.
  func query(_ query: Query, in outer: Scope?) throws(Refusal) -> Result {
    let scope = Scope(inside: outer)
    let with = try commonTables(query, scope)
    let inner: Result
    switch query.body {
    case .select(let select): inner = try self.select(select, query, scope)
    case .combination(let word, let left, let right, let offset):
      inner = try combination(word, left, right, offset, query, scope)
    }
    return Result(sql: with + inner.sql, columns: inner.columns)
  }

  private func commonTables(_ query: Query, _ scope: Scope) throws(Refusal) -> String {
    if query.with.isEmpty { return "" }
    var parts: [String] = []
    for table in query.with {
      let name = table.name
      if scope.commonTables.contains(where: { name.means($0.name) }) {
        throw Refusal("WITH has two tables '\(name.text)'", at: name.offset)
      }
      let result = try self.query(table.query, in: Scope(beside: scope))
      scope.commonTables.append((name.text, result.columns))
      parts.append("\(Self.identifier(name.text)) AS (\(result.sql))")
    }
    return "WITH " + parts.joined(separator: ", ") + " "
  }

  private func combination(
    _ word: String, _ left: Query, _ right: Query, _ offset: Int, _ query: Query, _ scope: Scope
  ) throws(Refusal) -> Result {
    let (first, second) = (try self.query(left, in: scope), try self.query(right, in: scope))
    guard first.columns.count == second.columns.count else {
      throw Refusal(
        "\(word) of queries with \(first.columns.count) and \(second.columns.count) columns; they must have the same number",
        at: offset)
    }
    let columns = zip(first.columns, second.columns).map { one, other in
      var column = one
      column.type = Self.common([one.type, other.type])
      return column
    }
    let order = try query.order.map { (item) throws(Refusal) in
      try orderTerm(item.value, columns, nil) + (item.isDescending ? " DESC" : "")
    }
    return Result(
      sql: "SELECT * FROM (\(first.sql)) \(word) SELECT * FROM (\(second.sql))" + Self.tail(order, nil, query.skipped),
      columns: columns)
  }

  private static func tail(_ order: [String], _ top: String?, _ skipped: String?) -> String {
    let limit = top ?? (skipped == nil ? nil : "-1")
    return (order.isEmpty ? "" : " ORDER BY " + order.joined(separator: ", "))
      + (limit.map { " LIMIT " + $0 } ?? "") + (skipped.map { " OFFSET " + $0 } ?? "")
  }

  private func select(_ select: Select, _ query: Query, _ scope: Scope) throws(Refusal) -> Result {
    var from: [String] = []
    for reference in select.from { from.append(try self.reference(reference, scope, isOperand: !from.isEmpty)) }
    let (items, columns) = try self.items(select, scope)
    var sql = "SELECT " + (select.isDistinct ? "DISTINCT " : "") + items.joined(separator: ", ")
    sql += " FROM " + from.joined(separator: ", ")
    if let condition = select.condition { sql += " WHERE " + (try self.condition(condition, scope, isRequired: true)) }
    if !select.groups.isEmpty {
      let groups = try select.groups.map { (group) throws(Refusal) in try groupTerm(group, select, scope) }
      sql += " GROUP BY " + groups.joined(separator: ", ")
    }
    if let having = select.having {
      sql += " HAVING " + (try condition(having, scope, isRequired: false))
    }
    let order = try query.order.map { (item) throws(Refusal) in
      try orderTerm(item.value, columns, scope) + (item.isDescending ? " DESC" : "")
    }
    return Result(sql: sql + Self.tail(order, select.top, query.skipped), columns: columns)
  }

  /// A term of ORDER BY: a column of the result by name or number, or a value.
  private func orderTerm(_ value: Expression, _ columns: [ColumnDefinition], _ scope: Scope?) throws(Refusal) -> String
  {
    switch value.kind {
    case .number(let text):
      guard let number = Int(text), number >= 1, number <= columns.count else {
        throw Refusal("ORDER BY \(text): the result has the columns 1 to \(columns.count)", at: value.offset)
      }
      return text
    case .column(let qualifier, let name) where qualifier.isEmpty:
      if let place = columns.firstIndex(where: { name.means($0.name) }) { return String(place + 1) }
    default: break
    }
    guard let scope else {
      throw Refusal(
        "ORDER BY of queries put together names a column of the result, or its number; columns: \(Nearest.list(columns.map(\.name)))",
        at: value.offset)
    }
    return try self.value(value, scope).sql
  }

  /// A term of GROUP BY: a value, or the name that SELECT gives to one.
  private func groupTerm(_ value: Expression, _ select: Select, _ scope: Scope) throws(Refusal) -> String {
    if case .column(let qualifier, let name) = value.kind, qualifier.isEmpty, (try? scope.column([], name)) == nil {
      for case .value(let item, let alias?) in select.items where alias.means(name.text) {
        return try self.value(item, scope).sql
      }
    }
    if case .number = value.kind {
      throw Refusal("GROUP BY a number would be one group; name the columns", at: value.offset)
    }
    return try self.value(value, scope).sql
  }

  // MARK: SELECT

  private func items(_ select: Select, _ scope: Scope) throws(Refusal) -> ([String], [ColumnDefinition]) {
    var items: [String] = []
    var columns: [ColumnDefinition] = []
    func add(_ sql: String, _ column: ColumnDefinition) {
      items.append("\(sql) AS \(Self.identifier(column.name))")
      columns.append(column)
    }
    for item in select.items {
      switch item {
      case .all(let names, _) where names.isEmpty:
        for entry in scope.all { add(entry.sql, entry.column) }
      case .all(let names, let offset):
        guard let table = scope.table(names) else {
          throw Refusal(
            "the query reads no table '\(names.map(\.text).joined(separator: "."))'; it reads: "
              + scope.tables.map(\.name).joined(separator: ", "), at: offset)
        }
        for column in scope.tables[table].columns { add(scope.reference(table, column), column) }
      case .value(let expression, let name):
        let value = try self.value(expression, scope)
        var column = value.column?.definition ?? ColumnDefinition(Self.name(of: expression, columns.count), value.type)
        if let name { column.name = name.text }
        add(value.sql, column)
      }
      if columns.count > Self.mostColumns {
        throw Refusal(
          "the result has more than \(Self.mostColumns) columns; name those that are needed", at: select.offset)
      }
    }
    return (items, columns)
  }

  /// What SQLite allows.
  private static let mostColumns = 2000

  /// The name of a value that has none.
  private static func name(of expression: Expression, _ place: Int) -> String {
    switch expression.kind {
    case .function(let name, _, _): name.text.lowercased()
    case .countAll: "count"
    case .cast(let inner, _), .signed(_, let inner): nameOfColumn(inner) ?? "col\(place + 1)"
    default: "col\(place + 1)"
    }
  }

  private static func nameOfColumn(_ expression: Expression) -> String? {
    if case .column(_, let name) = expression.kind { name.text } else { nil }
  }

  /// The type that holds values of all of these; nil where one of them is not known.
  static func common(_ types: [ValueKind?]) -> ValueKind? {
    guard var common = types.first ?? nil else { return nil }
    for type in types.dropFirst() {
      guard let type else { return nil }
      if type == common { continue }
      guard type.isNumeric, common.isNumeric else { return nil }
      common = type.isInteger && common.isInteger ? .long : .double
    }
    return common
  }
}
