import CatalogStore
import SQLExt

/// Commands that list what there is.
enum ListingCommands {
  static let all = [tables, schema, indexes, databases]

  private static let tables = DotCommand.doing(
    "tables", "[PATTERN]", count: 0...1, first: .table, "catalogues, tables and operators, all or those LIKE PATTERN"
  ) { state, words in
    let listing = try TableListing(state.session, like: words.first)
    var table = TextTable([("table", .left), ("sources", .right)])
    for (name, rows) in listing.catalogues { table.add([name, Format.count(rows)]) }
    if words.isEmpty || !listing.catalogues.isEmpty {
      for line in table.lines { try state.output.line(line) }
    }
    for name in listing.others { try state.output.line(name) }
    for function in listing.operators { try state.output.line(function.callForm) }
  }

  private static let schema = DotCommand.doing(
    "schema", "[PATTERN]", count: 0...1, first: .table,
    "the columns of catalogues and tables; with PATTERN of operators, too"
  ) { state, words in
    let listing = try TableListing(state.session, like: words.first)
    for (name, _) in listing.catalogues {
      if let table = state.session.context.definedTable(name) { try state.output.write(shape(table)) }
    }
    for sql in try listing.statements(state.session, type: "%") { try state.output.line(sql + ";") }
    if words.isEmpty { return }
    for function in listing.operators { try state.output.write(shape(function)) }
  }

  private static let indexes = DotCommand.doing(
    "indexes", "[TABLE]", count: 0...1, first: .table,
    "the indexes of TEMP and attached tables; catalogues have their own"
  ) { state, words in
    let listing = try TableListing(state.session, like: words.first)
    for sql in try listing.statements(state.session, type: "index") { try state.output.line(sql + ";") }
  }

  private static let databases = DotCommand.doing("databases", "", "the sky database, and what is attached") {
    state, _ in
    var table = TextTable([("name", .left), ("file", .left)])
    table.add(["xmdb", state.session.context.databasePath])
    for row in try state.session.rows("SELECT name, file FROM pragma_database_list") {
      table.add([row[0], row[1].isEmpty ? "in memory" : row[1]])
    }
    for line in table.lines { try state.output.line(line) }
  }

  /// A catalogue or an operator as the statement that would make such a table.
  private static func shape(_ table: TableFunction) -> String {
    let isCatalogue = table.section == .catalogues && table.parameters.isEmpty && !table.name.hasPrefix("xm_")
    let name = SQLText.isPlain(table.name) ? table.name : SQLText.identifier(table.name)
    var lines = table.columns.map { column in
      let own = SQLText.isPlain(column.name) ? column.name : SQLText.identifier(column.name)
      return (text: "  " + (column.kind == .any ? own : "\(own) \(column.kind.rawValue)"), note: column.summary)
    }
    for index in lines.indices.dropLast() { lines[index].text += "," }
    let rows = lines.map { $0.note.isEmpty ? $0.text : "\($0.text) -- \(TextTable.printable($0.note))" }
    let kind = isCatalogue ? "a catalogue" : "an operator: \(table.callForm)"
    return "CREATE TABLE \(name) ( -- \(kind)\n" + rows.joined(separator: "\n") + "\n);\n"
  }
}
