/// The tables that names of a query may mean, and those of the queries around it.
final class Scope {
  /// A table of FROM.
  struct Table {
    /// The name by which the query knows it.
    let name: String
    /// Of a table of the database that has no other name.
    let schema: String?
    let columns: [ColumnDefinition]
    /// Nil for a query in brackets.
    let definition: TableDefinition?

    /// The table in SQL.
    var sql: String { Translator.identifier(name) }
  }

  /// A column that `*` gives, and that a name alone may mean.
  struct Entry {
    /// The tables that have it: one, or those that NATURAL and USING made one of.
    let tables: [Int]
    let column: ColumnDefinition
    let sql: String
  }

  /// A column that a name means.
  struct Column {
    let sql: String
    let definition: ColumnDefinition
    /// The positions of its tables in their scope.
    let tables: [Int]
    let scope: Scope
  }

  private let outer: Scope?
  /// Whether columns of the queries around may be used, beside their names of WITH.
  private let seesColumns: Bool
  private(set) var tables: [Table] = []
  private(set) var all: [Entry] = []
  /// Names of WITH.
  var commonTables: [(name: String, columns: [ColumnDefinition])] = []

  /// The scope of a query in an expression of another one, or of a query alone.
  init(inside outer: Scope?) { (self.outer, seesColumns) = (outer, true) }

  /// The scope of a query that is a table of another one.
  init(beside outer: Scope) { (self.outer, seesColumns) = (outer, false) }

  func add(_ table: Table, at offset: Int) throws(Refusal) {
    if tables.contains(where: { $0.name.lowercased() == table.name.lowercased() }) {
      throw Refusal("two tables are called '\(table.name)'; give one another name: … AS other_name", at: offset)
    }
    tables.append(table)
    let place = tables.count - 1
    for column in table.columns { all.append(Entry(tables: [place], column: column, sql: reference(place, column))) }
  }

  /// A column of a table in SQL.
  func reference(_ table: Int, _ column: ColumnDefinition) -> String {
    tables[table].sql + "." + Translator.identifier(column.name)
  }

  // MARK: NATURAL and USING

  /// Makes one column of those of a name on both sides of a join.
  /// - Returns: The condition that both are the same.
  func merge(
    _ name: String, _ left: Range<Int>, _ right: Range<Int>, kind: String, at offset: Int
  ) throws(Refusal) -> String {
    let one = entries(of: name, in: left)
    let other = entries(of: name, in: right)
    guard one.count == 1, other.count == 1 else {
      throw Refusal("the column '\(name)' must be there once on either side of the join", at: offset)
    }
    let (a, b) = (all[one[0]], all[other[0]])
    let sql =
      switch kind {
      case "RIGHT JOIN": b.sql
      case "FULL JOIN": "coalesce(\(a.sql), \(b.sql))"
      default: a.sql
      }
    all[one[0]] = Entry(tables: a.tables + b.tables, column: a.column, sql: sql)
    all.remove(at: other[0])
    return "\(a.sql) = \(b.sql)"
  }

  private func entries(of name: String, in tables: Range<Int>) -> [Int] {
    all.indices.filter {
      all[$0].tables.allSatisfy(tables.contains) && all[$0].column.name.lowercased() == name.lowercased()
    }
  }

  /// Names that columns on both sides have, in the order of the left one.
  func commonNames(_ left: Range<Int>, _ right: Range<Int>) -> [String] {
    let others = Set(all.filter { $0.tables.allSatisfy(right.contains) }.map { $0.column.name.lowercased() })
    var seen: Set<String> = []
    return all.filter { $0.tables.allSatisfy(left.contains) }.map(\.column.name).filter {
      others.contains($0.lowercased()) && seen.insert($0.lowercased()).inserted
    }
  }

  // MARK: Names

  /// The scopes whose columns may be used, from this one outwards.
  private var visible: [Scope] {
    var scopes = [self]
    while let last = scopes.last, last.seesColumns, let outer = last.outer { scopes.append(outer) }
    return scopes
  }

  /// The columns of a table of WITH, here or around; the nearest.
  func commonTable(_ name: Name) -> (name: String, columns: [ColumnDefinition])? {
    if let found = commonTables.last(where: { name.means($0.name) }) { return found }
    return outer?.commonTable(name)
  }

  /// The column that a name means, here or in a query around.
  func column(_ qualifier: [Name], _ name: Name) throws(Refusal) -> Column {
    for scope in visible { if let found = try scope.ownColumn(qualifier, name) { return found } }
    throw unknown(qualifier, name)
  }

  private func ownColumn(_ qualifier: [Name], _ name: Name) throws(Refusal) -> Column? {
    if !qualifier.isEmpty {
      guard let table = table(qualifier) else { return nil }
      guard let column = tables[table].columns.first(where: { name.means($0.name) }) else {
        throw unknown(qualifier, name)
      }
      return Column(sql: reference(table, column), definition: column, tables: [table], scope: self)
    }
    let found = all.filter { name.means($0.column.name) }
    if found.count > 1 {
      let names = found.flatMap { $0.tables.map { tables[$0].name } }.joined(separator: ", ")
      throw Refusal(
        "the column '\(name.text)' is in several tables: \(names); write TABLE.\(ADQL.spelling(of: name.text))",
        at: name.offset)
    }
    return found.first.map { Column(sql: $0.sql, definition: $0.column, tables: $0.tables, scope: self) }
  }

  /// The table of this scope that names before a column, or before `.*`, mean.
  func table(_ names: [Name]) -> Int? {
    guard let last = names.last else { return nil }
    return tables.firstIndex { table in
      guard last.means(table.name) else { return false }
      guard names.count > 1 else { return true }
      return table.schema.map { names[names.count - 2].means($0) } ?? false
    }
  }

  private func unknown(_ qualifier: [Name], _ name: Name) -> Refusal {
    let scopes = visible
    if let first = qualifier.first, !scopes.contains(where: { $0.table(qualifier) != nil }) {
      let written = qualifier.map(\.text).joined(separator: ".")
      let known = scopes.flatMap { $0.tables.map(\.name) }.joined(separator: ", ")
      return Refusal("the query reads no table '\(written)'; it reads: \(known)", at: first.offset)
    }
    let tables = scopes.flatMap { scope in
      qualifier.isEmpty ? scope.tables : scope.table(qualifier).map { [scope.tables[$0]] } ?? []
    }
    let known = tables.flatMap { $0.columns.map(\.name) }
    let hint = Nearest.name(to: name.text, among: known).map { "did you mean \(ADQL.spelling(of: $0))?" }
    return Refusal(
      "no table of the query has a column '\(name.text)'; \(hint ?? "there are: \(Nearest.list(known))")",
      at: name.offset)
  }
}
