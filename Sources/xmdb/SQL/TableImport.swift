import CatalogStore
import Formats

/// A file of any format that is read, as a TEMP table of a session.
struct TableImport {
  /// The session whose table it becomes.
  let session: SQLSession

  /// More columns no table of SQLite has.
  private static let mostColumns = 2000

  /// Makes the table and fills it. A failure leaves nothing.
  /// - Returns: Its rows.
  /// - Throws: `FormatError` for a file that is none of the formats; `StoreError.usage` when the name is taken or there are too many
  ///   columns; `SQLError` when it is interrupted.
  func run(_ path: String, as name: String) throws -> Int64 {
    try requireFree(name)
    let source = try TableSource(paths: [path])
    guard source.columns.count <= Self.mostColumns else {
      throw StoreError(
        .usage, path, "has \(source.columns.count) columns; a table of SQLite has at most \(Self.mostColumns)")
    }
    let columns = SQLiteColumns(source.columns)
    let names = columns.columns.map(\.name)
    let declared = zip(names, columns.declaredTypes).map { "\(SQLText.identifier($0)) \($1)" }
    let places = names.map { _ in "?" }.joined(separator: ", ")
    let table = "temp.\(SQLText.identifier(name))"
    var count: Int64 = 0
    try session.fill(
      definition: "CREATE TABLE \(table) (\(declared.joined(separator: ", ")))",
      insert: "INSERT INTO \(table) VALUES (\(places))"
    ) { row, end, check in
      try source.forEachBatch(batchRows: 4096) { batch in
        try check()
        try columns.forEachRow(batch.rowCount, batch.columns, into: row, end: end)
        count += Int64(batch.rowCount)
      }
    }
    return count
  }

  /// A table that hides a catalogue, or an operator, would change what statements mean.
  private func requireFree(_ name: String) throws {
    if name.isEmpty || name.utf8.contains(0) || name.lowercased().hasPrefix("sqlite_") {
      throw StoreError(.usage, ".import", "'\(TextTable.printable(name))' cannot be a table's name")
    }
    let taken = try session.texts(
      """
      SELECT name FROM pragma_module_list WHERE name = ?1 COLLATE NOCASE
      UNION SELECT name FROM pragma_table_list WHERE name = ?1 COLLATE NOCASE
      """, [name])
    if taken.isEmpty { return }
    throw StoreError(
      .usage, ".import",
      "there is a table '\(name)' already; give another name, or DROP TABLE temp.\(SQLText.isPlain(name) ? name : SQLText.identifier(name))"
    )
  }
}
