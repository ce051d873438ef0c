import CatalogStore
import SQLExt

/// What helps a person after an error of SQLite: the name that was meant, or the names there are.
struct SQLHint {
  let context: XMDBContext
  /// The statements that were being compiled.
  let sql: String
  /// The names of SQL functions on the connection.
  let functions: () -> [String]

  /// To be put behind the message; empty where nothing is known.
  func text(_ message: String) -> String {
    if let name = rest(of: message, after: "no such table: ") { return table(name) }
    if let name = rest(of: message, after: "no such function: ") { return meant(name, functions()) }
    if let name = rest(of: message, after: "no such column: ") {
      return column(String(name.split(separator: ".").last ?? Substring(name)))
    }
    return message.hasPrefix("near ") || message.hasPrefix("unrecognized token") ? missingQuotes : ""
  }

  /// The names of catalogues that are no plain words and stand in the statements without quotes.
  private var missingQuotes: String {
    let names = (try? context.database().registry().catalogueNames()) ?? []
    let bare = names.filter { !SQLText.isPlain($0) && sql.contains($0) && !sql.contains("\"\($0)\"") }
    return bare.isEmpty
      ? "" : "; in SQL this name needs quotes: " + bare.map(SQLText.identifier).joined(separator: ", ")
  }

  private func rest(of message: String, after beginning: String) -> String? {
    message.hasPrefix(beginning) ? String(message.dropFirst(beginning.count)) : nil
  }

  private func meant(_ typed: String, _ names: [String]) -> String {
    Spelling.nearest(to: typed, among: names.sorted()).map { "; did you mean \(quotedIfNeeded($0))?" } ?? ""
  }

  /// Where a table is missing, which catalogues there are, or why there is none.
  private func table(_ name: String) -> String {
    do {
      let catalogues = try context.database().registry().catalogueNames()
      let list = catalogues.isEmpty ? "none" : catalogues.map(quotedIfNeeded).joined(separator: ", ")
      return meant(name, catalogues + SQLInventory.tables.map(\.name))
        + "; the catalogues of \(context.databasePath) are: \(list)"
    } catch {
      return "; \(error)"
    }
  }

  private func quotedIfNeeded(_ name: String) -> String { SQLText.isPlain(name) ? name : SQLText.identifier(name) }

  // MARK: Columns

  private func column(_ name: String) -> String {
    let (operators, catalogues) = (operators, catalogues)
    // A name that is right belongs to a catalogue that an operator was given as a text.
    if let owner = catalogues.first(where: { has($0.columns, name) }), let first = operators.first {
      let table = quotedIfNeeded(owner.name)
      let list = "; \(first.name) has \(first.columns.map(\.name).joined(separator: ", "))"
      guard first.columns.contains(where: { $0.name == "xm_rowid" }) else { return list }
      return list + ". \(quotedIfNeeded(name)) is a column of \(table): add JOIN \(table) USING (xm_rowid)"
    }
    return meant(name, operators.flatMap { $0.columns.map(\.name) } + catalogues.flatMap(\.columns))
  }

  private func has(_ columns: [String], _ name: String) -> Bool {
    columns.contains { $0.lowercased() == name.lowercased() }
  }

  /// The words of the statements.
  private var words: Set<String> {
    Set(sql.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
  }

  /// The tables of the program that the statements name.
  private var operators: [TableFunction] {
    let words = words
    return SQLInventory.tables.filter { words.contains($0.name) }
  }

  /// The catalogues that they name, with their columns.
  private var catalogues: [(name: String, columns: [String])] {
    guard let registry = try? context.database().registry(), let names = try? registry.catalogueNames() else {
      return []
    }
    let (words, text) = (words, sql.lowercased())
    func isNamed(_ name: String) -> Bool {
      SQLText.isPlain(name) ? words.contains(name.lowercased()) : text.contains(name.lowercased())
    }
    return names.filter(isNamed).map { name in
      (name, ((try? registry.catalogue(name).columns) ?? []).map(\.name) + ["xm_rowid", "xm_healpix29"])
    }
  }
}
