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
      return meant(String(name.split(separator: ".").last ?? Substring(name)), columns)
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

  /// The columns of the tables that the statements name.
  private var columns: [String] {
    let text = sql.lowercased()
    let operators = SQLInventory.tables.filter { text.contains($0.name) }.flatMap { $0.columns.map(\.name) }
    guard let registry = try? context.database().registry(), let names = try? registry.catalogueNames() else {
      return operators
    }
    return operators
      + names.filter { text.contains($0.lowercased()) }.flatMap { name in
        ((try? registry.catalogue(name).columns) ?? []).map(\.name) + ["xm_rowid", "xm_healpix29"]
      }
  }
}
