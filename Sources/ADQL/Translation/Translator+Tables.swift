extension Translator {
  /// A table of FROM in SQL, added to the scope.
  /// - Parameter isOperand: Whether a join stands in brackets, since another table stands before it.
  func reference(_ reference: TableReference, _ scope: Scope, isOperand: Bool) throws(Refusal) -> String {
    switch reference {
    case .table(let names, let alias): return try table(names, alias, scope)
    case .query(let query, let alias):
      let result = try self.query(query, in: Scope(beside: scope))
      try scope.add(.init(name: alias.text, schema: nil, columns: result.columns, definition: nil), at: alias.offset)
      return "(\(result.sql)) AS \(Self.identifier(alias.text))"
    case .join(let join):
      let sql = try self.join(join, scope)
      return isOperand ? "(\(sql))" : sql
    }
  }

  private func join(_ join: TableReference.Join, _ scope: Scope) throws(Refusal) -> String {
    let start = scope.tables.count
    let left = try reference(join.left, scope, isOperand: false)
    let middle = scope.tables.count
    let right = try reference(join.right, scope, isOperand: true)
    let (ofLeft, ofRight) = (start..<middle, middle..<scope.tables.count)
    // For SQLite, CROSS JOIN says in which order tables are read.
    let kind = join.kind == "CROSS JOIN" ? "JOIN" : join.kind
    var conditions: [String] = []
    switch join.condition {
    case .none: break
    case .natural:
      for name in scope.commonNames(ofLeft, ofRight) {
        conditions.append(try scope.merge(name, ofLeft, ofRight, kind: kind, at: join.offset))
      }
    case .using(let names):
      for name in names {
        conditions.append(try scope.merge(name.text, ofLeft, ofRight, kind: kind, at: name.offset))
      }
    case .on(let condition): conditions.append(try self.condition(condition, scope, isRequired: true))
    }
    let on = conditions.isEmpty ? (kind == "JOIN" ? "" : " ON 1") : " ON " + conditions.joined(separator: " AND ")
    return "\(left) \(kind) \(right)\(on)"
  }

  private func table(_ names: [Name], _ alias: Name?, _ scope: Scope) throws(Refusal) -> String {
    let last = names[names.count - 1]
    if names.count == 1, let common = scope.commonTable(last) {
      let name = alias?.text ?? common.name
      try scope.add(.init(name: name, schema: nil, columns: common.columns, definition: nil), at: last.offset)
      return "\(Self.identifier(common.name)) AS \(Self.identifier(name))"
    }
    let table = try definition(names)
    let name = alias?.text ?? table.name
    try scope.add(
      .init(name: name, schema: alias == nil ? table.schema : nil, columns: table.columns, definition: table),
      at: last.offset)
    return "\(table.sql) AS \(Self.identifier(name))"
  }

  /// The table that names mean. Without its schema a table of TAP_SCHEMA and TAP_UPLOAD is not found.
  private func definition(_ names: [Name]) throws(Refusal) -> TableDefinition {
    let last = names[names.count - 1]
    let schema = names.count > 1 ? names[names.count - 2] : nil
    let found = tables.filter { table in
      guard last.means(table.name) else { return false }
      return schema.map { $0.means(table.schema) } ?? !Self.isSpecial(table.schema)
    }
    if found.count == 1, names.count <= 3 { return found[0] }
    let written = names.map { ADQL.spelling(of: $0.text) }.joined(separator: ".")
    if found.count > 1 {
      throw Refusal(
        "'\(written)' is in several schemas: \(found.map(\.fullName).joined(separator: ", "))", at: names[0].offset)
    }
    let hint = Nearest.name(to: last.text, among: tables.map(\.name))
      .flatMap { near in tables.first { $0.name == near } }.map { "did you mean \($0.fullName)?" }
    let known = tables.filter { !Self.isSpecial($0.schema) }.map(\.fullName)
    let list = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    throw Refusal(
      "there is no table '\(written)'; \(hint ?? (known.isEmpty ? "there are none" : "there are: \(list)"))",
      at: names[0].offset)
  }

  private static func isSpecial(_ schema: String) -> Bool { schema.lowercased().hasPrefix("tap_") }
}
