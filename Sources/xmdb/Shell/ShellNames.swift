import CatalogStore
import SQLExt

extension Completion.Names {
  /// The names that a session knows now.
  init(_ session: SQLSession) {
    catalogues = (try? session.context.database().registry().catalogueNames()) ?? []
    let others =
      (try? session.texts("SELECT name FROM pragma_table_list WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) ?? []
    tables = catalogues + others + SQLInventory.tables.map(\.name)
    calledTables = Set(SQLInventory.tables.filter { !$0.parameters.isEmpty }.map(\.name))
    functions = session.functionNames.filter { !$0.hasPrefix("->") }
    keywords = SQLSession.keywords
    columns = { [unowned session] table in
      (try? session.texts("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0", [table])) ?? []
    }
    files = Self.files
  }

  /// The files whose path begins so; folders end with a slash.
  private static func files(_ typed: String) -> [String] {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let beginning = slash.map { typed[typed.index(after: $0)...] } ?? typed[...]
    return FileSystem.list(folder.isEmpty ? "." : folder)
      .filter { $0.hasPrefix(beginning) && (!$0.hasPrefix(".") || beginning.hasPrefix(".")) }
      .map { folder + $0 + (FileSystem.isDirectory(folder + $0) ? "/" : "") }
  }
}
