import CatalogStore
import SQLExt

/// The tables of a session whose names are like a pattern.
struct TableListing {
  let catalogues: [(name: String, rows: Int64)]
  /// TEMP and attached tables and views, with their schema.
  let others: [String]
  let operators: [TableFunction]
  private let pattern: String?

  init(_ session: SQLSession, like pattern: String?) throws {
    self.pattern = pattern
    func isLike(_ name: String) throws -> Bool {
      guard let pattern else { return true }
      return try !session.texts("SELECT 1 WHERE ?1 LIKE ?2", [name, pattern]).isEmpty
    }
    var (found, failure) = ([(name: String, rows: Int64)](), (any Error)?.none)
    do {
      let registry = try session.context.database().registry()
      for name in try registry.catalogueNames() where try isLike(name) {
        found.append((name, try registry.catalogue(name).rows))
      }
    } catch {
      failure = error
    }
    catalogues = found
    others = try session.rows(
      """
      SELECT schema, name FROM pragma_table_list
      WHERE type IN ('table', 'view', 'virtual') AND schema <> 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY 1 = 'temp' DESC, 1, 2
      """
    ).filter { try isLike($0[1]) }.map { "\($0[0]).\($0[1])" }
    operators = try SQLInventory.tables.filter { try isLike($0.name) }
    // Without a database there is still the rest, where it was asked for.
    if let failure, others.isEmpty, pattern == nil || operators.isEmpty { throw failure }
  }

  /// The statements that made tables, views and indexes.
  /// - Parameter type: The kind, a pattern of LIKE.
  func statements(_ session: SQLSession, type: String) throws -> [String] {
    try session.texts("SELECT name FROM pragma_database_list").flatMap { schema in
      try session.texts(
        """
        SELECT sql FROM \(SQLText.identifier(schema)).sqlite_schema
        WHERE type LIKE ?1 AND tbl_name LIKE ?2 AND sql IS NOT NULL ORDER BY tbl_name, type DESC, name
        """, [type, pattern ?? "%"])
    }
  }
}
